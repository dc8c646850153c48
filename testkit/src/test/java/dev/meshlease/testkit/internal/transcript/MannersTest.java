package dev.meshlease.testkit.internal.transcript;

import static org.assertj.core.api.Assertions.assertThat;

import dev.meshlease.proto.Heartbeat;
import dev.meshlease.proto.MeshPacket;
import dev.meshlease.proto.MqttClientProxyMessage;
import dev.meshlease.proto.ToRadio;
import dev.meshlease.proto.XModem;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class MannersTest {
    private final List<String> offences = new ArrayList<>();
    private final Manners manners = new Manners(offences::add);

    private void says(ToRadio.Builder message) {
        manners.frame(message.build().toByteArray());
    }

    private void asks(int nonce) {
        says(ToRadio.newBuilder().setWantConfigId(nonce));
    }

    private void sends() {
        says(ToRadio.newBuilder().setPacket(MeshPacket.getDefaultInstance()));
    }

    private void beats() {
        says(ToRadio.newBuilder().setHeartbeat(Heartbeat.getDefaultInstance()));
    }

    private void saysGoodbye() {
        says(ToRadio.newBuilder().setDisconnect(true));
    }

    @Test
    void a_handshake_packets_and_a_goodbye_are_in_order() {
        beats();
        asks(5);
        beats();
        manners.completed(5);
        sends();
        saysGoodbye();

        assertThat(offences).isEmpty();
    }

    @Test
    void a_handshake_is_complete_with_the_nonce_that_was_asked_for() {
        asks(5);
        manners.completed(4);
        sends();
        assertThat(offences).containsExactly("a packet before the handshake is complete: its verdict may be lost");
        manners.completed(5);
        sends();

        assertThat(offences).hasSize(1);
    }

    @Test
    void the_end_of_a_state_that_nobody_has_asked_for_completes_nothing() {
        manners.completed(0);
        sends();

        assertThat(offences).containsExactly("a packet before the handshake is complete: its verdict may be lost");
    }

    @Test
    void nothing_is_said_after_a_goodbye() {
        asks(5);
        manners.completed(5);
        saysGoodbye();
        beats();
        saysGoodbye();

        assertThat(offences)
                .containsExactly(
                        "a frame after disconnect, which nobody reads", "a frame after disconnect, which nobody reads");
    }

    @Test
    void a_client_on_a_serial_cable_may_come_back() {
        saysGoodbye();
        asks(5);
        manners.completed(5);
        sends();

        assertThat(offences).isEmpty();
    }

    @Test
    void what_a_simulated_node_ignores_is_not_said() {
        says(ToRadio.newBuilder().setXmodemPacket(XModem.getDefaultInstance()));
        says(ToRadio.newBuilder().setMqttClientProxyMessage(MqttClientProxyMessage.getDefaultInstance()));

        assertThat(offences)
                .containsExactly(
                        "a block of a file, which a simulated node ignores",
                        "a message of an MQTT proxy, which a simulated node ignores");
    }
}
