package dev.meshlease.examples.meshbot;

import dev.meshlease.Acknowledgement;
import dev.meshlease.Delivery;
import dev.meshlease.DeliveryException;
import dev.meshlease.DeliveryStep;
import dev.meshlease.Endpoint;
import dev.meshlease.Lease;
import dev.meshlease.LinkRegistry;
import dev.meshlease.message.NodeId;
import dev.meshlease.message.OutboundMessage;
import dev.meshlease.message.PacketFilter;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Sends a text every now and then, by turns to everybody and to a node heard lately, and tells what became of it. */
final class MessageSender implements Component {
    private static final Duration DEADLINE = Duration.ofSeconds(60);

    private final Lease lease;
    private final Airtime airtime;
    private final Journal journal;
    private final AtomicInteger sent = new AtomicInteger();
    private final AtomicInteger acknowledged = new AtomicInteger();
    private volatile NodeId lastHeard = NodeId.BROADCAST;
    private @Nullable Ticker ticker;

    MessageSender(LinkRegistry links, Endpoint node, Airtime airtime, Journal journal) {
        this.lease = links.acquire(node, "sender");
        this.airtime = airtime;
        this.journal = journal;
    }

    @Override
    public Lease lease() {
        return lease;
    }

    @Override
    public void start() {
        if (airtime.isSilent()) {
            journal.say("sender", "sends nothing without --send");
            return;
        }
        lease.subscribe(PacketFilter.texts(), packet -> lastHeard = packet.from());
        ticker = Ticker.start("sender", airtime.betweenTexts(), journal, this::sendOne);
    }

    private void sendOne() {
        int number = sent.incrementAndGet();
        // On a real mesh nobody asked for private messages of a bot.
        boolean direct = airtime == Airtime.FREE && number % 2 == 0;
        NodeId to = direct ? lastHeard : NodeId.BROADCAST;
        Delivery delivery = lease.send(
                OutboundMessage.text("meshbot, text " + number).to(to).wantAck().within(DEADLINE));
        String what = "text " + number + " to " + (to.isBroadcast() ? "everybody" : to) + ": ";
        try {
            Acknowledgement ack = delivery.await(DEADLINE.plusSeconds(1));
            acknowledged.incrementAndGet();
            journal.say(
                    "sender",
                    what + way(delivery) + (ack.isImplicit() ? ", heard repeated" : " by " + ack.by()) + " after "
                            + ack.roundTrip().toMillis() + " ms");
        } catch (DeliveryException failed) {
            journal.say("sender", what + way(delivery) + ", " + failed.getMessage());
        }
    }

    private static String way(Delivery delivery) {
        return delivery.steps().stream()
                .map(DeliveryStep::stage)
                .map(Enum::name)
                .collect(Collectors.joining(" > "));
    }

    @Override
    public String summary() {
        return "sent " + sent + " texts, " + acknowledged + " acknowledged";
    }

    @Override
    public void close() {
        if (ticker != null) {
            ticker.close();
        }
        lease.close();
    }
}
