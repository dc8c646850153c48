package dev.meshlease.testkit.internal.firmware;

import dev.meshlease.proto.AdminMessage;
import dev.meshlease.proto.Config;
import dev.meshlease.proto.FromRadio;
import dev.meshlease.proto.NodeInfo;
import dev.meshlease.proto.Position;
import dev.meshlease.proto.Routing;
import dev.meshlease.proto.SharedContact;
import dev.meshlease.proto.User;
import dev.meshlease.testkit.node.Switch;
import java.time.Duration;

/** What an administrator can do. On the node's thread. */
final class AdminCommands {
    /** From a change to the restart that makes it work. */
    private static final Duration RESTART = Duration.ofSeconds(7);

    private final Firmware firmware;

    AdminCommands(Firmware firmware) {
        this.firmware = firmware;
    }

    /** Does it, and says what a client hears of it. What this node does not have is answered by nobody. */
    Routing.Error execute(AdminMessage message) {
        NodeState state = firmware.state();
        switch (message.getPayloadVariantCase()) {
            case SET_OWNER -> setOwner(message.getSetOwner());
            case SET_CONFIG -> {
                return set(message.getSetConfig());
            }
            case SET_MODULE_CONFIG -> {
                boolean done = state.change(settings -> settings.put(message.getSetModuleConfig()));
                return restartIf(done);
            }
            case SET_CHANNEL -> {
                return verdict(state.change(settings -> settings.put(message.getSetChannel())));
            }
            case STORE_UI_CONFIG ->
                state.change(settings -> settings.put(DumpFrame.of(FromRadio.newBuilder()
                        .setDeviceuiConfig(message.getStoreUiConfig())
                        .build())));
            case BEGIN_EDIT_SETTINGS -> state.beginEdit();
            case COMMIT_EDIT_SETTINGS -> {
                if (state.commitEdit()) {
                    firmware.reboot(RESTART);
                }
            }
            case SET_FIXED_POSITION -> setFixedPosition(message.getSetFixedPosition(), true);
            case REMOVE_FIXED_POSITION -> setFixedPosition(Position.getDefaultInstance(), false);
            case SET_TIME_ONLY -> {
                // the clock here is that of the host, which nobody sets
            }
            case REBOOT_SECONDS -> {
                if (message.getRebootSeconds() < 0) {
                    firmware.stayUp();
                } else {
                    firmware.reboot(Duration.ofSeconds(message.getRebootSeconds()));
                }
            }
            case SHUTDOWN_SECONDS -> {
                if (message.getShutdownSeconds() < 0) {
                    firmware.stayUp();
                } else {
                    firmware.shutDown(Duration.ofSeconds(message.getShutdownSeconds()));
                }
            }
            case FACTORY_RESET_CONFIG, FACTORY_RESET_DEVICE -> {
                state.reset(firmware.profile().factory(), message.hasFactoryResetConfig());
                firmware.reboot(RESTART);
            }
            case NODEDB_RESET -> {
                state.forgetAll(message.getNodedbReset());
                firmware.reboot(RESTART);
            }
            case EXIT_SIMULATOR -> {
                if (message.getExitSimulator() && firmware.is(Switch.SIMULATED_RADIO)) {
                    firmware.exit();
                }
            }
            default -> {
                return changeNode(message);
            }
        }
        return Routing.Error.NONE;
    }

    private static Routing.Error verdict(boolean done) {
        return done ? Routing.Error.NONE : Routing.Error.BAD_REQUEST;
    }

    /** Inside a transaction the restart waits for its end. */
    private Routing.Error restartIf(boolean changed) {
        if (changed && !firmware.state().isEditing()) {
            firmware.reboot(RESTART);
        }
        return verdict(changed);
    }

