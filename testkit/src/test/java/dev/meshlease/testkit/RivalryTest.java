package dev.meshlease.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.meshlease.Contention;
import dev.meshlease.Lease;
import dev.meshlease.LinkLoss;
import dev.meshlease.LinkOptions;
import dev.meshlease.LinkRegistry;
import dev.meshlease.LossCause;
import dev.meshlease.OwnedLink;
import dev.meshlease.testkit.fault.Fault;
import dev.meshlease.testkit.fault.Injection;
import dev.meshlease.testkit.node.Switch;
import dev.meshlease.testkit.node.Variant;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The library's link and a client that comes back whenever it is evicted. */
class RivalryTest {
    private final VirtualEnvironment environment = VirtualEnvironment.create();
    private final SimulatedNode node = SimulatedNode.builder().nodes(3).start(environment);
    private final LinkRegistry links = environment.registry();
    private Lease bot;

    @BeforeEach
    void connect() {
        bot = links.acquire(node.endpoint(), "bot");
        bot.ready().await(Duration.ofSeconds(30));
    }

    @AfterEach
    void close() {
        links.close();
        node.close();
    }

    /** The official Python client makes 600 connections against the same rival. */
    @Test
    void ten_minutes_with_a_rival_that_comes_back_every_second_cost_few_connections() {
        Injection duel = node.inject(Fault.duel(Duration.ofSeconds(1)));
        environment.advance(Duration.ofMinutes(10));

        assertThat(bot.status().generation()).as("%s", environment).isLessThan(25);
        assertThat(bot.status().contention())
                .map(Contention::evictions)
                .hasValueSatisfying(count -> assertThat(count).isGreaterThanOrEqualTo(3));
        assertThat(bot.status().losses()).last().extracting(LinkLoss::cause).isEqualTo(LossCause.DISPLACED);
        assertThat(bot.status().toString()).contains("CONTENDED").contains("DISPLACED");

        duel.close();
        assertThat(node.await(each -> bot.status().isReady(), Duration.ofSeconds(121)))
                .as("back within one wait, %s", bot.status())
                .isTrue();
        environment.advance(Duration.ofMinutes(4));
        assertThat(bot.status().isReady()).isTrue();
        assertThat(bot.status().contention()).isEmpty();
    }

    @Test
    void one_warning_says_what_to_look_for_however_long_it_lasts() {
        try (LogText log = new LogText()) {
            Injection duel = node.inject(Fault.duel(Duration.ofSeconds(1)));
            environment.advance(Duration.ofHours(6));
            duel.close();

            assertThat(log.lines("WARN"))
                    .singleElement()
                    .asString()
                    .contains("sim://", "another program", "on a phone");
            environment.advance(Duration.ofMinutes(10));
            assertThat(log.lines("INFO"))
                    .filteredOn(line -> line.contains("no longer contended"))
                    .hasSize(1);
        }
        assertThat(bot.status().isReady()).isTrue();
    }

    /** A program whose holders come and go, each for a moment: the link is closed in between, and opened anew. */
    @Test
    void holders_that_come_and_go_cost_no_more_connections_than_one_that_stays() {
        bot.close();
        environment.advance(Duration.ofMinutes(1));
        int before = node.accepted();
        try (LogText log = new LogText()) {
            Injection duel = node.inject(Fault.duel(Duration.ofSeconds(1)));
            for (int i = 0; i < 60; i++) {
                Lease poller = links.acquire(node.endpoint(), "poller");
                environment.advance(Duration.ofSeconds(2));
                poller.close();
                environment.advance(Duration.ofSeconds(8));
            }
            duel.close();
            // Each of ours is followed by one of the rival's.
            assertThat((node.accepted() - before) / 2).as("%s", environment).isLessThan(25);
            assertThat(log.lines("WARN")).hasSizeLessThan(2);
        }
    }

