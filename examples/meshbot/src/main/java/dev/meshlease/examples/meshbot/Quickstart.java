package dev.meshlease.examples.meshbot;

import static dev.meshlease.message.OutboundMessage.text;
import static dev.meshlease.message.PacketFilter.all;
import static dev.meshlease.message.PacketFilter.texts;
import static java.time.Duration.ofSeconds;

import dev.meshlease.Acknowledgement;
import dev.meshlease.Lease;
import dev.meshlease.LinkRegistry;
import dev.meshlease.message.NodeId;

/** The least that shows what the library is for; the README shows the marked lines. */
final class Quickstart {
    private Quickstart() {}

    static Acknowledgement run(String node, NodeId friend) {
        // tag::quickstart
        try (LinkRegistry links = LinkRegistry.create()) {
            Lease bot = links.acquire(node, "bot"); // the first lease opens the link
            Lease monitor = links.acquire(node, "monitor"); // the same link: one connection on the wire
            System.out.println(bot.ready().await(ofSeconds(30)));
            monitor.subscribe(all(), System.out::println);
            bot.subscribe(texts(), packet -> {
                if (packet.text().startsWith("/echo ")) {
                    bot.send(packet.reply(packet.text().substring(6)));
                }
            });
            return bot.send(text("hello").to(friend).wantAck()).await(ofSeconds(30));
        }
        // end::quickstart
    }
}
