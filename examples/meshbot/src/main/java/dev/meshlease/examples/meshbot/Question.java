package dev.meshlease.examples.meshbot;

import dev.meshlease.message.NodeId;
import dev.meshlease.message.Request;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/**
 * Something to ask a node.
 *
 * @param about what it is about
 * @param interval how long to wait until it is asked again. Nodes drop, mostly without a word, what comes sooner than 10 s after the last
 *     of its kind (positions, telemetry) or 30 s (traceroutes). The link delays what comes too soon; a good client does not rely on it
 * @param request the request for a node
 * @param words what to print of the answer
 */
record Question<R>(String about, Duration interval, Function<NodeId, Request<R>> request, Function<R, String> words) {
    private static final double DEGREES = 1e-7;

    /** What to ask other nodes. */
    static List<Question<?>> ofPeers() {
        return List.of(
                new Question<>(
                        "position",
                        Duration.ofSeconds(10),
                        Request::position,
                        position -> String.format(
                                Locale.ROOT,
                                "%.4f, %.4f, %d m",
                                position.getLatitudeI() * DEGREES,
                                position.getLongitudeI() * DEGREES,
                                position.getAltitude())),
                new Question<>(
                        "telemetry",
                        Duration.ofSeconds(10),
                        Request::telemetry,
                        telemetry -> String.format(
                                Locale.ROOT,
                                "battery %d %%, %.2f V",
                                telemetry.getDeviceMetrics().getBatteryLevel(),
                                telemetry.getDeviceMetrics().getVoltage())),
                new Question<>(
                        "route",
                        Duration.ofSeconds(30),
                        Request::traceroute,
                        route -> route.getRouteCount() == 0
                                ? "direct"
                                : "by way of " + route.getRouteCount() + " nodes"));
    }

    /** What to ask the link's own node: that uses no airtime. */
    static List<Question<?>> ofOwnNode() {
        return List.of(
                new Question<>(
                        "firmware",
                        Duration.ofSeconds(30),
                        own -> Request.metadata(),
                        data -> data.getFirmwareVersion() + (data.getHasWifi() ? ", with Wi-Fi" : "")),
                new Question<>("owner", Duration.ofSeconds(30), own -> Request.owner(), owner -> owner.getLongName()));
    }
}
