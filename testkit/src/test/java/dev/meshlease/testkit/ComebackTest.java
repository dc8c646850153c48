package dev.meshlease.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.meshlease.Lease;
import dev.meshlease.LinkOptions;
import dev.meshlease.LinkRegistry;
import dev.meshlease.LinkState;
import dev.meshlease.LinkStatus;
import dev.meshlease.LossCause;
import dev.meshlease.OwnedLink;
import dev.meshlease.Watch;
import dev.meshlease.spi.Loss;
import dev.meshlease.spi.Target;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A device that was unplugged is looked for, with the usual waits of a link. */
class ComebackTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration A_LONG_TIME = Duration.ofMinutes(10);

    private final VirtualEnvironment environment = VirtualEnvironment.create();
    private final SimulatedNode node = SimulatedNode.builder().nodes(3).start(environment);
    private final UnpluggableTransport outlet = new UnpluggableTransport(environment);
    private final List<LinkStatus> told = new ArrayList<>();
    private final LinkRegistry links =
            LinkRegistry.builder().environment(environment).transport(outlet).build();
    private Lease bot;

    @AfterEach
    void close() {
        links.close();
        node.close();
    }

    private void connect() {
        bot = links.acquire(node.endpoint(), "bot");
        bot.watch(Watch.status(), told::add);
        bot.ready().await(PATIENCE);
        environment.advance(Duration.ofMinutes(1));
    }

    private void awayFor(Duration time) {
        outlet.unplug();
        environment.advance(time);
        while (!isNextAttemptFarAway()) {
            environment.advance(Duration.ofSeconds(1));
        }
        forget();
    }

    /** As it often is, with waits of a minute. */
    private boolean isNextAttemptFarAway() {
        return bot.status()
                .nextAttempt()
                .filter(at -> at.isAfter(environment.now().plusSeconds(31)))
                .isPresent();
    }

    private void forget() {
        outlet.lookedMillis.clear();
        outlet.openedMillis.clear();
        told.clear();
    }

    private LinkState state() {
        return bot.status().state();
    }

    private LossCause lastLoss() {
        return bot.status().lastLoss().orElseThrow().cause();
    }

    private void advanceMillis(long millis) {
        environment.advance(Duration.ofMillis(millis));
    }

    @Test
    void it_is_found_within_a_second_however_long_it_was_away() {
        connect();
        awayFor(A_LONG_TIME);
        assertThat(lastLoss()).isEqualTo(LossCause.NO_SUCH_DEVICE);
        outlet.plugIn();
        advanceMillis(1000);
        assertThat(state()).isEqualTo(LinkState.READY);
        assertThat(told).extracting(LinkStatus::state).startsWith(LinkState.CONNECTING, LinkState.HANDSHAKING);
    }

    @Test
    void it_is_given_a_moment_before_it_is_opened() {
        connect();
        awayFor(A_LONG_TIME);
        outlet.plugIn();
        long pluggedInMillis = environment.now().toEpochMilli();
        advanceMillis(1000);
        assertThat(outlet.openedMillis).hasSize(1);
        assertThat(outlet.openedMillis.get(0) - pluggedInMillis).isBetween(200L, 700L);
    }

    @Test
    void one_that_was_never_there_is_found_as_soon() {
        outlet.unplug();
        bot = links.acquire(node.endpoint(), "bot");
        environment.advance(A_LONG_TIME);
        outlet.plugIn();
        advanceMillis(1000);
        assertThat(state()).isEqualTo(LinkState.READY);
    }

    /** Each attempt that finds it missing is a loss, and there are few of them; looking for it is none. */
    @Test
    void it_is_looked_for_twice_a_second_in_silence() {
        connect();
        outlet.unplug();
        try (LogText log = new LogText()) {
            environment.advance(Duration.ofMinutes(5));
            while (!isNextAttemptFarAway()) {
                environment.advance(Duration.ofSeconds(1));
            }
            forget();
            int lines = log.lines("INFO").size();
            LinkStatus before = bot.status();
            environment.advance(Duration.ofSeconds(30));
            assertThat(outlet.lookedMillis).hasSizeBetween(59, 61);
            assertThat(bot.status()).isEqualTo(before);
            assertThat(told).isEmpty();
            assertThat(log.lines("INFO")).hasSize(lines);
        }
        assertThat(outlet.openedMillis).isEmpty();
    }

    @Test
    void nobody_looks_while_nobody_has_a_lease() {
        OwnedLink link = links.open(
                node.endpoint(), LinkOptions.builder().linger(Duration.ZERO).build());
        bot = link.acquire("bot");
        bot.ready().await(PATIENCE);
        awayFor(Duration.ofMinutes(1));
        bot.close();
        advanceMillis(1);
        assertThat(link.status().state()).isEqualTo(LinkState.IDLE);
        forget();
        environment.advance(A_LONG_TIME);
        assertThat(outlet.lookedMillis).isEmpty();

        Lease next = link.acquire("next");
        outlet.plugIn();
        environment.advance(Duration.ofSeconds(1));
        assertThat(next.status().state()).isEqualTo(LinkState.READY);
        link.close();
    }

    /** A lease that is closed and taken anew while the device is away waits on, and looks on. */
    @Test
    void a_later_link_to_it_finds_it_as_soon() {
        connect();
        awayFor(Duration.ofMinutes(5));
        bot.close();
        environment.advance(Duration.ofSeconds(10));
        assertThat(links.links()).isEmpty();
        bot = links.acquire(node.endpoint(), "bot");
        assertThat(state()).isEqualTo(LinkState.BACKING_OFF);
        environment.advance(Duration.ofSeconds(3));
        outlet.plugIn();
        advanceMillis(1000);
        assertThat(state()).isEqualTo(LinkState.READY);
    }

    @Test
    void one_that_has_come_before_its_later_link_is_open_as_soon() {
        connect();
        awayFor(Duration.ofMinutes(5));
        bot.close();
        environment.advance(Duration.ofSeconds(10));
        outlet.plugIn();
        bot = links.acquire(node.endpoint(), "bot");
        advanceMillis(1000);
        assertThat(state()).isEqualTo(LinkState.READY);
    }

    /** A chip with USB of its own shows up with its boot loader first, and once more with its program. */
    @Test
    void one_that_comes_for_a_moment_and_then_for_good_is_found_within_a_second() {
        connect();
        awayFor(A_LONG_TIME);
        outlet.plugIn();
        long before = outlet.lookedMillis.size();
        while (outlet.lookedMillis.size() == before) {
            advanceMillis(1);
        }
        advanceMillis(100);
        outlet.unplug();
        advanceMillis(1000);
        outlet.plugIn();
        advanceMillis(1000);
        assertThat(state()).isEqualTo(LinkState.READY);
    }

    @Test
    void nobody_looks_once_the_link_is_closed() {
        connect();
        awayFor(Duration.ofMinutes(1));
        links.close();
        forget();
        outlet.plugIn();
        environment.advance(A_LONG_TIME);
        assertThat(outlet.lookedMillis).isEmpty();
        assertThat(state()).isEqualTo(LinkState.CLOSED);
    }

    /** Other waits have other reasons, and to look again is not to mend them. */
    @ParameterizedTest
    @EnumSource(
            value = Loss.Kind.class,
            names = {"NO_SUCH_DEVICE", "BUSY", "NOT_PERMITTED", "UNAVAILABLE", "FAILED", "REFUSED", "TIMED_OUT"})
    void one_that_is_there_and_cannot_be_opened_is_tried_as_seldom_as_any(Loss.Kind kind) {
        connect();
        outlet.refusal = kind;
        outlet.unplug();
        outlet.plugIn();
        environment.advance(Duration.ofMinutes(1));
        forget();
        environment.advance(Duration.ofMinutes(20));
        assertThat(outlet.openedMillis).hasSizeBetween(15, 26);
        assertThat(outlet.lookedMillis).hasSameSizeAs(outlet.openedMillis);
    }

    @ParameterizedTest
    @EnumSource(
            value = Loss.Kind.class,
            names = {"NO_SUCH_DEVICE", "BUSY", "FAILED"})
    void one_that_comes_and_cannot_be_opened_is_tried_at_once_and_then_as_seldom_as_any(Loss.Kind kind) {
        connect();
        awayFor(A_LONG_TIME);
        outlet.refusal = kind;
        outlet.plugIn();
        environment.advance(Duration.ofSeconds(20));
        assertThat(outlet.openedMillis).as("after 0, 1, 3, 7 and 15 s").hasSizeBetween(4, 6);
        environment.advance(Duration.ofMinutes(5));
        forget();
        environment.advance(Duration.ofMinutes(20));
        assertThat(outlet.openedMillis).hasSizeBetween(15, 26);
    }

    /** A board that restarts again and again is not opened each time. */
    @Test
    void one_that_comes_and_goes_is_tried_less_and_less() {
        connect();
        outlet.unplug();
        outlet.refusal = Loss.Kind.FAILED;
        environment.advance(Duration.ofSeconds(30));
        forget();
        for (int i = 0; i < 300; i++) {
            outlet.plugIn();
            environment.advance(Duration.ofSeconds(2));
            outlet.unplug();
            environment.advance(Duration.ofSeconds(2));
        }
        assertThat(outlet.openedMillis).as("in 20 min, of 300 chances").hasSizeBetween(10, 60);
    }

    @Test
    void one_that_stays_for_a_moment_each_time_is_tried_less_and_less() {
        connect();
        outlet.unplug();
        environment.advance(Duration.ofSeconds(30));
        forget();
        for (int i = 0; i < 200; i++) {
            outlet.plugIn();
            environment.advance(Duration.ofSeconds(3));
            outlet.unplug();
            environment.advance(Duration.ofSeconds(3));
        }
        assertThat(outlet.openedMillis).as("in 20 min, of 200 chances").hasSizeBetween(10, 60);
    }

    /** A board that restarts again and again, and a user who is not in the group. */
    @Test
    void one_that_comes_and_goes_and_may_not_be_opened_is_tried_less_and_less() {
        connect();
        outlet.unplug();
        outlet.refusal = Loss.Kind.NOT_PERMITTED;
        environment.advance(Duration.ofSeconds(30));
        forget();
        for (int i = 0; i < 600; i++) {
            outlet.plugIn();
            environment.advance(Duration.ofSeconds(1));
            outlet.unplug();
            environment.advance(Duration.ofSeconds(1));
        }
        assertThat(outlet.openedMillis).as("in 20 min, of 600 chances").hasSizeBetween(10, 120);
    }

    /** It is seen by whoever looks, and missing whenever the link wants to connect. */
    @Test
    void one_that_shows_itself_and_hides_costs_no_more_than_the_usual_waits() {
        connect();
        awayFor(A_LONG_TIME);
        outlet.instead = () -> state() == LinkState.CONNECTING
                ? outlet.missing()
                : outlet.real(node.endpoint().address());
        outlet.plugIn();
        environment.advance(Duration.ofMinutes(20));
        assertThat(told.stream().filter(status -> status.state() == LinkState.CONNECTING))
                .hasSizeBetween(15, 52);
        assertThat(outlet.openedMillis).isEmpty();
    }

    @Test
    void one_whose_permissions_come_late_is_open_within_two_seconds() {
        connect();
        awayFor(A_LONG_TIME);
        outlet.refusal = Loss.Kind.NOT_PERMITTED;
        outlet.plugIn();
        advanceMillis(1200);
        assertThat(lastLoss()).isEqualTo(LossCause.NOT_PERMITTED);
        outlet.refusal = null;
        advanceMillis(800);
        assertThat(state()).isEqualTo(LinkState.READY);
    }

    @Test
    void one_whose_permissions_do_not_come_waits_as_usual() {
        connect();
        awayFor(A_LONG_TIME);
        outlet.refusal = Loss.Kind.NOT_PERMITTED;
        outlet.plugIn();
        environment.advance(Duration.ofSeconds(20));
        assertThat(outlet.openedMillis).hasSizeBetween(8, 12);
        environment.advance(Duration.ofMinutes(5));
        forget();
        environment.advance(Duration.ofMinutes(20));
        assertThat(outlet.openedMillis).hasSizeBetween(15, 26);
    }

    @Test
    void a_question_that_is_never_answered_is_not_asked_again() {
        connect();
        awayFor(Duration.ofMinutes(5));
        List<CompletionStage<Target>> asked = new ArrayList<>();
        outlet.instead = () -> {
            if (state() == LinkState.CONNECTING) {
                return outlet.missing();
            }
            asked.add(new CompletableFuture<>());
            return asked.get(0);
        };
        environment.advance(A_LONG_TIME);
        assertThat(asked).hasSize(1);

        outlet.instead = null;
        outlet.plugIn();
        environment.advance(Duration.ofSeconds(75));
        assertThat(state()).as("by the usual waits").isEqualTo(LinkState.READY);
    }

    @Test
    void a_transport_that_fails_to_look_hurts_nobody() {
        connect();
        awayFor(Duration.ofMinutes(5));
        List<Supplier<CompletionStage<Target>>> failures = List.of(
                () -> {
                    throw new IllegalStateException("broken");
                },
                () -> {
                    throw new LinkageError("broken");
                },
                () -> null,
                () -> CompletableFuture.completedStage(null),
                () -> CompletableFuture.failedStage(new IllegalStateException("broken")));
        for (Supplier<CompletionStage<Target>> failure : failures) {
            outlet.instead = () -> state() == LinkState.CONNECTING ? outlet.missing() : failure.get();
            forget();
            environment.advance(Duration.ofMinutes(2));
            assertThat(outlet.lookedMillis).hasSizeBetween(200, 245);
            assertThat(lastLoss()).isEqualTo(LossCause.NO_SUCH_DEVICE);
        }
        outlet.instead = null;
        outlet.plugIn();
        advanceMillis(1000);
        assertThat(state()).isEqualTo(LinkState.READY);
    }

    @Test
    void a_name_that_does_not_resolve_is_no_device() {
        outlet.instead = () -> CompletableFuture.failedStage(new java.net.UnknownHostException("nowhere"));
        bot = links.acquire(node.endpoint(), "bot");
        environment.advance(Duration.ofMinutes(5));
        assertThat(lastLoss()).isEqualTo(LossCause.UNRESOLVED);
        forget();
        environment.advance(A_LONG_TIME);
        assertThat(outlet.lookedMillis).hasSizeBetween(8, 14);
    }
}
