package dev.meshlease.testkit;

import dev.meshlease.spi.NameResolver;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;

/** The names that a test makes up. No question ever reaches a real name server. */
final class VirtualNames implements NameResolver {
    private static final String BYTE = "(25[0-5]|2[0-4]\\d|1?\\d?\\d)";
    private static final Pattern LITERAL = Pattern.compile("(" + BYTE + "\\.){3}" + BYTE + "|(?=.*:)[0-9a-fA-F:.]+");

    private final Timeline timeline;
    private final Map<String, List<InetAddress>> addresses = new ConcurrentHashMap<>();
    private volatile Duration delay = Duration.ZERO;

    VirtualNames(Timeline timeline) {
        this.timeline = timeline;
        add("localhost", "::1", "127.0.0.1");
    }

    void add(String host, String... literals) {
        if (literals.length == 0) {
            throw new IllegalArgumentException(
                    "The name " + host + " needs an address; to have it unknown, remove it.");
        }
        var known = new ArrayList<InetAddress>();
        for (String literal : literals) {
            try {
                known.add(InetAddress.getByAddress(host, literal(literal).getAddress()));
            } catch (UnknownHostException e) {
                throw new IllegalArgumentException(
                        "'" + literal + "' is no address for " + host
                                + ". Write a literal one, such as 10.0.0.7 or fd00::7.",
                        e);
            }
        }
        addresses.put(normal(host), List.copyOf(known));
    }

    void remove(String host) {
        addresses.remove(normal(host));
    }

    void delay(Duration delay) {
        if (delay.isNegative()) {
            throw new IllegalArgumentException("A look-up cannot take " + delay + ".");
        }
        this.delay = delay;
    }

    @Override
    public CompletionStage<List<InetAddress>> resolve(String host) {
        var answer = new CompletableFuture<List<InetAddress>>();
        timeline.schedule(delay.toNanos(), null, () -> answer(host, answer));
        return answer;
    }

    private void answer(String host, CompletableFuture<List<InetAddress>> answer) {
        List<InetAddress> known = addresses.get(normal(host));
        try {
            answer.complete(known != null ? known : List.of(literal(host)));
        } catch (UnknownHostException e) {
            answer.completeExceptionally(e);
        }
    }

    private InetAddress literal(String host) throws UnknownHostException {
        if (!LITERAL.matcher(host).matches()) {
            throw new UnknownHostException(
                    host + " (virtual time knows literal addresses and the names given to addName(...): "
                            + new TreeSet<>(addresses.keySet()) + ")");
        }
        return InetAddress.getByName(host);
    }

    private static String normal(String host) {
        String lower = host.toLowerCase(Locale.ROOT);
        return lower.endsWith(".") ? lower.substring(0, lower.length() - 1) : lower;
    }
}
