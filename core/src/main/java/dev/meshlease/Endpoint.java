package dev.meshlease;

import java.util.Locale;
import java.util.Objects;
import java.util.regex.Pattern;

/**
 * An address of a node as a user writes it: {@code tcp://meshtastic.local}, {@code tcp://10.0.0.7:4403}, {@code serial:/dev/ttyUSB0}.
 * It is the spelling, not the key: two endpoints may lead to the same node, see {@link Link#keys()}.
 *
 * @param scheme which transport, in lower case
 * @param address what the transport makes of it
 */
public record Endpoint(String scheme, String address) {
    private static final Pattern TEXT = Pattern.compile("(?<scheme>[A-Za-z][A-Za-z0-9+.-]*):(?://)?(?<address>.*)");
    private static final Pattern SCHEME = Pattern.compile("[a-z][a-z0-9+.-]*");

    /**
     * @throws EndpointException if the scheme is malformed or the address is blank
     */
    public Endpoint {
        Objects.requireNonNull(scheme, "scheme");
        Objects.requireNonNull(address, "address");
        if (!SCHEME.matcher(scheme).matches()) {
            throw malformed(scheme + ":" + address, "'" + scheme + "' is no scheme");
        }
        if (address.isBlank()) {
            throw malformed(scheme + ":" + address, "the address is missing");
        }
    }

    /**
     * Reads an endpoint.
     *
     * @param text a scheme, a colon (or {@code ://}), an address
     * @throws EndpointException if it is anything else
     */
    public static Endpoint of(String text) {
        Objects.requireNonNull(text, "text");
        String trimmed = text.strip();
        var match = TEXT.matcher(trimmed);
        if (!match.matches()) {
            throw malformed(text, "it has no scheme");
        }
        String scheme = match.group("scheme");
        String address = match.group("address");
        if (scheme.contains(".") || scheme.equalsIgnoreCase("localhost")) {
            throw malformed(text, "it has no scheme ('" + scheme + "' looks like a host)");
        }
        return new Endpoint(scheme.toLowerCase(Locale.ROOT), address);
    }

    private static EndpointException malformed(String text, String why) {
        return new EndpointException("'" + text + "' is no endpoint: " + why
                + ". Write tcp://HOST, tcp://HOST:PORT or serial:DEVICE, for instance tcp://meshtastic.local");
    }

    /** As a user would write it. Paths and device names get no slashes in front. */
    @Override
    public String toString() {
        return scheme + (scheme.equals("serial") ? ":" : "://") + address;
    }
}
