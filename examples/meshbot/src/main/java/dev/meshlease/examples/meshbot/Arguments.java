package dev.meshlease.examples.meshbot;

import dev.meshlease.Endpoint;
import dev.meshlease.EndpointException;
import java.time.Duration;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The command line.
 *
 * @param help whether only help is wanted
 * @param node the node to use; empty for the embedded one
 * @param send whether a node that was named may transmit for the bot
 * @param naive whether each component opens a connection of its own
 * @param length how long to run
 */
record Arguments(boolean help, Optional<Endpoint> node, boolean send, boolean naive, Duration length) {
    private static final int MAX_SECONDS = 86_400;
    private static final Duration DEFAULT_LENGTH = Duration.ofSeconds(20);

    /**
     * Reads the command line.
     *
     * @throws Failure if there is anything wrong with it
     */
    static Arguments parse(List<String> words) {
        if (words.contains("--help")) {
            return new Arguments(true, Optional.empty(), false, false, DEFAULT_LENGTH);
        }
        Optional<Endpoint> node = Optional.empty();
        Duration length = DEFAULT_LENGTH;
        Set<String> seen = new HashSet<>();
        for (Iterator<String> rest = words.iterator(); rest.hasNext(); ) {
            String word = rest.next();
            switch (word) {
                case "--node" -> node = Optional.of(endpoint(value(word, rest)));
                case "--seconds" -> length = seconds(value(word, rest));
                case "--send", "--naive" -> {}
                default -> throw new Failure("'" + word + "' is no option; --help lists them");
            }
            if (!seen.add(word)) {
                throw new Failure(word + " was given twice");
            }
        }
        boolean send = seen.contains("--send");
        boolean naive = seen.contains("--naive");
        if (naive && node.isPresent()) {
            throw new Failure("--naive runs on the simulated node only, so leave out --node: on a real node it would"
                    + " kick out whoever uses it, and nobody could count what is lost");
        }
        if (send && node.isEmpty()) {
            throw new Failure("--send goes with --node only: the simulated node transmits anyway");
        }
        return new Arguments(false, node, send, naive, length);
    }

    private static String value(String option, Iterator<String> rest) {
        String value = rest.hasNext() ? rest.next() : "";
        if (value.isBlank() || value.startsWith("--")) {
            throw new Failure(option + " needs a value; --help shows examples");
        }
        return value;
    }

    private static Endpoint endpoint(String text) {
        try {
            return Endpoint.of(text);
        } catch (EndpointException malformed) {
            throw new Failure("--node: " + malformed.getMessage(), malformed);
        }
    }

    private static Duration seconds(String text) {
        // At most as many digits as the largest value has, so that they fit an int.
        int seconds = text.matches("[0-9]{1,5}") ? Integer.parseInt(text) : 0;
        if (seconds < 1 || seconds > MAX_SECONDS) {
            throw new Failure("--seconds takes a whole number from 1 to " + MAX_SECONDS + ", not '" + text + "'");
        }
        return Duration.ofSeconds(seconds);
    }
}
