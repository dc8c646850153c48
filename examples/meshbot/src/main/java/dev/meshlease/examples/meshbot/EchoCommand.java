package dev.meshlease.examples.meshbot;

import static dev.meshlease.message.PacketFilter.texts;

import dev.meshlease.DeliveryStage;
import dev.meshlease.Endpoint;
import dev.meshlease.Lease;
import dev.meshlease.LinkRegistry;
import dev.meshlease.MeshleaseException;
import dev.meshlease.message.InboundPacket;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/** Answers {@code /echo TEXT} with TEXT: to everybody on the channel, or to the sender of a direct message. */
final class EchoCommand implements Component {
    private static final String COMMAND = "/echo ";
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final Lease lease;
    private final Airtime airtime;
    private final Journal journal;
    private final AtomicInteger answered = new AtomicInteger();

    EchoCommand(LinkRegistry links, Endpoint node, Airtime airtime, Journal journal) {
        this.lease = links.acquire(node, "echo");
        this.airtime = airtime;
        this.journal = journal;
    }

    @Override
    public Lease lease() {
        return lease;
    }

    @Override
    public void start() {
        lease.subscribe(texts(), this::onText);
    }

    // A callback may wait: that delays this lease only.
    private void onText(InboundPacket packet) {
        if (!packet.text().startsWith(COMMAND)) {
            return;
        }
        String answer = packet.text().substring(COMMAND.length());
        String asked = packet.from() + " says '" + packet.text() + "': ";
        if (airtime.isSilent()) {
            journal.say("echo", asked + "not answered without --send");
            return;
        }
        try {
            var step = lease.send(packet.reply(answer))
                    .reached(DeliveryStage.ACCEPTED)
                    .await(PATIENCE);
            answered.incrementAndGet();
            journal.say("echo", asked + "replied '" + answer + "', " + step.stage() + " by the node");
        } catch (MeshleaseException failed) {
            journal.say("echo", asked + "no reply: " + failed.getMessage());
        }
    }

    @Override
    public String summary() {
        return "replied to " + answered + " commands";
    }

    @Override
    public void close() {
        lease.close();
    }
}
