package dev.meshlease.internal.registry;

import static dev.meshlease.message.PacketFilter.texts;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.meshlease.Acknowledgement;
import dev.meshlease.Endpoint;
import dev.meshlease.Lease;
import dev.meshlease.LeaseOptions;
import dev.meshlease.LinkRegistry;
import dev.meshlease.message.NodeId;
import dev.meshlease.message.OutboundMessage;
import dev.meshlease.message.PayloadType;
import dev.meshlease.message.Request;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Waiting inside a callback, in real threads: no wait needs a callback of its own to end. */
class AwaitingInCallbacksTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final NodeId PEER = new NodeId(2);
    private static final PayloadType<String> PRIVATE =
            new PayloadType<>(300, ByteString::toStringUtf8, ByteString::copyFromUtf8);

    /** Where the callbacks of all leases of a test run. */
    enum Where {
        THE_LIBRARYS_THREADS,
        ONE_THREAD_FOR_ALL,
        IN_PLACE
    }

    private final TalkingNode node = new TalkingNode();
    private final LinkRegistry links = LinkRegistry.builder().transport(node).build();
    private final ExecutorService oneThread = Executors.newSingleThreadExecutor();

    @AfterEach
    void end() {
        links.close();
        oneThread.shutdownNow();
    }

    private Lease lease(String holder, Where where) {
        LeaseOptions options = LeaseOptions.of(holder);
        Lease lease = links.acquire(
                Endpoint.of("node://here"),
                switch (where) {
                    case THE_LIBRARYS_THREADS -> options;
                    case ONE_THREAD_FOR_ALL -> options.callbacks(oneThread);
                    case IN_PLACE -> options.callbacks(Runnable::run);
                });
        lease.ready().await(PATIENCE);
        return lease;
    }

    private static String asks(Lease lease) {
        ByteString question = ByteString.copyFromUtf8("asked by " + lease.holder());
        return lease.request(Request.of(PEER, PRIVATE.port(), question, ByteString::toStringUtf8))
                .await(PATIENCE);
    }

    private static Acknowledgement sends(Lease lease) {
        return lease.send(
                        OutboundMessage.of(PRIVATE, "from a callback").to(PEER).wantAck())
                .await(PATIENCE);
    }

    /** What a listener of this lease comes to when it is told a packet. */
    private <T> T inAListener(Lease lease, Function<Lease, T> waits) throws Exception {
        CompletableFuture<T> came = new CompletableFuture<>();
        lease.subscribe(texts(), packet -> {
            try {
                came.complete(waits.apply(lease));
            } catch (Throwable failure) {
                came.completeExceptionally(failure);
            }
        });
        node.says("now");
        return came.get(2 * PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }

    @ParameterizedTest
    @EnumSource
    void a_request_of_the_same_lease(Where where) throws Exception {
        assertThat(inAListener(lease("bot", where), AwaitingInCallbacksTest::asks))
                .isEqualTo("asked by bot");
    }

    @ParameterizedTest
    @EnumSource
    void a_request_of_another_lease(Where where) throws Exception {
        Lease other = lease("other", where);

        String answer = inAListener(lease("bot", where), own -> asks(other));

        assertThat(answer).isEqualTo("asked by other");
    }

    @ParameterizedTest
    @EnumSource
    void a_message_of_the_same_lease(Where where) throws Exception {
        assertThat(inAListener(lease("bot", where), AwaitingInCallbacksTest::sends)
                        .by())
                .isEqualTo(PEER);
    }

    @ParameterizedTest
    @EnumSource
    void a_message_of_another_lease(Where where) throws Exception {
        Lease other = lease("other", where);

        assertThat(inAListener(lease("bot", where), own -> sends(other)).by()).isEqualTo(PEER);
    }

    @ParameterizedTest
    @EnumSource
    void in_the_listeners_of_two_leases_at_once(Where where) throws Exception {
        CompletableFuture<String> second = new CompletableFuture<>();
        Lease other = lease("other", where);
        other.subscribe(texts(), packet -> second.complete(asks(other)));

        assertThat(inAListener(lease("bot", where), AwaitingInCallbacksTest::asks))
                .isEqualTo("asked by bot");
        assertThat(second.get(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isEqualTo("asked by other");
    }

    @ParameterizedTest
    @EnumSource
    void a_packet_taken_from_an_inbox(Where where) throws Exception {
        Lease lease = lease("bot", where);
        var inbox = lease.inbox(texts());

        long place = inAListener(lease, own -> {
            node.says(2, 6, "second");
            inbox.take(PATIENCE);
            return inbox.take(PATIENCE).cursor().position();
        });

        assertThat(place).isEqualTo(2);
    }

    @ParameterizedTest
    @EnumSource
    void in_the_stage_of_a_future(Where where) throws Exception {
        Lease lease = lease("bot", where);

        CompletableFuture<String> asked = lease.ready().future().thenApply(snapshot -> asks(lease));

        assertThat(asked.get(2 * PATIENCE.toSeconds(), TimeUnit.SECONDS)).isEqualTo("asked by bot");
    }
}
