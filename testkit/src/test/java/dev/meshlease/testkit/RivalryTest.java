package dev.meshlease.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.meshlease.Contention;
import dev.meshlease.Lease;
import dev.meshlease.LinkLoss;
import dev.meshlease.LinkRegistry;
import dev.meshlease.LossCause;
import dev.meshlease.testkit.fault.Fault;
import dev.meshlease.testkit.fault.Injection;
import java.time.Duration;
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
            node.inject(Fault.duel(Duration.ofSeconds(1)).lasting(Duration.ofHours(6)));
            environment.advance(Duration.ofHours(6));

            assertThat(log.lines("WARN"))
                    .singleElement()
                    .asString()
                    .contains("sim://", "another program", "on a phone");
            environment.advance(Duration.ofMinutes(10));
            assertThat(log.lines("INFO")).filteredOn(line -> line.contains("no longer contended")).hasSize(1);
        }
        assertThat(bot.status().isReady()).isTrue();
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