    /** LoRa settings work at once. */
    private Routing.Error set(Config config) {
        return switch (config.getPayloadVariantCase()) {
            case LORA -> {
                Config.LoRaConfig lora = LoraSettings.completed(config.getLora());
                yield verdict(firmware.state()
                        .change(settings ->
                                settings.put(Config.newBuilder().setLora(lora).build())
                                        && settings.ensureKeys(firmware.random())));
            }
            case SECURITY -> restartIf(firmware.state().change(settings -> settings.put(security(config, settings))));
            case SESSIONKEY, DEVICE_UI -> Routing.Error.NONE;
            default -> restartIf(firmware.state().change(settings -> settings.put(config)));
        };
    }

    /** Without a whole pair of keys the old one stays. */
    private static Config security(Config wanted, Settings settings) {
        Config.SecurityConfig before = settings.security();
        Config.SecurityConfig.Builder security = wanted.getSecurity().toBuilder();
        if (security.getPrivateKey().size() != NodeState.KEY_BYTES
                || security.getPublicKey().size() != NodeState.KEY_BYTES) {
            security.setPrivateKey(before.getPrivateKey()).setPublicKey(before.getPublicKey());
        }
        return Config.newBuilder().setSecurity(security).build();
    }

    private void setOwner(User wanted) {
        firmware.state().change(settings -> {
            NodeInfo self = settings.self();
            User.Builder owner = self.getUser().toBuilder().setIsLicensed(wanted.getIsLicensed());
            if (!wanted.getLongName().isEmpty()) {
                owner.setLongName(wanted.getLongName());
            }
            if (!wanted.getShortName().isEmpty()) {
                owner.setShortName(wanted.getShortName());
            }
            if (wanted.hasIsUnmessagable()) {
                owner.setIsUnmessagable(wanted.getIsUnmessagable());
            }
            settings.put(self.toBuilder().setUser(owner).build());
            return true;
        });
    }

    private void setFixedPosition(Position position, boolean isFixed) {
        firmware.state().change(settings -> {
            settings.put(settings.self().toBuilder()
                    .setPosition(isFixed ? KnownNode.kept(position) : position)
                    .build());
            settings.config(AdminMessage.ConfigType.POSITION_CONFIG_VALUE)
                    .map(Config::getPosition)
                    .ifPresent(config -> settings.put(Config.newBuilder()
                            .setPosition(config.toBuilder().setFixedPosition(isFixed))
                            .build()));
            return true;
        });
    }

    private Routing.Error changeNode(AdminMessage message) {
        NodeState state = firmware.state();
        switch (message.getPayloadVariantCase()) {
            case REMOVE_BY_NODENUM -> state.forget(message.getRemoveByNodenum());
            case SET_FAVORITE_NODE -> state.change(message.getSetFavoriteNode(), node -> node.setIsFavorite(true));
            case REMOVE_FAVORITE_NODE ->
                state.change(message.getRemoveFavoriteNode(), node -> node.setIsFavorite(false));
            case SET_IGNORED_NODE -> state.ignore(message.getSetIgnoredNode());
            case REMOVE_IGNORED_NODE -> state.change(message.getRemoveIgnoredNode(), node -> node.setIsIgnored(false));
            case TOGGLE_MUTED_NODE ->
                state.change(message.getToggleMutedNode(), node -> node.setIsMuted(!node.getIsMuted()));
            case ADD_CONTACT -> {
                return add(message.getAddContact());
            }
            default -> {
                return Routing.Error.NO_RESPONSE;
            }
        }
        return Routing.Error.NONE;
    }

    private Routing.Error add(SharedContact contact) {
        NodeState state = firmware.state();
        int number = contact.getNodeNum();
        if (!NodeState.isNode(number) || number == state.number()) {
            return Routing.Error.BAD_REQUEST;
        }
        state.put(state.node(number).orElse(NodeInfo.newBuilder().setNum(number).build()).toBuilder()
                .setUser(contact.getUser())
                .setIsKeyManuallyVerified(contact.getManuallyVerified())
                .setIsFavorite(!contact.getShouldIgnore())
                .setIsIgnored(contact.getShouldIgnore())
                .build());
        return Routing.Error.NONE;
    }
}
