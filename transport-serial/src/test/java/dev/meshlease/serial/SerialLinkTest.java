package dev.meshlease.serial;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.meshlease.spi.ByteLink;
import dev.meshlease.spi.Environment;
import dev.meshlease.spi.Loop;
import dev.meshlease.spi.Loss;
import dev.meshlease.testkit.contract.LinkRecorder;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A link's states, over a port that does what the test says; real threads, a real loop. */
class SerialLinkTest {
    private static final Duration NEVER = Duration.ofMinutes(10);
    private static final String NAME = "test" + System.nanoTime();

    private final Environment environment = Environment.system();
    private final Loop loop = environment.newLoop("meshlease-serial-test");
    private final Executor helpers = environment.helpers();
    private final LinkRecorder events = new LinkRecorder(loop);
    private final FakePort port = new FakePort();
    private LinkTiming timing =
            new LinkTiming(Duration.ofMillis(1), NEVER, Duration.ofMinutes(1), Duration.ofMillis(1), NEVER);

    @AfterEach
    void leaves_no_thread() throws Exception {
        port.unplug();
        if (events.isConnected() && events.events().contains("closed")) {
            assertThat(Thread.getAllStackTraces().keySet())
                    .filteredOn(thread -> thread.getName().contains(NAME))
                    .allSatisfy(thread -> thread.join(10_000))
                    .noneMatch(Thread::isAlive);
        }
        loop.close();
    }

    // ---- opening

    @Test
    void wakes_the_node_before_it_is_open() throws Exception {
        open();
        assertThat(port.written()).singleElement().satisfies(wake -> {
            assertThat(wake).hasSize(32).containsOnly((byte) 0xC3);
        });
        assertThat(events.events()).containsExactly("opened");
    }

    @Test
    void what_the_node_prints_meanwhile_is_told_once_it_is_open() throws Exception {
        port.arrives("booting".getBytes(UTF_8));
        open();
        events.await(() -> events.bytes().length == 7);
        assertThat(new String(events.bytes(), UTF_8)).isEqualTo("booting");
    }

    @ParameterizedTest
    @EnumSource(names = {"NO_SUCH_DEVICE", "BUSY", "NOT_PERMITTED", "UNAVAILABLE", "FAILED"})
    void tells_why_a_port_cannot_be_opened(Loss.Kind kind) throws Exception {
        start(() -> {
            throw new PortException(kind, "as the test says");
        });
        assertThat(events.awaitClosed().kind()).isEqualTo(kind);
        assertThat(events.loss().detail()).isEqualTo("as the test says");
        assertClosedOnce("closed");
    }

    @Test
    void a_driver_that_does_not_load_is_no_accident() throws Exception {
        start(() -> {
            throw new UnsatisfiedLinkError("as the test says");
        });
        assertThat(events.awaitClosed().detail()).contains("UnsatisfiedLinkError", "as the test says");
        assertClosedOnce("closed");
    }

    @Test
    void cut_while_it_opens_it_is_closed_when_the_driver_is_back_and_not_before() throws Exception {
        CountDownLatch inDriver = new CountDownLatch(1);
        CountDownLatch back = new CountDownLatch(1);
        start(() -> {
            inDriver.countDown();
            await(back);
            return port;
        });
        await(inDriver);
        call(ByteLink::abort);
        call(ByteLink::close);
        assertThat(events.events()).isEmpty();
        back.countDown();
        assertThat(events.awaitClosed().kind()).isEqualTo(Loss.Kind.CLOSED);
        assertThat(port.isClosed()).isTrue();
        assertThat(port.written()).isEmpty();
        assertClosedOnce("closed");
    }

    @Test
    void unplugged_while_it_is_woken_it_never_was_open() throws Exception {
        timing = new LinkTiming(NEVER, NEVER, NEVER, NEVER, NEVER);
        port.arrives("booting".getBytes(UTF_8));
        start(() -> port);
        events.await(() -> port.written().size() == 1);
        port.unplug();
        assertThat(events.awaitClosed().kind()).isEqualTo(Loss.Kind.FAILED);
        assertThat(events.bytes()).isEmpty();
        assertClosedOnce("closed");
    }

    // ---- reading and writing

