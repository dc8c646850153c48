package dev.meshlease.testkit.internal.firmware;

import com.google.protobuf.ByteString;
import dev.meshlease.message.NodeId;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** Keys and the like, that look random and are always the same for a node. */
final class Secrets {
    private Secrets() {}

    /** 32 bytes. */
    static ByteString of(String kind, NodeId id) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            return ByteString.copyFrom(digest.digest((kind + id).getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException impossible) {
            throw new AssertionError(impossible);
        }
    }
}
