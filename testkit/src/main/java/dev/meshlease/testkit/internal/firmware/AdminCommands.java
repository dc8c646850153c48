package dev.meshlease.testkit.internal.firmware;

import dev.meshlease.proto.AdminMessage;
import dev.meshlease.proto.ClientNotification;
import dev.meshlease.proto.Config;
import dev.meshlease.proto.FromRadio;
import dev.meshlease.proto.LogRecord;
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

    /** Does it, and says what came of it. What this node does not have is taken note of like anything else. */
    Routing.Error execute(AdminMessage message) {
        NodeState state = firmware.state();
        switch (message.getPayloadVariantCase()) {
            case SET_OWNER -> {
                User before = state.owner();
                setOwner(message.getSetOwner());
                restartIf(!state.owner().equals(before));
            }
            case SET_CONFIG -> {
                return set(message.getSetConfig());
            }
            case SET_MODULE_CONFIG -> {
                boolean done = state.change(settings -> settings.put(message.getSetModuleConfig()));
                restartIf(done);
                return verdict(done);
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
                state.commitEdit();
                restartIf(true);
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
                if (message.getExitSimulator() && firmware.isDaemon()) {
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
    private void restartIf(boolean needed) {
        if (needed && !firmware.state().isEditing()) {
            firmware.reboot(RESTART);
        }
    }

    private Routing.Error set(Config config) {
        return switch (config.getPayloadVariantCase()) {
            case LORA -> verdict(set(LoraSettings.completed(config.getLora())));
            case SECURITY -> verdict(set(config.getSecurity()));
            case SESSIONKEY, DEVICE_UI -> Routing.Error.NONE;
            default -> {
                Config before = firmware.state()
                        .settings()
                        .config(config.getPayloadVariantCase().getNumber() - 1)
                        .orElse(config);
                boolean done = firmware.state().change(settings -> settings.put(config));
                restartIf(done && Restarts.areNeeded(before, config));
                yield verdict(done);
            }
        };
    }

    private boolean set(Config.LoRaConfig lora) {
        Config.LoRaConfig before = firmware.state().lora();
        boolean done = firmware.state()
                .change(settings ->
                        settings.put(Config.newBuilder().setLora(lora).build())
                                && settings.ensureKeys(firmware.random()));
        restartIf(firmware.is(Switch.LORA_RESTARTS) && Restarts.areNeeded(before, lora));
        return done;
    }

    /** Who sends no private key gets a new pair. A node is managed only if somebody could manage it. */
    private boolean set(Config.SecurityConfig wanted) {
        Config.SecurityConfig.Builder security = wanted.toBuilder();
        if (wanted.getPrivateKey().size() != NodeState.KEY_BYTES) {
            security.clearPrivateKey().clearPublicKey();
        }
        boolean hasManager = wanted.getAdminKeyList().stream().anyMatch(key -> key.size() == NodeState.KEY_BYTES);
        if (wanted.getIsManaged() && !hasManager) {
            security.setIsManaged(false);
            firmware.tell(ClientNotification.newBuilder()
                    .setLevel(LogRecord.Level.WARNING)
                    .setMessage("A managed node needs the public key of an administrator"));
        }
        return firmware.state()
                .change(settings ->
                        settings.put(Config.newBuilder().setSecurity(security).build())
                                && settings.ensureKeys(firmware.random()));
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
                // nothing that shows
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
