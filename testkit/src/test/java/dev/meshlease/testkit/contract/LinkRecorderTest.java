package dev.meshlease.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.meshlease.spi.ByteLink;
import dev.meshlease.spi.Loop;
import dev.meshlease.spi.Loss;
import dev.meshlease.testkit.VirtualEnvironment;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

class LinkRecorderTest {
    private static final Loss ENDED = Loss.of(Loss.Kind.CLOSED, "closed");

    private final VirtualEnvironment environment = VirtualEnvironment.create();
    private final Loop loop = environment.newLoop("test");
    private final LinkRecorder recorder = new LinkRecorder(loop);

    private void on(Runnable work) {
        loop.execute(work);
        environment.settle();
    }

    private void assertBreach(String what) {
        assertThatThrownBy(recorder::events).isInstanceOf(AssertionError.class).hasMessageContaining(what);
        assertThatThrownBy(recorder::loss).isInstanceOf(AssertionError.class).hasMessageContaining(what);
    }

    @Test
    void keeps_what_is_told() throws InterruptedException {
        loop.execute(recorder::opened);
        recorder.awaitOpened();
        on(() -> recorder.received(ByteBuffer.wrap(new byte[] {1, 2})));
        on(recorder::writable);
        on(() -> recorder.received(ByteBuffer.wrap(new byte[] {3})));
        assertThat(recorder.loss()).isNull();
        loop.execute(() -> recorder.closed(ENDED));
        assertThat(recorder.awaitClosed()).isEqualTo(ENDED);
        assertThat(recorder.events()).containsExactly("opened", "writable", "closed");
        assertThat(recorder.bytes()).containsExactly(1, 2, 3);
    }

    @Test
    void what_does_not_come_is_no_end() {
        assertThatThrownBy(recorder::awaitClosed)
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("in time; so far: []");
    }

    @Test
    void an_event_off_the_loop_is_a_breach() {
        recorder.opened();
        assertBreach("opened was not told on the loop");
    }

    @Test
    void an_event_from_inside_a_call_is_a_breach() {
        on(() -> recorder.calls(() -> recorder.received(ByteBuffer.allocate(1))));
        assertBreach("received was told from inside a call");
    }

    @Test
    void an_event_from_inside_of_connecting_is_a_breach() {
        on(() -> recorder.connects(() -> {
            recorder.opened();
            return new Nothing();
        }));
        assertThat(recorder.isConnected()).isTrue();
        assertBreach("opened was told from inside a call");
    }

    @Test
    void an_event_after_the_end_is_a_breach() {
        on(() -> recorder.closed(ENDED));
        on(() -> recorder.closed(ENDED));
        assertBreach("closed was told after the end");
    }

    @Test
    void a_call_that_throws_is_over() {
        on(() -> assertThatIllegalStateException().isThrownBy(() -> recorder.calls(recorder::link)));
        on(recorder::opened);
        assertThat(recorder.isConnected()).isFalse();
        assertThat(recorder.events()).containsExactly("opened");
    }

    private static final class Nothing implements ByteLink {
        @Override
        public int write(ByteBuffer bytes) {
            return 0;
        }

        @Override
        public void close() {}

        @Override
        public void abort() {}
    }
}
