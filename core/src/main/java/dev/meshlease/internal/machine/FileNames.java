package dev.meshlease.internal.machine;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.meshlease.spi.LinkKey;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** What a key's lock file is called: readable as far as file systems allow, and for each key another. */
final class FileNames {
    private static final int READABLE = 48;
    private static final int DIGEST_BYTES = 12;

    private FileNames() {}

    static String of(LinkKey key) {
        String text = key.toString();
        String readable = text.replaceAll("[^A-Za-z0-9.]+", "-");
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(UTF_8));
            return readable.substring(0, Math.min(READABLE, readable.length())) + "-"
                    + HexFormat.of().formatHex(digest, 0, DIGEST_BYTES) + ".lock";
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("Every Java platform has SHA-256", impossible);
        }
    }
}
