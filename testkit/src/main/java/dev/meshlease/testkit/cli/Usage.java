package dev.meshlease.testkit.cli;

import dev.meshlease.testkit.node.FirmwareProfile;
import dev.meshlease.testkit.node.Switch;
import dev.meshlease.testkit.node.Variant;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;

/** What {@code --help} prints. */
final class Usage {
    private static final String TEXT = """
            Usage: java -jar simulated-node.jar [-s] [-h HWID] [-p PORT] [-d DIR [-e]] [OPTION...]

            A simulated Meshtastic node on TCP, in the place of the node's own daemon: it takes the flags of meshtasticd. It
            serves one client, and whoever connects next takes it over. It runs until a client says exit_simulator, or the
            process is ended; then it saves its state.

            As meshtasticd:
              -s               the simulated radio: each transmission comes back as a SIMULATOR_APP packet, and one from the
                               client is taken as a reception
              -h HWID          the node's number, decimal or hexadecimal: 305419896, 0x12345678, !12345678. A node with a
                               state is who it was
              -p PORT          the port to listen on; default 4403, 0 for a free one
              -d DIR           keep the state (settings, keys, node database) in this folder; without it nothing is kept
              -e               erase that state first

            Its own:
              --variant NAME   the kind of node; default native-daemon
            %s
              --firmware NAME  the firmware it behaves like: %s; default %s
              --set NAME=VALUE one point of its behaviour, whatever variant and firmware say; may be repeated
              --nodes N        how many other nodes it hears, 0 to 250; default none
              --traffic RATE   what they say of their own accord: 2/s, 30/min or 100/h
              --fault SPEC     what goes wrong, like drop:chance=0.1,to=client or reset:at=config_complete,times=1; may be
                               repeated, or joined by +; the javadoc of Fault has all of it
              --seed N         what is left to chance, faults included, depends on this number; told at the start
              --listen ADDRESS the address to listen on; default 127.0.0.1. Whoever reaches it can use the node
              --record FILE    write what the node and its clients say, line by line; an existing file is replaced
              --replay FILE    say what a recorded node said, and play its traffic once a client is there
              --help           this text
              --version        the version of this program

            Switches for --set:
            %s

            Prints one line for each connection, eviction and notable event. Exit status: 0 after exit_simulator, 1 if it could
            not start (one line on standard error says why), 2 for a wrong command line.
            """;

    private Usage() {}

    static String text() {
        return TEXT.formatted(
                Variant.all().stream()
                        .map(variant -> "                     %-18s %s".formatted(variant.name(), variant.about()))
                        .collect(Collectors.joining("\n")),
                Arrays.stream(FirmwareProfile.values())
                        .map(FirmwareProfile::label)
                        .collect(Collectors.joining(", ")),
                FirmwareProfile.V2_7.label(),
                Switch.all().stream()
                        .map(point -> "  %-22s %s".formatted(point.name(), point.range()))
                        .collect(Collectors.joining("\n")));
    }

    static String version() {
        return "simulated-node "
                + Optional.ofNullable(Usage.class.getPackage().getImplementationVersion())
                        .orElse("(unpackaged)");
    }
}
