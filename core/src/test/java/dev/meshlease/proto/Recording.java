package dev.meshlease.proto;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** The frames of a recorded conversation. A connection's reads and writes may cut frames anywhere, so they are joined first. */
record Recording(List<byte[]> fromNode, List<byte[]> toNode) {
    private static final Pattern BYTES =
            Pattern.compile("\"conn\":\"(\\w+)\",\"ev\":\"(rx|tx)\",\"hex\":\"([0-9a-f]+)\"");

    static Recording load(String name) {
        Map<String, ByteArrayOutputStream> streams = new LinkedHashMap<>();
        BYTES.matcher(text("/recordings/" + name + ".jsonl"))
                .results()
                .forEach(event -> streams.computeIfAbsent(
                                event.group(2) + event.group(1), key -> new ByteArrayOutputStream())
                        .writeBytes(HexFormat.of().parseHex(event.group(3))));
        List<byte[]> fromNode = new ArrayList<>();
        List<byte[]> toNode = new ArrayList<>();
        streams.forEach((key, stream) -> split(stream.toByteArray(), key.startsWith("rx") ? fromNode : toNode));
        return new Recording(fromNode, toNode);
    }

    private static void split(byte[] stream, List<byte[]> frames) {
        ByteBuffer rest = ByteBuffer.wrap(stream);
        while (rest.remaining() >= 4) {
            if (rest.getShort() != (short) 0x94c3) {
                throw new AssertionError("no frame at byte " + (rest.position() - 2));
            }
            byte[] frame = new byte[rest.getShort()];
            rest.get(frame);
            frames.add(frame);
        }
    }

    private static String text(String resource) {
        try (InputStream in = Recording.class.getResourceAsStream(resource)) {
            return new String(in.readAllBytes(), StandardCharsets.US_ASCII);
        } catch (IOException e) {
            throw new AssertionError(resource, e);
        }
    }
}
