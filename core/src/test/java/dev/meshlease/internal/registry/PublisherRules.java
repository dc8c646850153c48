package dev.meshlease.internal.registry;

import static dev.meshlease.message.PacketFilter.texts;

import dev.meshlease.Lease;
import dev.meshlease.LinkRegistry;
import dev.meshlease.message.Arrival;
import dev.meshlease.message.Overflow;
import java.time.Duration;
import java.util.concurrent.Flow;
import org.reactivestreams.tck.TestEnvironment;
import org.reactivestreams.tck.flow.FlowPublisherVerification;
import org.testng.annotations.AfterMethod;

/** What the rules of Reactive Streams ask of a publisher; run by {@link PublisherRulesTest}. Each publisher has a registry of its own. */
public class PublisherRules extends FlowPublisherVerification<Arrival> {
    private static final long DEFAULT_MILLIS = 400;
    private static final long NO_SIGNALS_MILLIS = 100;
    private static final long REFERENCES_MILLIS = 2_000;
    private static final int MOST = 1_000;
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private LinkRegistry links;

    public PublisherRules() {
        super(new TestEnvironment(DEFAULT_MILLIS, NO_SIGNALS_MILLIS), REFERENCES_MILLIS);
    }

    @AfterMethod
    public void close() {
        if (links != null) {
            links.close();
        }
    }

    /** The end comes behind the last packet: its subscriber has it when the lease is closed. */
    @Override
    public Flow.Publisher<Arrival> createFlowPublisher(long elements) {
        TalkingNode node = new TalkingNode();
        Lease lease = lease(node);
        Flow.Publisher<Arrival> packets = lease.publisher(texts().capacity(MOST, Overflow.FAIL_LEASE));
        if (elements > MOST) { // Of an endless stream a few are looked at.
            return subscriber -> {
                packets.subscribe(subscriber);
                say(node, MOST);
            };
        }
        return subscriber -> {
            packets.subscribe(subscriber == null ? null : new ClosingAfter(subscriber, elements, lease));
            say(node, elements);
        };
    }

    private static void say(TalkingNode node, long count) {
        for (int i = 1; i <= count; i++) {
            node.says(2, i, "packet " + i);
        }
    }

    @Override
    public Flow.Publisher<Arrival> createFailedFlowPublisher() {
        Lease lease = lease(new TalkingNode());
        Flow.Publisher<Arrival> packets = lease.publisher(texts());
        lease.close();
        return packets;
    }

    private Lease lease(TalkingNode node) {
        close();
        links = LinkRegistry.builder().transport(node).build();
        Lease lease = links.acquire("node://here", "verification");
        lease.ready().await(PATIENCE);
        return lease;
    }

    /** Closes the lease from inside the last signal that is wanted, so that the stream has an end. */
    private record ClosingAfter(Flow.Subscriber<? super Arrival> to, long[] left, Lease lease)
            implements Flow.Subscriber<Arrival> {
        ClosingAfter(Flow.Subscriber<? super Arrival> to, long elements, Lease lease) {
            this(to, new long[] {elements}, lease);
        }

        @Override
        public void onSubscribe(Flow.Subscription subscription) {
            to.onSubscribe(subscription);
            if (left[0] == 0) {
                lease.close();
            }
        }

        @Override
        public void onNext(Arrival arrival) {
            left[0]--;
            to.onNext(arrival);
            if (left[0] == 0) {
                lease.close();
            }
        }

        @Override
        public void onError(Throwable failure) {
            to.onError(failure);
        }

        @Override
        public void onComplete() {
            to.onComplete();
        }
    }
}