    @Test
    void each_piece_is_one_write_and_all_that_arrives_is_told_in_order() throws Exception {
        open();
        assertThat(write("one ")).isEqualTo(4);
        assertThat(write("two")).isEqualTo(3);
        events.await(() -> port.written().size() == 3);
        assertThat(port.text()).isEqualTo("one two");
        for (int i = 0; i < 100_000; i += 1000) {
            byte[] piece = new byte[1000];
            Arrays.fill(piece, (byte) (i / 1000));
            port.arrives(piece);
        }
        events.await(() -> events.bytes().length == 100_000);
        byte[] all = events.bytes();
        for (int i = 0; i < all.length; i++) {
            assertThat(all[i]).isEqualTo((byte) (i / 1000));
        }
    }

    @Test
    void what_a_busy_port_has_not_taken_is_bounded_and_told_when_there_is_room() throws Exception {
        open();
        port.fill();
        int taken = on(() -> {
            int sum = 0;
            int count;
            do {
                count = events.link().write(ByteBuffer.allocate(500));
                sum += count;
            } while (count > 0);
            return sum;
        });
        assertThat(taken).isEqualTo(4000);
        port.makeRoom();
        events.await(() -> events.events().contains("writable"));
        assertThat(write("more")).isEqualTo(4);
    }

    @Test
    void a_piece_larger_than_all_that_is_kept_goes_alone() throws Exception {
        open();
        int taken = on(() -> events.link().write(ByteBuffer.allocate(10_000)));
        assertThat(taken).isEqualTo(10_000);
    }

    @Test
    void a_port_that_takes_nothing_is_given_up() throws Exception {
        timing = new LinkTiming(Duration.ofMillis(1), Duration.ofMillis(50), NEVER, NEVER, NEVER);
        open();
        port.fill();
        write("stuck");
        assertThat(events.awaitClosed().kind()).isEqualTo(Loss.Kind.TIMED_OUT);
        assertThat(events.loss().detail()).isEqualTo("the port took nothing of 5 bytes for 50 ms");
        assertThat(port.isClosed()).isTrue();
        assertClosedOnce("opened", "closed");
    }

    @Test
    void reads_that_give_nothing_are_passed_over_but_not_for_ever_and_never_in_a_hot_loop() throws Exception {
        open();
        port.readNothing();
        port.arrives("late".getBytes(UTF_8));
        events.await(() -> events.bytes().length == 4);
        int before = port.reads();
        assertThat(events.awaitClosed().kind()).isEqualTo(Loss.Kind.FAILED);
        assertThat(port.reads() - before).isLessThanOrEqualTo(52);
    }

    // ---- losing it

    @Test
    void unplugged_while_idle_it_is_lost() throws Exception {
        open();
        port.unplug();
        assertThat(events.awaitClosed().kind()).isEqualTo(Loss.Kind.FAILED);
        assertThat(events.loss().detail()).contains(NAME + " was lost", "unplugged");
        assertThat(port.isClosed()).isTrue();
        assertClosedOnce("opened", "closed");
    }

    @Test
    void unplugged_while_it_reads_what_came_before_is_told_first() throws Exception {
        open();
        on(
                () -> { // While the loop is held up here.
                    port.arrives("last ".getBytes(UTF_8));
                    port.arrives("words".getBytes(UTF_8));
                    port.unplug();
                    return null;
                });
        assertThat(events.awaitClosed().kind()).isEqualTo(Loss.Kind.FAILED);
        assertThat(new String(events.bytes(), UTF_8)).isEqualTo("last words");
        assertClosedOnce("opened", "closed");
    }

    @Test
    void unplugged_while_it_writes_it_is_lost() throws Exception {
        open();
        port.fill();
        write("stuck");
        port.unplug();
        assertThat(events.awaitClosed().kind()).isEqualTo(Loss.Kind.FAILED);
        assertClosedOnce("opened", "closed");
    }

    @Test
    void a_write_that_is_taken_in_part_is_a_loss() throws Exception {
        open();
        port.takeAtMost(3);
        write("whole");
        assertThat(events.awaitClosed().kind()).isEqualTo(Loss.Kind.FAILED);
        assertThat(events.loss().detail()).contains("it took 3 of 5 bytes");
    }

