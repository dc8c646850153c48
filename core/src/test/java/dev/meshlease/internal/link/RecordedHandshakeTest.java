package dev.meshlease.internal.link;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.meshlease.LinkState;
import dev.meshlease.NodeSnapshot;
import dev.meshlease.proto.Channel;
import dev.meshlease.proto.Config;
import dev.meshlease.proto.FromRadio;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a real node told, in pieces as they may arrive. Only the nonce is put in. */
class RecordedHandshakeTest {
    private static final Pattern READ = Pattern.compile("\"conn\":\"(\\w)\",\"ev\":\"rx\",\"hex\":\"([0-9a-f]+)\"");

    @ParameterizedTest
    @CsvSource({
        "45-handshake-with-nodes, B, 2.7.26, 64, 14",
        "2.8-45-handshake-with-nodes, B, 2.8.0, 64, 17",
        "20-admin-get-metadata, A, 2.7.26, 1, 14",
        "18-dm-acked, A, 2.7.26, 2, 14",
    })
    void a_real_handshake_is_understood_however_it_is_cut(
            String recording, String connection, String firmware, int nodes, int moduleConfigs) {
        for (int seed = 0; seed < 20; seed++) {
            var rig = new EngineRig();
            rig.demand().opened();
            deliver(rig, handshake(recording, connection, rig.nonce()), new Random(seed));

            assertThat(rig.state()).isEqualTo(LinkState.READY);
            NodeSnapshot snapshot = rig.snapshots.get(0);
            assertThat(snapshot.metadata().getFirmwareVersion()).startsWith(firmware);
            assertThat(snapshot.myInfo().getPioEnv()).isEqualTo("native");
            assertThat(snapshot.nodes()).hasSize(nodes).containsKey(snapshot.id());
            assertThat(snapshot.channels()).extracting(Channel::getIndex).containsExactly(0, 1, 2, 3, 4, 5, 6, 7);
            assertThat(snapshot.configs())
                    .extracting(Config::getPayloadVariantCase)
                    .contains(Config.PayloadVariantCase.LORA, Config.PayloadVariantCase.SECURITY)
                    .hasSize(10);
            assertThat(snapshot.moduleConfigs()).hasSize(moduleConfigs);
            assertThat(snapshot.hopLimit()).isEqualTo(3);
            assertThat(rig.engine.wire()).contains(" 0 unreadable, 0 bytes skipped");
        }
    }

    private static void deliver(EngineRig rig, byte[] stream, Random random) {
        for (int at = 0; at < stream.length; ) {
            int length = Math.min(stream.length - at, 1 + random.nextInt(random.nextBoolean() ? 4 : 600));
            rig.say(Arrays.copyOfRange(stream, at, at + length));
            at += length;
        }
    }

    private static byte[] handshake(String recording, String connection, int nonce) {
        ByteBuffer all = ByteBuffer.wrap(reads(recording, connection));
        var told = new ByteArrayOutputStream();
        while (all.remaining() >= 4) {
            assertThat(all.getShort()).isEqualTo((short) 0x94c3);
            byte[] payload = new byte[all.getShort()];
            all.get(payload);
            FromRadio message = parse(payload);
            if (message.hasConfigCompleteId()) {
                told.writeBytes(ScriptedNode.frame(ScriptedNode.complete(nonce)));
                return told.toByteArray();
            }
            told.writeBytes(ScriptedNode.frame(payload));
        }
        throw new AssertionError(recording + " has no whole handshake");
    }

    private static FromRadio parse(byte[] payload) {
        try {
            return FromRadio.parseFrom(payload);
        } catch (InvalidProtocolBufferException malformed) {
            throw new AssertionError(malformed);
        }
    }

    private static byte[] reads(String recording, String connection) {
        var bytes = new ByteArrayOutputStream();
        try (InputStream in = RecordedHandshakeTest.class.getResourceAsStream("/recordings/" + recording + ".jsonl")) {
            READ.matcher(new String(in.readAllBytes(), StandardCharsets.US_ASCII))
                    .results()
                    .filter(read -> read.group(1).equals(connection))
                    .forEach(read -> bytes.writeBytes(HexFormat.of().parseHex(read.group(2))));
        } catch (IOException broken) {
            throw new AssertionError(recording, broken);
        }
        return bytes.toByteArray();
    }
}
