package dev.meshlease.examples.meshbot;

import dev.meshlease.Endpoint;
import dev.meshlease.Lease;
import dev.meshlease.LinkRegistry;
import dev.meshlease.LinkState;
import dev.meshlease.LinkStatus;
import dev.meshlease.Watch;
import dev.meshlease.message.InboundPacket;
import dev.meshlease.message.PacketFilter;
import dev.meshlease.proto.PortNum;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import org.jspecify.annotations.Nullable;

/** Tells how the link is, and counts packets by port. */
final class SystemMonitor implements Component {
    private static final Duration INTERVAL = Duration.ofSeconds(5);

    private final Lease lease;
    private final Journal journal;
    private final Map<String, Integer> packetsByPort = new ConcurrentSkipListMap<>();
    private @Nullable Ticker ticker;

    SystemMonitor(LinkRegistry links, Endpoint node, Journal journal) {
        this.lease = links.acquire(node, "monitor");
        this.journal = journal;
    }

    @Override
    public Lease lease() {
        return lease;
    }

    @Override
    public void start() {
        lease.watch(Watch.status(), this::onStatus);
        lease.subscribe(PacketFilter.all(), packet -> packetsByPort.merge(port(packet), 1, Integer::sum));
        ticker = Ticker.start("monitor", INTERVAL, journal, this::report);
    }

    private void onStatus(LinkStatus status) {
        String why = status.state() == LinkState.BACKING_OFF
                ? status.lastLoss()
                        .map(loss -> ": " + loss.cause() + ", " + loss.evidence())
                        .orElse("")
                : "";
        journal.say("monitor", status.endpoint() + " " + status.state() + why);
    }

    private static String port(InboundPacket packet) {
        if (packet.port() == InboundPacket.PORT_ENCRYPTED) {
            return "encrypted";
        }
        PortNum port = PortNum.forNumber(packet.port());
        return port == null ? "port " + packet.port() : port.name();
    }

    private void report() {
        if (!packetsByPort.isEmpty()) {
            journal.say(
                    "monitor",
                    lease.status().state() + ", " + lease.link().leases().size() + " leases, packets " + packetsByPort);
        }
    }

    @Override
    public String summary() {
        return "counted "
                + packetsByPort.values().stream().mapToInt(Integer::intValue).sum() + " packets on "
                + packetsByPort.size() + " ports";
    }

    @Override
    public void close() {
        if (ticker != null) {
            ticker.close();
        }
        lease.close();
    }
}
