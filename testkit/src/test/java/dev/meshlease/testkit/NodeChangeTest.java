package dev.meshlease.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.meshlease.DuplicateLinkException;
import dev.meshlease.Endpoint;
import dev.meshlease.Lease;
import dev.meshlease.LinkLoss;
import dev.meshlease.LinkRegistry;
import dev.meshlease.LinkState;
import dev.meshlease.LossCause;
import dev.meshlease.NodeChange;
import dev.meshlease.testkit.node.Variant;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Addresses behind which another node is found than before. */
class NodeChangeTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Endpoint PLACE = Endpoint.of("sim://place");
    private static final Endpoint OTHER_PLACE = Endpoint.of("sim://other-place");

    private final VirtualEnvironment environment = VirtualEnvironment.create();
    private final SimulatedNode node = start(SimulatedNode.builder().deviceId(device(1)));
    private final LinkRegistry links = environment.registry();

    private static byte[] device(int number) {
        byte[] id = new byte[16];
        id[15] = (byte) number;
        return id;
    }

    private SimulatedNode start(SimulatedNodeBuilder builder) {
        return builder.nodes(1).start(environment);
    }

    @AfterEach
    void close() {
        links.close();
        node.close();
    }

    private void leads(Endpoint place, SimulatedNode where) {
        environment.transport().forward(place.address(), where.endpoint());
    }

    private Lease ready(Endpoint place, String holder) {
        Lease lease = links.acquire(place, holder);
        lease.ready().await(PATIENCE);
        return lease;
    }

    /** The link finds another node behind its address. */
    private NodeChange found(SimulatedNode next) {
        leads(PLACE, node);
        Lease bot = ready(PLACE, "bot");
        assertThat(bot.status().change()).isEmpty();
        try (LogText log = new LogText()) {
            leads(PLACE, next);
            node.disconnectClient();
            assertThat(next.await(each -> bot.status().isReady() && bot.status().generation() == 2, PATIENCE))
                    .as("%s", bot.status())
                    .isTrue();
            NodeChange change = bot.status().change().orElseThrow();
            assertThat(log.lines("WARN")).singleElement().asString().contains("sim://place", change.toString());
            assertThat(bot.link().describe()).contains(change.toString());
            assertThat(bot.node().id()).isEqualTo(next.id());

            next.disconnectClient();
            environment.advance(Duration.ofMinutes(1));
            assertThat(log.lines("WARN")).as("not again for the same node").hasSize(1);
            return change;
        }
    }

    @Test
    void another_device_has_replaced_the_former_one() {
        SimulatedNode next = start(SimulatedNode.builder().deviceId(device(2)));

        NodeChange change = found(next);

        assertThat(change.kind()).isEqualTo(NodeChange.Kind.REPLACED);
        assertThat(change.before()).isEqualTo(node.id());
        assertThat(change.now()).isEqualTo(next.id());
        next.close();
    }

    @Test
    void another_device_under_the_same_number_has_replaced_the_former_one() {
        SimulatedNode next = start(SimulatedNode.builder().deviceId(device(2)).number(node.id()));

        assertThat(found(next).kind()).isEqualTo(NodeChange.Kind.REPLACED);
        next.close();
    }

    @Test
    void the_same_device_under_another_number_is_renumbered() {
        SimulatedNode next = start(SimulatedNode.builder().deviceId(device(1)));

        assertThat(found(next).kind()).isEqualTo(NodeChange.Kind.RENUMBERED);
        next.close();
    }

    @Test
    void without_device_ids_nobody_can_say() {
        SimulatedNode next = start(SimulatedNode.builder().deviceId(new byte[0]));

        assertThat(found(next).kind()).isEqualTo(NodeChange.Kind.UNKNOWN);
        next.close();
    }

    @Test
    void what_it_left_is_free_for_others() {
        SimulatedNode next = start(SimulatedNode.builder().deviceId(device(2)));
        found(next);
        leads(OTHER_PLACE, node);

        Lease other = ready(OTHER_PLACE, "other");

        assertThat(other.node().id()).isEqualTo(node.id());
        next.close();
    }

    @Test
    void two_nodes_that_change_their_addresses_are_both_found() {
        SimulatedNode second = start(SimulatedNode.builder());
        leads(PLACE, node);
        leads(OTHER_PLACE, second);
        Lease bot = ready(PLACE, "bot");
        Lease other = ready(OTHER_PLACE, "other");

        leads(PLACE, second);
        leads(OTHER_PLACE, node);
        node.disconnectClient();
        second.disconnectClient();
        environment.advance(Duration.ofMinutes(2));

        assertThat(bot.status().isReady()).as("%s", bot.status()).isTrue();
        assertThat(other.status().isReady()).as("%s", other.status()).isTrue();
        assertThat(bot.node().id()).isEqualTo(second.id());
        assertThat(other.node().id()).isEqualTo(node.id());
        assertThat(bot.status().change().orElseThrow().kind()).isEqualTo(NodeChange.Kind.REPLACED);
        assertThat(other.status().change().orElseThrow().kind()).isEqualTo(NodeChange.Kind.REPLACED);
        second.close();
    }

    @Test
    void and_found_again_when_they_change_back() {
        SimulatedNode second = start(SimulatedNode.builder());
        leads(PLACE, node);
        leads(OTHER_PLACE, second);
        Lease bot = ready(PLACE, "bot");
        Lease other = ready(OTHER_PLACE, "other");

        for (int round = 0; round < 4; round++) {
            boolean isSwapped = round % 2 == 0;
            leads(PLACE, isSwapped ? second : node);
            leads(OTHER_PLACE, isSwapped ? node : second);
            node.disconnectClient();
            second.disconnectClient();
            environment.advance(Duration.ofMinutes(10));

            assertThat(bot.status().isReady())
                    .as("round %d: %s", round, bot.status())
                    .isTrue();
            assertThat(other.status().isReady())
                    .as("round %d: %s", round, other.status())
                    .isTrue();
        }
        second.close();
    }

    @Test
    void what_the_duplicates_address_led_to_before_is_not_an_alias() {
        SimulatedNode second = start(SimulatedNode.builder());
        leads(PLACE, node);
        leads(OTHER_PLACE, second);
        Lease bot = ready(PLACE, "bot");
        Endpoint name = Endpoint.of("sim://name");
        environment.transport().alias(name.address(), OTHER_PLACE);
        Lease wandering = ready(name, "wandering");

        leads(Endpoint.of("sim://third-place"), node);
        environment.transport().alias(name.address(), Endpoint.of("sim://third-place"));
        second.disconnectClient();
        environment.advance(Duration.ofMinutes(10));
        assertThat(wandering.status().state()).as("%s", wandering.status()).isEqualTo(LinkState.CLOSED);
        assertThat(bot.status().isReady()).as("%s", bot.status()).isTrue();

        Lease free = ready(OTHER_PLACE, "free");
        assertThat(free.node().id()).isEqualTo(second.id());
        assertThatThrownBy(() -> links.acquire("sim://third-place", "refused"))
                .isInstanceOf(DuplicateLinkException.class);
        second.close();
    }

    @Test
    void a_link_whose_address_leads_to_anothers_node_lets_that_one_go_first_and_is_closed_if_it_is_true() {
        SimulatedNode second = start(SimulatedNode.builder());
        leads(PLACE, node);
        leads(OTHER_PLACE, second);
        Lease bot = ready(PLACE, "bot");
        Lease other = ready(OTHER_PLACE, "other");
        int before = node.accepted();

        leads(OTHER_PLACE, node);
        second.disconnectClient();
        environment.advance(Duration.ofMinutes(10));

        assertThat(other.status().state()).as("%s", other.status()).isEqualTo(LinkState.CLOSED);
        assertThatThrownBy(() -> other.closed().await(PATIENCE))
                .isInstanceOfSatisfying(DuplicateLinkException.class, duplicate -> {
                    assertThat(duplicate.scope()).isEqualTo(DuplicateLinkException.Scope.NODE);
                    assertThat(duplicate.existing()).contains(PLACE);
                });
        assertThat(other.status().losses()).extracting(LinkLoss::cause).contains(LossCause.CLAIM_HELD);
        assertThat(bot.status().isReady()).as("%s", bot.status()).isTrue();
        assertThat(bot.status().change()).isEmpty();
        assertThat(node.accepted() - before)
                .as("the other, this one again, and once more each")
                .isEqualTo(4);
        second.close();
    }

    @Test
    void one_whose_address_leads_to_a_node_that_another_has_by_its_console_is_closed_too_although_that_loses_nothing() {
        SimulatedNode second = start(SimulatedNode.builder().variant(Variant.serialConsole()));
        leads(PLACE, node);
        Lease bot = ready(PLACE, "bot");
        Lease other = ready(second.consoleEndpoint(), "other");
        int before = second.accepted();

        leads(PLACE, second);
        node.disconnectClient();
        environment.advance(Duration.ofHours(1));

        assertThat(bot.status().state()).as("%s", bot.status()).isEqualTo(LinkState.CLOSED);
        assertThat(other.status().losses()).isEmpty();
        assertThat(second.accepted() - before).isLessThanOrEqualTo(10);
        second.close();
    }

    @Test
    void while_the_first_link_is_away_one_that_found_its_node_keeps_trying() {
        SimulatedNode second = start(SimulatedNode.builder());
        leads(PLACE, node);
        leads(OTHER_PLACE, second);
        Lease bot = ready(PLACE, "bot");
        Lease other = ready(OTHER_PLACE, "other");

        environment.transport().forward(PLACE.address(), Endpoint.of("sim://nowhere"));
        leads(OTHER_PLACE, node);
        node.disconnectClient();
        second.disconnectClient();
        environment.advance(Duration.ofMinutes(5));
        assertThat(other.status().state()).as("%s", other.status()).isEqualTo(LinkState.BACKING_OFF);

        bot.close();
        environment.advance(Duration.ofMinutes(3));
        assertThat(other.status().isReady()).as("%s", other.status()).isTrue();
        assertThat(other.node().id()).isEqualTo(node.id());
        second.close();
    }
}
