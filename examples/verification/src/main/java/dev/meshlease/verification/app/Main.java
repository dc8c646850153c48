package dev.meshlease.verification.app;

import static dev.meshlease.message.OutboundMessage.text;
import static dev.meshlease.message.PacketFilter.texts;

import dev.meshlease.Acknowledgement;
import dev.meshlease.EndpointException;
import dev.meshlease.Inbox;
import dev.meshlease.Lease;
import dev.meshlease.LinkRegistry;
import dev.meshlease.NodeSnapshot;
import dev.meshlease.message.Arrival;
import dev.meshlease.message.InboundPacket;
import dev.meshlease.testkit.SimulatedNode;
import dev.meshlease.testkit.SimulatedPeer;
import java.time.Duration;

/** Two holders share one link to a simulated node on TCP. Exit status: 0 if that went well, 3 if no transport was found, else 1. */
public final class Main {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final int NO_TRANSPORT = 3;

    private Main() {}

    public static void main(String[] args) {
        Module module = Main.class.getModule();
        say("runs in " + (module.isNamed() ? "module " + module.getName() : "the unnamed module"));
        try (SimulatedNode node = SimulatedNode.builder().nodes(1).start();
                LinkRegistry links = LinkRegistry.create()) {
            share(node, links);
        } catch (EndpointException noTransport) {
            System.out.println("REFUSED " + noTransport.getMessage());
            System.exit(NO_TRANSPORT);
        }
        say("closed");
    }

    private static void share(SimulatedNode node, LinkRegistry links) {
        SimulatedPeer peer = node.peers().get(0);
        try (Lease sender = links.acquire(node.endpoint(), "sender");
                Lease listener = links.acquire(node.endpoint(), "listener");
                Inbox inbox = listener.inbox(texts())) {
            NodeSnapshot snapshot = sender.ready().await(PATIENCE);
            say("ready, the node knows " + snapshot.nodes().size() + " nodes");

            Acknowledgement ack =
                    sender.send(text("ping").to(peer.id()).wantAck()).await(PATIENCE);
            say("sent, acknowledged by the peer: " + ack.by().equals(peer.id()));

            peer.says("pong");
            Arrival arrival = inbox.take(PATIENCE);
            say("received " + (arrival instanceof InboundPacket packet ? packet.text() : arrival));

            say("holders " + links.links().get(0).leases().size() + ", connections " + node.accepted());
        }
    }

    private static void say(String what) {
        System.out.println("OK " + what);
    }
}