    // ---- closing

    @Test
    void closes_when_all_has_gone_out_and_is_heard_meanwhile() throws Exception {
        open();
        port.fill();
        port.unsent(5);
        write("last words");
        call(ByteLink::close);
        call(ByteLink::close);
        assertThat(write("too late")).isZero();
        port.arrives("farewell".getBytes(UTF_8));
        events.await(() -> events.bytes().length == 8);
        assertThat(port.isClosed()).isFalse();
        port.makeRoom();
        assertThat(events.awaitClosed().kind()).isEqualTo(Loss.Kind.CLOSED);
        assertThat(port.text()).isEqualTo("last words");
        assertThat(port.unsentAtClose()).isZero();
        assertClosedOnce("opened", "closed");
    }

    @Test
    void a_port_that_takes_nothing_is_closed_all_the_same() throws Exception {
        timing = new LinkTiming(Duration.ofMillis(1), NEVER, Duration.ofMillis(20), Duration.ofMillis(5), NEVER);
        open();
        port.fill();
        write("stuck");
        call(ByteLink::close);
        assertThat(events.awaitClosed().kind()).isEqualTo(Loss.Kind.CLOSED);
        assertThat(port.isClosed()).isTrue();
    }

    @Test
    void unplugged_while_it_closes_it_is_closed() throws Exception {
        open();
        port.unsent(Integer.MAX_VALUE);
        call(ByteLink::close);
        port.unplug();
        call(ByteLink::abort);
        assertThat(events.awaitClosed().kind()).isEqualTo(Loss.Kind.CLOSED);
        assertClosedOnce("opened", "closed");
    }

    @Test
    void cut_while_reader_and_writer_wait_it_is_closed_at_once() throws Exception {
        open();
        port.fill();
        write("stuck");
        call(ByteLink::abort);
        call(ByteLink::abort);
        assertThat(events.awaitClosed().kind()).isEqualTo(Loss.Kind.CLOSED);
        assertThat(port.isClosed()).isTrue();
        assertClosedOnce("opened", "closed");
    }

    @Test
    void after_it_was_cut_nothing_is_told_any_more() throws Exception {
        open();
        on(() -> {
            port.arrives("too late".getBytes(UTF_8));
            events.link().abort();
            return null;
        });
        assertThat(events.awaitClosed().kind()).isEqualTo(Loss.Kind.CLOSED);
        assertThat(events.bytes()).isEmpty();
    }

    @Test
    void a_thread_that_is_stuck_in_the_driver_does_not_keep_the_link() throws Exception {
        timing = new LinkTiming(Duration.ofMillis(1), NEVER, NEVER, NEVER, Duration.ofMillis(20));
        port.ignoreClose();
        open();
        call(ByteLink::abort);
        assertThat(events.awaitClosed().kind()).isEqualTo(Loss.Kind.CLOSED);
        assertThat(port.isClosed()).isTrue();
        port.unplug();
        assertClosedOnce("opened", "closed");
    }

    // ---- tools

    private void open() throws Exception {
        start(() -> port);
        events.awaitOpened();
    }

    private void start(PortOpener opener) throws Exception {
        on(() -> {
            SerialLink link = new SerialLink(NAME, loop, events, opener, helpers, timing);
            events.connects(() -> {
                link.start();
                return link;
            });
            return null;
        });
    }

    private int write(String text) throws Exception {
        return on(() -> events.link().write(ByteBuffer.wrap(text.getBytes(UTF_8))));
    }

    private void call(Consumer<ByteLink> method) throws Exception {
        on(() -> {
            events.calls(() -> method.accept(events.link()));
            return null;
        });
    }

    private void assertClosedOnce(String... expected) throws Exception {
        on(() -> null);
        on(() -> null);
        assertThat(events.events()).containsExactly(expected);
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(20, SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private <T> T on(Callable<T> work) throws Exception {
        var result = new CompletableFuture<T>();
        loop.execute(() -> {
            try {
                result.complete(work.call());
            } catch (Throwable e) {
                result.completeExceptionally(e);
            }
        });
        return result.get(20, SECONDS);
    }
}
