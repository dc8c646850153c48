package dev.meshlease.testkit.cli;

import dev.meshlease.testkit.fault.FaultKind;
import dev.meshlease.testkit.fault.Point;
import dev.meshlease.testkit.node.FirmwareProfile;
import dev.meshlease.testkit.node.Switch;
import dev.meshlease.testkit.node.Variant;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/** What {@code --help} prints. */
final class Usage {
    private static final int LIST_WIDTH = 116;

    private Usage() {}

    static String text() {
        return """
                    Usage: java -jar simulated-node.jar [-s] [-h HWID] [-p PORT] [-d DIR [-e]] [OPTION...]

                    A simulated Meshtastic node on TCP, in the place of the node's own daemon: it takes the flags of meshtasticd. It
                    serves one client, and whoever connects next takes it over. With --serial it is at a serial port instead. It runs
                    until a client says exit_simulator, or the process is ended; then it saves its state.

                    As meshtasticd:
                      -s               the simulated radio: each transmission comes back as a SIMULATOR_APP packet, and one from the
                                       client is taken as a reception
                      -h HWID          the node's number, decimal or hexadecimal: 305419896, 0x12345678, !12345678. A node with a
                                       state is who it was, and refuses another number
                      -p PORT          the port to listen on; default 4403, 0 for a free one
                      -d DIR           keep the state (settings, keys, node database) in this folder; without it nothing is kept
                      -e               erase that state first; without -d there is none

                    Its own:
                      --serial PATH    have its serial console at this path, as the device of a serial port; on TCP only with -p or
                                       --listen. Needs socat, script or python3. An unplugged device comes back after 2 s
                      --variant NAME   the kind of node; default native-daemon, with --serial serial-console
                    %s
                      --firmware NAME  the firmware it behaves like: %s; default %s
                      --set NAME=VALUE one point of its behaviour, whatever variant and firmware say; may be repeated
                      --nodes N        how many other nodes it hears, 0 to 250; default none
                      --traffic RATE   how often one of them says something: 2/s, 30/min or 100/h
                      --fault SPEC     something that goes wrong: drop:to=client,chance=0.1 or reset:at=config_complete,times=1; may be
                                       repeated, or joined by +
                      --seed N         what is left to chance depends on it; by default a new one, which the first line tells
                      --listen ADDRESS the address to listen on; default 127.0.0.1. Whoever reaches it can use the node
                      --record FILE    write what the node and its clients say, line by line; an existing file is replaced
                      --replay FILE    say what a recorded node said, and play its traffic once a client is configured
                      --help           this text
                      --version        the version of this program

                    Faults for --fault: KIND:NAME=VALUE,... with a kind of
                    %s
                    and any of to=client or node, at=POINT, after=FRAMES, chance=0.1, times=N, for=TIME, connection=N; by=TIME for a
                    delay and every=TIME for a duel. A point is one of
                    %s

                    Switches for --set:
                    %s

                    Prints one line for each connection, eviction and notable event. Exit status: 0 after exit_simulator, 1 if it could
                    not start or not keep its state (one line on standard error says why), 2 for a wrong command line.
                    """.formatted(
                Variant.all().stream()
                        .map(variant -> "                     %-18s %s".formatted(variant.name(), variant.about()))
                        .collect(Collectors.joining("\n")),
                Arrays.stream(FirmwareProfile.values())
                        .map(FirmwareProfile::label)
                        .collect(Collectors.joining(", ")),
                FirmwareProfile.V2_7.label(),
                list(FaultKind.values(), kind -> kind.replace('_', '-')),
                list(Point.values(), point -> point),
                Switch.all().stream()
                        .map(point -> "  %-22s %s".formatted(point.name(), point.range()))
                        .collect(Collectors.joining("\n")));
    }

    /** Names as they are written, in lines of a fair length. */
    private static String list(Enum<?>[] names, UnaryOperator<String> spelling) {
        StringBuilder text = new StringBuilder();
        int room = 0;
        for (Enum<?> name : names) {
            String word = spelling.apply(name.name().toLowerCase(Locale.ROOT));
            room -= word.length() + 2;
            if (text.isEmpty() || room < 0) {
                text.append(text.isEmpty() ? "  " : ",\n  ").append(word);
                room = LIST_WIDTH - word.length();
            } else {
                text.append(", ").append(word);
            }
        }
        return text.toString();
    }

    static String version() {
        return "simulated-node "
                + Optional.ofNullable(Usage.class.getPackage().getImplementationVersion())
                        .orElse("(unpackaged)");
    }
}