    /** Asks for the node for two seconds every so often, as a script does. */
    private List<Duration> polls(int times) {
        List<Duration> waits = new ArrayList<>();
        for (int i = 0; i < times; i++) {
            Instant before = environment.now();
            Lease poller = links.acquire(node.endpoint(), "poller");
            poller.ready().await(Duration.ofMinutes(3));
            waits.add(Duration.between(before, environment.now()));
            environment.advance(Duration.ofSeconds(2));
            poller.close();
            environment.advance(Duration.ofSeconds(8));
        }
        return waits;
    }

    @Test
    void holders_that_come_and_go_find_peace_again_when_the_rival_has_left() {
        Injection duel = node.inject(Fault.duel(Duration.ofSeconds(1)));
        environment.advance(Duration.ofMinutes(3));
        assertThat(bot.status().contention()).isPresent();
        duel.close();
        bot.close();

        List<Duration> waits = polls(8);
        assertThat(waits).allMatch(wait -> wait.compareTo(Duration.ofSeconds(121)) < 0);
        assertThat(waits.subList(4, 8)).allMatch(wait -> wait.compareTo(Duration.ofSeconds(2)) < 0);
    }

    @Test
    void what_ends_in_good_order_makes_no_wait_longer() {
        bot.close();
        environment.advance(Duration.ofSeconds(10));
        node.inject(Fault.refuse(Duration.ofSeconds(1)));

        List<Duration> waits = polls(10);
        assertThat(waits.subList(1, 10)).allMatch(wait -> wait.compareTo(Duration.ofSeconds(3)) < 0);
    }

    @Test
    void restarts_are_no_rival_from_one_link_to_the_next_either() {
        bot.close();
        environment.advance(Duration.ofSeconds(10));
        LinkOptions withoutLinger =
                links.defaults().toBuilder().linger(Duration.ZERO).build();
        for (int i = 0; i < 6; i++) {
            try (OwnedLink link = links.open(node.endpoint(), withoutLinger)) {
                Lease lease = link.acquire("script");
                lease.ready().await(Duration.ofMinutes(1));
                assertThat(lease.status().contention()).isEmpty();
                node.reboot();
                environment.advance(Duration.ofSeconds(40));
                assertThat(lease.status().losses()).isNotEmpty();
                lease.close();
            }
            environment.advance(Duration.ofSeconds(60));
        }
    }

    /** Boards restart without a word: their connection is found reset at the next question, when they are up again. */
    @Test
    void a_script_that_restarts_the_node_again_and_again_has_no_rival() {
        node.close();
        try (SimulatedNode board = SimulatedNode.builder()
                        .variant(Variant.esp32Wifi())
                        .with(Switch.REBOOT_TIME, Duration.ofSeconds(5))
                        .start(environment);
                LogText log = new LogText()) {
            Lease script = links.acquire(board.endpoint(), "script");
            for (int i = 0; i < 6; i++) {
                script.ready().await(Duration.ofMinutes(2));
                environment.advance(Duration.ofSeconds(15));
                board.reboot();
                environment.advance(Duration.ofSeconds(50));
            }
            assertThat(script.status().contention()).isEmpty();
            assertThat(script.status().losses()).extracting(LinkLoss::cause).containsOnly(LossCause.REBOOTED);
            assertThat(script.status().losses()).last().asString().contains("its count of restarts went from 5 to 6");
            assertThat(log.lines("WARN")).isEmpty();
        }
    }

    @Test
    void one_visit_is_no_contention() {
        node.evictClient();
        environment.advance(Duration.ofMinutes(5));
        assertThat(bot.status().isReady()).isTrue();
        assertThat(bot.status().contention()).isEmpty();
        assertThat(bot.status().generation()).isEqualTo(2);
    }

    @Test
    void nor_are_restarts_one_after_the_other() {
        for (int i = 0; i < 5; i++) {
            node.reboot();
            environment.advance(Duration.ofSeconds(90));
        }
        assertThat(bot.status().losses()).extracting(LinkLoss::cause).doesNotContain(LossCause.DISPLACED);
        assertThat(bot.status().isReady()).isTrue();
    }
}
