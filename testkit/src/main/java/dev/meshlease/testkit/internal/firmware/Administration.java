package dev.meshlease.testkit.internal.firmware;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.meshlease.proto.AdminMessage;
import dev.meshlease.proto.Channel;
import dev.meshlease.proto.Config;
import dev.meshlease.proto.MeshPacket;
import dev.meshlease.proto.Routing;
import org.jspecify.annotations.Nullable;

/** Reads and changes the node: for its client, and for remote nodes that may. On the node's thread. */
final class Administration {
    private static final String ADMIN_CHANNEL = "admin";

    private final Firmware firmware;
    private final Passkey passkey;
    private final AdminQueries queries;
    private final AdminCommands commands;

    /**
     * What came of a request.
     *
     * @param answer what to answer, or null for nothing but a verdict
     * @param verdict what to say of it if it has no answer
     */
    record Outcome(@Nullable AdminMessage answer, Routing.Error verdict) {
        static Outcome of(Routing.Error verdict) {
            return new Outcome(null, verdict);
        }
    }

    Administration(Firmware firmware) {
        this.firmware = firmware;
        passkey = new Passkey(firmware);
        queries = new AdminQueries(firmware);
        commands = new AdminCommands(firmware);
    }

    Outcome handle(MeshPacket request) {
        AdminMessage message;
        try {
            message = AdminMessage.parseFrom(request.getDecoded().getPayload());
        } catch (InvalidProtocolBufferException malformed) {
            return Outcome.of(Routing.Error.BAD_REQUEST);
        }
        boolean reads = AdminQueries.isQuery(message);
        Routing.Error refusal = request.getFrom() == firmware.state().number()
                ? refusalToClient()
                : refusalToOther(request, message, reads);
        if (refusal != Routing.Error.NONE) {
            return Outcome.of(refusal);
        }
        if (!reads) {
            return Outcome.of(commands.execute(message));
        }
        if (!request.getDecoded().getWantResponse()) {
            return Outcome.of(Routing.Error.NONE);
        }
        return queries.answer(message)
                .map(answer ->
                        new Outcome(answer.setSessionPasskey(passkey.issue()).build(), Routing.Error.NONE))
                .orElse(Outcome.of(Routing.Error.BAD_REQUEST));
    }

    /** A managed node passes over what its client wants, as if it had no administration. */
    private Routing.Error refusalToClient() {
        boolean isManaged = firmware.state().settings().security().getIsManaged();
        return isManaged ? Routing.Error.NO_RESPONSE : Routing.Error.NONE;
    }

    private Routing.Error refusalToOther(MeshPacket request, AdminMessage message, boolean reads) {
        Config.SecurityConfig security = firmware.state().settings().security();
        if (request.getPkiEncrypted()) {
            if (!security.getAdminKeyList().contains(request.getPublicKey())) {
                return Routing.Error.ADMIN_PUBLIC_KEY_UNAUTHORIZED;
            }
        } else if (!security.getAdminChannelEnabled() || !isAdminChannel(request.getChannel())) {
            return Routing.Error.NOT_AUTHORIZED;
        }
        return reads || passkey.admits(message.getSessionPasskey())
                ? Routing.Error.NONE
                : Routing.Error.ADMIN_BAD_SESSION_KEY;
    }

    private boolean isAdminChannel(int slot) {
        return firmware.state()
                .channel(slot)
                .filter(channel -> channel.getRole() != Channel.Role.DISABLED)
                .filter(channel -> channel.getSettings().getName().equals(ADMIN_CHANNEL))
                .isPresent();
    }
}
