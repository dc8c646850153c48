package dev.meshlease.testkit;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.meshlease.Exclusive;
import dev.meshlease.Lease;
import dev.meshlease.LinkRegistry;
import dev.meshlease.SettingsEdit;
import dev.meshlease.message.OutboundMessage;
import dev.meshlease.message.PayloadType;
import dev.meshlease.proto.AdminMessage;
import dev.meshlease.proto.AdminMessage.PayloadVariantCase;
import dev.meshlease.proto.MeshPacket;
import dev.meshlease.proto.PortNum;
import dev.meshlease.proto.User;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** For tests of two leases that want to change the settings of their node. */
abstract class TwoHolders {
    static final Duration PATIENCE = Duration.ofSeconds(30);

    final VirtualEnvironment environment = VirtualEnvironment.create();
    final SimulatedNode node = SimulatedNode.builder().nodes(1).start(environment);
    final LinkRegistry links = environment.registry();
    Lease one;
    Lease two;

    @BeforeEach
    void connect() {
        one = links.acquire(node.endpoint(), "one");
        two = links.acquire(node.endpoint(), "two");
        one.ready().await(PATIENCE);
    }

    @AfterEach
    void close() {
        links.close();
        node.close();
    }

    static AdminMessage named(String name) {
        return AdminMessage.newBuilder()
                .setSetOwner(User.newBuilder().setLongName(name).setShortName("N"))
                .build();
    }

    OutboundMessage order(AdminMessage message) {
        return OutboundMessage.of(PayloadType.ADMIN, message)
                .to(one.node().id())
                .wantAck();
    }

    /** What the node was told to do, in order. */
    List<PayloadVariantCase> orders() {
        return node.received().stream()
                .filter(packet -> packet.getDecoded().getPortnum() == PortNum.ADMIN_APP)
                .map(TwoHolders::kind)
                .toList();
    }

    static PayloadVariantCase kind(MeshPacket packet) {
        try {
            return AdminMessage.parseFrom(packet.getDecoded().getPayload()).getPayloadVariantCase();
        } catch (InvalidProtocolBufferException malformed) {
            throw new AssertionError(malformed);
        }
    }

    SettingsEdit edit(Lease lease) {
        return lease.exclusively(Exclusive.settings()).await(PATIENCE);
    }
}
