package dev.meshlease.proto;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.Parser;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a real node and its clients said to each other is understood, and comes out again as it went in. */
class RecordedFramesTest {

    /** Types without a table: what is in them stays unknown. */
    private static final Set<String> UNDESCRIBED = Set.of("DeviceUIConfig", "Config.DisplayConfig");

    private static final Map<PortNum, Parser<? extends Message>> PAYLOADS = Map.of(
            PortNum.ADMIN_APP, AdminMessage.parser(),
            PortNum.NEIGHBORINFO_APP, NeighborInfo.parser(),
            PortNum.NODEINFO_APP, User.parser(),
            PortNum.NODE_STATUS_APP, StatusMessage.parser(),
            PortNum.POSITION_APP, Position.parser(),
            PortNum.ROUTING_APP, Routing.parser(),
            PortNum.TELEMETRY_APP, Telemetry.parser(),
            PortNum.TRACEROUTE_APP, RouteDiscovery.parser(),
            PortNum.WAYPOINT_APP, Waypoint.parser());

    @ParameterizedTest
    @ValueSource(
            strings = {
                "10-text-broadcast",
                "18-dm-acked",
                "20-admin-get-metadata",
                "2.8-45-handshake-with-nodes",
                "45-handshake-with-nodes"
            })
    void recorded_frames_are_understood_and_come_out_as_they_went_in(String name)
            throws InvalidProtocolBufferException {
        Recording recording = Recording.load(name);

        assertThat(recording.fromNode()).hasSizeGreaterThan(40);
        assertThat(recording.toNode()).isNotEmpty();
        for (byte[] frame : recording.fromNode()) {
            FromRadio message = FromRadio.parseFrom(frame);
            assertUnderstood(message, frame);
            assertPayloadUnderstood(message.getPacket().getDecoded());
        }
        for (byte[] frame : recording.toNode()) {
            ToRadio message = ToRadio.parseFrom(frame);
            assertUnderstood(message, frame);
            assertPayloadUnderstood(message.getPacket().getDecoded());
        }
    }

    @Test
    void a_state_dump_holds_every_kind_of_message() throws InvalidProtocolBufferException {
        Set<FromRadio.PayloadVariantCase> kinds = EnumSet.noneOf(FromRadio.PayloadVariantCase.class);
        for (byte[] frame : Recording.load("2.8-45-handshake-with-nodes").fromNode()) {
            kinds.add(FromRadio.parseFrom(frame).getPayloadVariantCase());
        }

        assertThat(kinds)
                .contains(
                        FromRadio.PayloadVariantCase.MY_INFO,
                        FromRadio.PayloadVariantCase.DEVICEUICONFIG,
                        FromRadio.PayloadVariantCase.NODE_INFO,
                        FromRadio.PayloadVariantCase.METADATA,
                        FromRadio.PayloadVariantCase.REGION_PRESETS,
                        FromRadio.PayloadVariantCase.CHANNEL,
                        FromRadio.PayloadVariantCase.CONFIG,
                        FromRadio.PayloadVariantCase.MODULECONFIG,
                        FromRadio.PayloadVariantCase.FILEINFO,
                        FromRadio.PayloadVariantCase.CONFIG_COMPLETE_ID);
    }

    @Test
    void a_state_dump_describes_the_node() throws InvalidProtocolBufferException {
        MyNodeInfo myInfo = MyNodeInfo.getDefaultInstance();
        Config.LoRaConfig lora = Config.LoRaConfig.getDefaultInstance();
        for (byte[] frame : Recording.load("20-admin-get-metadata").fromNode()) {
            FromRadio message = FromRadio.parseFrom(frame);
            if (message.hasMyInfo()) {
                myInfo = message.getMyInfo();
            }
            if (message.getConfig().hasLora()) {
                lora = message.getConfig().getLora();
            }
        }

        assertThat(myInfo.getMyNodeNum()).isEqualTo(305419896);
        assertThat(myInfo.getPioEnv()).isEqualTo("native");
        assertThat(lora.getRegion()).isEqualTo(Config.LoRaConfig.RegionCode.US);
        assertThat(lora.getHopLimit()).isEqualTo(3);
    }

    private static void assertPayloadUnderstood(Data data) throws InvalidProtocolBufferException {
        Parser<? extends Message> parser = PAYLOADS.get(data.getPortnum());
        if (parser != null) {
            ByteString payload = data.getPayload();
            assertUnderstood(parser.parseFrom(payload), payload.toByteArray());
        }
    }

    private static void assertUnderstood(Message message, byte[] frame) {
        assertThat(message.toByteArray()).isEqualTo(frame);
        Set<String> withUnknownFields = new TreeSet<>();
        collectUnknown(message, withUnknownFields);
        assertThat(UNDESCRIBED).containsAll(withUnknownFields);
    }

    private static void collectUnknown(Message message, Set<String> found) {
        if (!message.getUnknownFields().asMap().isEmpty()) {
            found.add(WireTypes.shortName(message.getDescriptorForType().getFullName()));
        }
        message.getAllFields().forEach((field, value) -> {
            if (field.getJavaType() == FieldDescriptor.JavaType.MESSAGE) {
                List<?> values = field.isRepeated() ? (List<?>) value : List.of(value);
                values.forEach(nested -> collectUnknown((Message) nested, found));
            }
        });
    }
}
