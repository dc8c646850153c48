package dev.meshlease.testkit.internal.firmware;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.meshlease.proto.AdminMessage;
import dev.meshlease.proto.Channel;
import dev.meshlease.proto.Config;
import dev.meshlease.proto.Data;
import dev.meshlease.proto.MeshPacket;
import dev.meshlease.proto.PortNum;
import dev.meshlease.proto.Routing;

/** Reads and changes the node: for its client, and for remote nodes that may. On the node's thread. */
final class Administration {
    private static final String ADMIN_CHANNEL = "admin";

    private final Firmware firmware;
    private final Passkey passkey;
    private final AdminQueries queries;
    private final AdminCommands commands;

    Administration(Firmware firmware) {
        this.firmware = firmware;
        passkey = new Passkey(firmware);
        queries = new AdminQueries(firmware);
        commands = new AdminCommands(firmware);
    }

    /** Does what is wanted; the reply is for those who want one. */
    Reply handle(MeshPacket request) {
        AdminMessage message;
        try {
            message = AdminMessage.parseFrom(request.getDecoded().getPayload());
        } catch (InvalidProtocolBufferException malformed) {
            return Reply.UNREADABLE;
        }
        boolean isOfClient = request.getFrom() == firmware.state().number();
        if (isOfClient && firmware.state().settings().security().getIsManaged()) {
            return Reply.NOBODY; // a managed node passes over what its client wants, as if it had no administration
        }
        boolean reads = AdminQueries.isQuery(message);
        Routing.Error refusal = isOfClient ? Routing.Error.NONE : refusal(request, message, reads);
        if (refusal != Routing.Error.NONE) {
            return verdict(request, refusal);
        }
        return reads ? answer(request, message) : verdict(request, commands.execute(message));
    }

    private Reply answer(MeshPacket request, AdminMessage question) {
        return queries.answer(question)
                .map(answer -> answer.setSessionPasskey(passkey.issue()).build())
                .map(answer -> Reply.of(Data.newBuilder()
                        .setPortnum(PortNum.ADMIN_APP)
                        .setPayload(answer.toByteString())
                        .setRequestId(request.getId())
                        .build()))
                .orElse(verdict(request, Routing.Error.BAD_REQUEST));
    }

    private static Reply verdict(MeshPacket request, Routing.Error word) {
        return Reply.of(Packets.routing(request.getId(), word));
    }

    private Routing.Error refusal(MeshPacket request, AdminMessage message, boolean reads) {
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
