package dev.meshlease.examples.meshbot;

/** What {@code --help} prints. */
final class Usage {
    static final String TEXT = """
            Usage: meshbot [--node ENDPOINT [--send]] [--seconds N]
                   meshbot --naive [--seconds N]

            Four components of a bot (an echo command, a node-query client, a message sender, a system monitor) share the
            one connection that a Meshtastic node serves. A fifth tries to open a connection of its own, and is refused.

            Without --node they run against a simulated node in this process, which serves what a real node said (firmware
            2.7.26, 60 nodes) and then plays the traffic of a mesh.

              --node ENDPOINT  use this node, such as tcp://meshtastic.local, tcp://192.168.1.7:4403, serial:/dev/ttyUSB0 or
                               serial:COM3. Close other programs that use it first: it serves one client. The bot then only
                               listens, and asks nobody but the node itself, since the air is shared by everybody in reach.
              --send           with --node: also transmit. Answers /echo commands, asks one question at a time of nodes it
                               has heard (one per 30 s), and sends one text to everybody per 30 s.
              --naive          the same components, each with a connection of its own, as bots without this library do it:
                               how often each is kicked, and what it loses. On the simulated node only.
              --seconds N      how long to run, 1 to 86400; default 20. The link must be up within this time, or 30 s if
                               that is shorter.
              --help           this text

            Exit status: 0 if the run went as it should: one connection, refused to the fifth component, and (on the
            simulated node) every packet in the hands of each component; with --naive, if they did kick each other out.
            Otherwise 1, with one line on standard error that says why; if another program part holds the link already, the
            line names it and its process. Ctrl-C ends the run early, in order.
            """;

    private Usage() {}
}
