package dev.meshlease.internal.lease;

import static dev.meshlease.message.PacketFilter.all;
import static org.assertj.core.api.Assertions.assertThat;

import dev.meshlease.Endpoint;
import dev.meshlease.Inbox;
import dev.meshlease.LeaseOptions;
import dev.meshlease.internal.loop.SystemEnvironment;
import dev.meshlease.message.Cursor;
import dev.meshlease.message.InboundPacket;
import dev.meshlease.message.Overflow;
import dev.meshlease.message.Reception;
import dev.meshlease.proto.MeshPacket;
import dev.meshlease.spi.Environment;
import dev.meshlease.spi.Loop;
import java.lang.reflect.Proxy;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a lease does at moments that its host chooses. Callbacks run where they are handed over. */
@Timeout(60)
class AttachingTest {
    private final Environment system = new SystemEnvironment();
    private final Loop loop = system.newLoop("test");
    private final History history = new History(1, 1_000, 1_000_000);
    private final List<PacketSink> sinks = new CopyOnWriteArrayList<>();
    private Runnable onHistory = () -> {};
    private long position;

    @AfterEach
    void endLoop() {
        loop.close();
    }

    private LeaseHandle lease(Executor callbacks) {
        LeaseHost host = (LeaseHost) Proxy.newProxyInstance(
                getClass().getClassLoader(),
                new Class<?>[] {LeaseHost.class},
                (proxy, method, arguments) -> switch (method.getName()) {
                    case "time" -> system.time();
                    case "loop" -> loop;
                    case "dispatcher" -> (Executor) Runnable::run;
                    case "endpoint" -> Endpoint.of("node://here");
                    case "history" -> {
                        onHistory.run();
                        yield history;
                    }
                    case "attach" -> {
                        sinks.add((PacketSink) arguments[0]);
                        yield null;
                    }
                    case "detach" -> {
                        sinks.remove(arguments[0]);
                        yield null;
                    }
                    default -> null;
                });
        return new LeaseHandle(1, host, LeaseOptions.of("bot"), callbacks);
    }

    private InboundPacket packet() {
        position++;
        return new InboundPacket(
                MeshPacket.newBuilder().setFrom(2).setId((int) position).build(),
                new Reception(new Cursor(1, position), 1, Instant.EPOCH));
    }

    /** So many packets come in one read. */
    private void read(int count) {
        Batch batch = new Batch();
        for (int i = 0; i < count; i++) {
            InboundPacket packet = packet();
            history.append(packet, Batch.NODE);
            batch.add(packet, Batch.NODE);
        }
        sinks.forEach(sink -> sink.packets(batch));
    }

    @Test
    void no_callback_starts_after_close_returned_though_a_feed_from_the_past_was_just_being_attached() {
        read(5);
        LeaseHandle lease = lease(Runnable::run);
        AtomicBoolean isClosed = new AtomicBoolean();
        AtomicInteger late = new AtomicInteger();
        onHistory = () -> {
            onHistory = () -> {};
            CompletableFuture.runAsync(lease::close).join();
            isClosed.set(true);
        };

        var subscription =
                lease.subscribe(all().after(new Cursor(1, 0)), packet -> late.addAndGet(isClosed.get() ? 1 : 0));

        assertThat(isClosed).isTrue();
        assertThat(late).hasValue(0);
        assertThat(subscription.isOpen()).isFalse();
        assertThat(subscription.cursor().position()).isZero();
    }

    /** The executor refuses the second turn; the first one goes on for as long as turns do, since for each packet given another comes. */
    @Test
    void what_an_executor_refuses_is_counted_wherever_it_was() {
        AtomicInteger turns = new AtomicInteger();
        AtomicInteger given = new AtomicInteger();
        int total = 64 * 256;
        Executor own = task -> {
            if (turns.incrementAndGet() > 1) {
                throw new RejectedExecutionException("as the test wants it");
            }
            task.run();
        };
        LeaseHandle lease = lease(own);
        var unused = lease.subscribe(all().capacity(200, Overflow.DROP_OLDEST), packet -> {
            given.incrementAndGet();
            if (position < total) {
                read(1);
            }
        });
        read(100);

        assertThat(turns).hasValueGreaterThan(1);
        assertThat(lease.info().queued()).isZero();
        assertThat(lease.info().delivered()).isEqualTo(given.get());
        assertThat(lease.info().delivered() + lease.info().dropped()).isEqualTo(position);
    }

    @Test
    void a_lease_that_fails_on_a_full_inbox_ends_at_the_first_packet_that_had_no_room() {
        LeaseHandle lease = lease(Runnable::run);
        Inbox inbox = lease.inbox(all().capacity(3, Overflow.FAIL_LEASE));
        read(10);

        assertThat(inbox.isOpen()).isFalse();
        assertThat(lease.info().dropped()).isEqualTo(1);
    }
}
