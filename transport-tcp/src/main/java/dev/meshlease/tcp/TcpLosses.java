package dev.meshlease.tcp;

import dev.meshlease.spi.Loss;
import java.net.BindException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.NoRouteToHostException;
import java.util.List;
import java.util.Locale;

/** What the system's errors mean. Where the exception's type does not tell, the system's own words must. */
final class TcpLosses {
    /** How far an attempt came, furthest first: the failure that tells most about the node. */
    private static final List<Loss.Kind> TELLING =
            List.of(Loss.Kind.RESET, Loss.Kind.REFUSED, Loss.Kind.TIMED_OUT, Loss.Kind.UNREACHABLE);

    private TcpLosses() {}

    static Loss of(Exception error) {
        String message = error.getMessage();
        return new Loss(kind(error), message == null ? error.getClass().getSimpleName() : message, error);
    }

    /** A failure with the address in front, for attempts that have several. */
    static Loss at(InetSocketAddress address, Loss loss) {
        String host = TcpKeys.text(address.getAddress(), address.getPort());
        return new Loss(loss.kind(), host + ": " + loss.detail(), loss.error());
    }

    /** All failures of one attempt as one: the kind that tells most, the details of each. */
    static Loss sum(Loss one, Loss other) {
        Loss first = rank(one) <= rank(other) ? one : other;
        return new Loss(first.kind(), one.detail() + "; " + other.detail(), first.error());
    }

    private static int rank(Loss loss) {
        int index = TELLING.indexOf(loss.kind());
        return index < 0 ? TELLING.size() : index;
    }

    private static Loss.Kind kind(Exception error) {
        String words = String.valueOf(error.getMessage()).toLowerCase(Locale.ROOT);
        if (words.contains("timed out")) {
            return Loss.Kind.TIMED_OUT;
        }
        // A missing address family shows as an address that cannot be assigned.
        if (error instanceof NoRouteToHostException
                || (error instanceof BindException && words.contains("assign"))
                || words.contains("unreachable")
                || words.contains("no route to host")
                || words.contains("network is down")
                || words.contains("host is down")) {
            return Loss.Kind.UNREACHABLE;
        }
        if (error instanceof ConnectException) {
            return Loss.Kind.REFUSED;
        }
        // The last two are how Windows says it.
        if (words.contains("reset")
                || words.contains("broken pipe")
                || words.contains("connection was aborted")
                || words.contains("forcibly closed")) {
            return Loss.Kind.RESET;
        }
        return Loss.Kind.FAILED;
    }
}
