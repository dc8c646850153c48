package dev.meshlease.testkit.cli;

import dev.meshlease.message.NodeId;
import dev.meshlease.testkit.Recording;
import dev.meshlease.testkit.SimulatedNode;
import dev.meshlease.testkit.SimulatedNodeBuilder;
import dev.meshlease.testkit.fault.Fault;
import dev.meshlease.testkit.node.FirmwareProfile;
import dev.meshlease.testkit.node.Switch;
import dev.meshlease.testkit.node.Variant;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Function;

/**
 * A node as the command line orders it.
 *
 * @param node all that a builder can be told
 * @param traffic how often its peers say something
 * @param replays whether it plays the traffic of a recording
 * @param serial where its serial console is to be
 * @param isOnTcp whether it listens on a port
 */
record Order(
        SimulatedNodeBuilder node, Optional<Rate> traffic, boolean replays, Optional<Path> serial, boolean isOnTcp) {
    private static final int DEFAULT_PORT = 4403;

    /**
     * Reads the options.
     *
     * @throws Misuse if one has a wrong value, or two do not go together
     */
    static Order of(Options options) {
        Optional<Path> serial = options.value("--serial").map(text -> read("--serial", text, Path::of));
        boolean isOnTcp = serial.isEmpty() || options.has("-p") || options.has("--listen");
        SimulatedNodeBuilder node = SimulatedNode.builder()
                .variant(options.value("--variant")
                        .map(text -> read("--variant", text, Variant::named))
                        .orElse(serial.isEmpty() ? Variant.nativeDaemon() : Variant.serialConsole()));
        if (isOnTcp) {
            node.port(options.value("-p").map(Order::port).orElse(DEFAULT_PORT));
        }
        options.value("--firmware").ifPresent(text -> node.firmware(read("--firmware", text, FirmwareProfile::parse)));
        if (options.has("-s")) {
            node.with(Switch.SIMULATED_RADIO, true);
        }
        options.values("--fault")
                .forEach(text ->
                        node.fault(read("--fault", text, Fault::parseAll).toArray(Fault[]::new)));
        options.value("--seed").ifPresent(text -> node.seed(read("--seed", text, Order::seed)));
        options.values("--set").forEach(text -> set(node, text));
        options.value("--listen").ifPresent(text -> node.address(read("--listen", text, Order::address)));
        options.value("--record").ifPresent(text -> node.recordTo(read("--record", text, Path::of)));
        Optional<Rate> traffic = options.value("--traffic").map(text -> read("--traffic", text, Rate::parse));
        boolean replays = options.has("--replay");
        if (replays) {
            replay(node, options);
        } else {
            identity(node, options);
        }
        if (traffic.isPresent()
                && !options.has("-d")
                && options.value("--nodes").map(Order::nodes).orElse(0) == 0) {
            throw new Misuse("--traffic needs somebody to talk: give --nodes 1 or more");
        }
        return new Order(node, traffic, replays, serial, isOnTcp);
    }

    private static void replay(SimulatedNodeBuilder node, Options options) {
        for (String other : new String[] {"-h", "-d", "-e", "--nodes", "--traffic"}) {
            if (options.has(other)) {
                throw new Misuse("--replay says who the node is and what it hears: leave out " + other);
            }
        }
        Path file = read("--replay", options.value("--replay").orElseThrow(), Path::of);
        if (options.value("--record")
                .filter(text -> isSame(file, Path.of(text)))
                .isPresent()) {
            throw new Misuse("--record would write over what --replay reads: name another file");
        }
        node.recording(read("--replay", file.toString(), text -> Recording.read(file)));
    }

    private static boolean isSame(Path replayed, Path recorded) {
        try {
            return Files.exists(recorded) && Files.isSameFile(replayed, recorded);
        } catch (IOException unreadable) {
            return false; // which reading it will say better
        }
    }

    private static void identity(SimulatedNodeBuilder node, Options options) {
        options.value("-h").ifPresent(text -> node.number(read("-h", text, Order::number)));
        options.value("--nodes").ifPresent(text -> node.nodes(read("--nodes", text, Order::nodes)));
        options.value("-d").ifPresent(text -> node.directory(read("-d", text, Path::of)));
        if (options.has("-e")) {
            node.eraseFirst();
        }
    }

    private static long seed(String text) {
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException malformed) {
            throw new Misuse(
                    "it takes a whole number, like the one in the first line of a run, not '" + text + "'", malformed);
        }
    }

    private static int nodes(String text) {
        int count = text.matches("[0-9]{1,3}") ? Integer.parseInt(text) : -1;
        if (count < 0 || count > 250) {
            throw new Misuse("it takes a number from 0 to 250, not '" + text + "'");
        }
        return count;
    }

    private static int port(String text) {
        int port = text.matches("[0-9]{1,5}") ? Integer.parseInt(text) : -1;
        if (port < 0 || port > 65535) {
            throw new Misuse("-p takes a port from 1 to 65535, or 0 for a free one, not '" + text + "'");
        }
        return port;
    }

    private static NodeId number(String text) {
        long number;
        try {
            number = Long.decode(text.startsWith("!") ? "0x" + text.substring(1) : decimal(text));
        } catch (NumberFormatException malformed) {
            number = 0;
        }
        if (number < 4 || number >= 0xFFFFFFFFL) {
            throw new Misuse("it takes the node's number, like 305419896 or 0x12345678, not '" + text + "'");
        }
        return new NodeId((int) number);
    }

    /** {@code decode} takes a leading zero for octal. */
    private static String decimal(String text) {
        return text.matches("0[0-9]+") ? text.replaceFirst("^0+(?=.)", "") : text;
    }

    private static InetAddress address(String text) {
        try {
            return InetAddress.getByName(text);
        } catch (UnknownHostException unknown) {
            throw new Misuse("'" + text + "' is no address of this machine", unknown);
        }
    }

    private static void set(SimulatedNodeBuilder node, String text) {
        int equals = text.indexOf('=');
        if (equals < 1) {
            throw new Misuse("--set takes SWITCH=VALUE, like --set idle-poll=100ms, not '" + text + "'");
        }
        read("--set", text, word -> with(node, Switch.named(word.substring(0, equals)), word.substring(equals + 1)));
    }

    private static <T> SimulatedNodeBuilder with(SimulatedNodeBuilder node, Switch<T> point, String value) {
        return node.with(point, point.parse(value));
    }

    /** Has a wrong value named with its option. */
    private static <T> T read(String option, String text, Function<String, T> reader) {
        try {
            return reader.apply(text);
        } catch (IllegalArgumentException | Misuse malformed) {
            throw new Misuse(option + ": " + malformed.getMessage(), malformed);
        }
    }
}
