package dev.meshlease.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.meshlease.proto.AdminMessage;
import dev.meshlease.proto.Config;
import dev.meshlease.proto.FromRadio;
import dev.meshlease.proto.Position;
import dev.meshlease.proto.Routing;
import org.junit.jupiter.api.Test;

/** A client may be newer than this library, and have values of enums that nobody knows here. */
class UnknownValuesTest {
    private static final int NEW = 4711;

    private final Admin admin = new Admin(Bench.of(SimulatedNode.builder()));

    private FromRadio own() {
        admin.client.wantsConfig(77);
        admin.bench.host.advance(Bench.MOMENT);
        return admin.client.dump().stream()
                .filter(FromRadio::hasNodeInfo)
                .findFirst()
                .orElseThrow();
    }

    @Test
    void a_new_role_is_taken_and_told() {
        assertThat(admin.sets(Config.newBuilder()
                        .setDevice(Config.DeviceConfig.newBuilder().setRoleValue(NEW))))
                .isEqualTo(Routing.Error.NONE);

        assertThat(own().getNodeInfo().getUser().getRoleValue()).isEqualTo(NEW);
        assertThat(admin.config(AdminMessage.ConfigType.DEVICE_CONFIG)
                        .getDevice()
                        .getRoleValue())
                .isEqualTo(NEW);
    }

    @Test
    void a_new_source_of_a_position_is_taken_and_told() {
        assertThat(admin.does(AdminMessage.newBuilder()
                        .setSetFixedPosition(
                                Position.newBuilder().setLatitudeI(1).setLocationSourceValue(NEW))))
                .isEqualTo(Routing.Error.NONE);

        assertThat(own().getNodeInfo().getPosition().getLocationSourceValue()).isEqualTo(NEW);
    }
}
