package dev.meshlease.internal.link;

import dev.meshlease.proto.AdminMessage;

/** What administration messages are about. */
public final class Orders {
    private Orders() {}

    /** Whether it does more than ask. */
    public static boolean isChange(AdminMessage message) {
        return !message.getPayloadVariantCase().name().startsWith("GET_");
    }

    /** Whether it begins or ends an edit of the settings. */
    public static boolean isFrameOfAnEdit(AdminMessage message) {
        return message.hasBeginEditSettings() || message.hasCommitEditSettings();
    }
}
