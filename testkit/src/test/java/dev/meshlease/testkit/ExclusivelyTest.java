package dev.meshlease.testkit;

import static dev.meshlease.message.OutboundMessage.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import dev.meshlease.Delivery;
import dev.meshlease.DeliveryException;
import dev.meshlease.DeliveryFailure;
import dev.meshlease.DeliveryStage;
import dev.meshlease.Exclusive;
import dev.meshlease.Lease;
import dev.meshlease.LeaseClosedException;
import dev.meshlease.LeaseOptions;
import dev.meshlease.NotReadyException;
import dev.meshlease.Pending;
import dev.meshlease.RawExchange;
import dev.meshlease.RequestException;
import dev.meshlease.SettingsEdit;
import dev.meshlease.WaitTimeoutException;
import dev.meshlease.WhileDown;
import dev.meshlease.message.Request;
import dev.meshlease.proto.AdminMessage;
import dev.meshlease.proto.AdminMessage.PayloadVariantCase;
import dev.meshlease.proto.Config;
import dev.meshlease.proto.MqttClientProxyMessage;
import dev.meshlease.proto.ToRadio;
import dev.meshlease.proto.XModem;
import dev.meshlease.testkit.fault.Fault;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Test;

/** What one lease at a time may do with a node. */
class ExclusivelyTest extends TwoHolders {
    @Test
    void an_edit_is_saved_at_once_and_costs_one_restart() {
        SettingsEdit edit = edit(one);
        Delivery first = edit.apply(named("First"));
        Delivery second = edit.apply(named("Second"));
        first.await(PATIENCE);
        second.await(PATIENCE);
        environment.advance(Duration.ofSeconds(20));
        assertThat(one.status().generation()).as("no restart before the commit").isEqualTo(1);

        edit.commit().await(PATIENCE);
        environment.advance(Duration.ofMinutes(2));

        assertThat(orders())
                .containsExactly(
                        PayloadVariantCase.BEGIN_EDIT_SETTINGS,
                        PayloadVariantCase.SET_OWNER,
                        PayloadVariantCase.SET_OWNER,
                        PayloadVariantCase.COMMIT_EDIT_SETTINGS);
        assertThat(one.status().generation()).isEqualTo(2);
        assertThat(one.request(Request.owner()).await(PATIENCE).getLongName()).isEqualTo("Second");
    }

    @Test
    void the_next_edit_begins_when_the_node_has_restarted() {
        SettingsEdit edit = edit(one);
        Pending<SettingsEdit> next = two.exclusively(Exclusive.settings());
        environment.advance(Duration.ofSeconds(5));
        assertThat(next.isDone()).isFalse();
        assertThat(links.describe()).contains("settings: 'one', and 1 waiting");

        edit.commit().await(PATIENCE);
        assertThat(next.isDone()).isFalse();
        SettingsEdit second = next.await(PATIENCE);

        assertThat(two.status().generation()).isEqualTo(2);
        second.commit().await(PATIENCE);
        environment.advance(Duration.ofMinutes(1));
        assertThat(two.status().generation()).isEqualTo(3);
    }

    @Test
    void other_leases_changes_wait_and_nothing_else_of_theirs() {
        SettingsEdit edit = edit(one);
        Delivery change = two.send(order(named("Other")));
        Lease three = links.acquire(node.endpoint(), "three");
        assertThat(three.request(Request.owner()).await(PATIENCE).getLongName()).isNotEmpty();
        three.send(text("hello")).reached(DeliveryStage.ACCEPTED).await(PATIENCE);
        one.send(order(named("Own"))).await(PATIENCE);
        environment.advance(Duration.ofMinutes(1));
        assertThat(change.stage()).isEqualTo(DeliveryStage.QUEUED);

        edit.commit().await(PATIENCE);
        assertThat(change.stage()).as("the node is about to restart").isEqualTo(DeliveryStage.QUEUED);
        change.await(PATIENCE);

        assertThat(two.status().generation()).isEqualTo(2);
        assertThat(orders()).endsWith(PayloadVariantCase.COMMIT_EDIT_SETTINGS, PayloadVariantCase.SET_OWNER);
    }

    @Test
    void an_edit_that_is_closed_is_committed_all_the_same() {
        SettingsEdit edit = edit(one);
        edit.apply(named("Half"));
        edit.close();
        edit.close();
        environment.advance(Duration.ofMinutes(1));

        assertThat(orders())
                .containsExactly(
                        PayloadVariantCase.BEGIN_EDIT_SETTINGS,
                        PayloadVariantCase.SET_OWNER,
                        PayloadVariantCase.COMMIT_EDIT_SETTINGS);
        assertThatThrownBy(() -> edit.apply(named("Late"))).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(edit::commit)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("closed");
        edit(two).commit().await(PATIENCE);
    }

    @Test
    void and_so_is_one_whose_lease_is_closed() {
        SettingsEdit edit = edit(one);
        one.close();
        environment.advance(Duration.ofMinutes(1));

        assertThat(orders())
                .containsExactly(PayloadVariantCase.BEGIN_EDIT_SETTINGS, PayloadVariantCase.COMMIT_EDIT_SETTINGS);
        assertThatThrownBy(() -> edit.apply(named("Late"))).isInstanceOf(LeaseClosedException.class);
        assertThatThrownBy(edit::commit).isInstanceOf(LeaseClosedException.class);
        edit.close();
        edit(two).commit().await(PATIENCE);
    }

    @Test
    void and_one_whose_link_is_closed() {
        edit(one);
        links.close();

        assertThat(orders())
                .containsExactly(PayloadVariantCase.BEGIN_EDIT_SETTINGS, PayloadVariantCase.COMMIT_EDIT_SETTINGS);
    }

    @Test
    void a_commit_goes_on_when_its_edit_and_its_lease_are_closed() {
        Pending<Void> commit;
        try (SettingsEdit edit = edit(one)) {
            edit.apply(named("Whole"));
            commit = edit.commit();
        }
        commit.await(PATIENCE);
        environment.advance(Duration.ofMinutes(1));
        assertThat(orders())
                .filteredOn(PayloadVariantCase.COMMIT_EDIT_SETTINGS::equals)
                .hasSize(1);
    }

    @Test
    void a_lost_link_ends_an_edit_and_the_link_commits_what_is_left_of_it() {
        SettingsEdit edit = edit(one);
        edit.apply(named("Kept")).await(PATIENCE);
        node.disconnectClient();
        environment.advance(Duration.ofMillis(100));
        Delivery late = edit.apply(named("Late"));
        Pending<Void> commit = edit.commit();

        assertThatThrownBy(() -> late.await(PATIENCE))
                .isInstanceOfSatisfying(
                        DeliveryException.class,
                        failure -> assertThat(failure.reason()).contains(DeliveryFailure.LINK_DOWN));
        assertThat(late.stage()).isEqualTo(DeliveryStage.FAILED);
        assertThatThrownBy(() -> commit.await(PATIENCE))
                .isInstanceOfSatisfying(
                        DeliveryException.class,
                        failure -> assertThat(failure.delivery().stage()).isEqualTo(DeliveryStage.UNKNOWN));
        environment.advance(Duration.ofMinutes(1));
        assertThat(orders())
                .containsExactly(
                        PayloadVariantCase.BEGIN_EDIT_SETTINGS,
                        PayloadVariantCase.SET_OWNER,
                        PayloadVariantCase.COMMIT_EDIT_SETTINGS);
        assertThat(two.request(Request.owner()).await(PATIENCE).getLongName()).isEqualTo("Kept");
    }

    @Test
    void what_was_not_written_when_the_link_was_lost_is_not_written_later() {
        SettingsEdit edit = edit(one);
        node.inject(Fault.stallReading());
        environment.settle();
        Delivery written = edit.apply(named("Written"));
        Delivery queued = edit.apply(named("Queued"));
        Pending<Void> commit = edit.commit();
        environment.settle();
        node.disconnectClient();
        environment.advance(Duration.ofMillis(100));
        node.endFaults();
        environment.advance(Duration.ofMinutes(2));

        assertThat(List.of(written.isDone(), queued.isDone(), commit.isDone())).containsOnly(true);
        assertThat(queued.stage()).isEqualTo(DeliveryStage.FAILED);
        assertThatThrownBy(() -> commit.await(PATIENCE)).isInstanceOf(DeliveryException.class);
        assertThat(orders()).endsWith(PayloadVariantCase.COMMIT_EDIT_SETTINGS);
        assertThat(orders()).filteredOn(PayloadVariantCase.SET_OWNER::equals).hasSizeLessThanOrEqualTo(1);
        edit(two).commit().await(PATIENCE);
    }

    @Test
    void a_turn_that_does_not_come_says_who_has_it() {
        edit(one);
        Pending<SettingsEdit> late = two.exclusively(Exclusive.settings().within(Duration.ofSeconds(5)));

        assertThatThrownBy(() -> late.await(PATIENCE))
                .isInstanceOfSatisfying(
                        RequestException.class,
                        failure -> assertThat(failure.reason()).isEqualTo(RequestException.Reason.TIMEOUT))
                .hasMessageContaining("settings: 'one'")
                .hasMessageContaining("PT5S");
    }

    @Test
    void who_stops_waiting_gives_the_turn_back() {
        SettingsEdit edit = edit(one);
        Pending<SettingsEdit> impatient = two.exclusively(Exclusive.settings());
        assertThatThrownBy(() -> impatient.await(Duration.ofSeconds(1))).isInstanceOf(WaitTimeoutException.class);
        Pending<SettingsEdit> cancelled = two.exclusively(Exclusive.settings());
        assertThat(cancelled.cancel()).isTrue();
        assertThat(cancelled.cancel()).isFalse();
        assertThatThrownBy(() -> cancelled.await(PATIENCE)).isInstanceOf(CancellationException.class);

        edit.commit().await(PATIENCE);
        environment.advance(Duration.ofMinutes(1));

        assertThat(links.describe()).doesNotContain("settings:");
        assertThat(orders())
                .filteredOn(PayloadVariantCase.BEGIN_EDIT_SETTINGS::equals)
                .hasSize(1);
    }

    @Test
    void a_closed_lease_waits_no_more() {
        edit(one);
        Pending<SettingsEdit> waiting = two.exclusively(Exclusive.settings());
        two.close();
        assertThatThrownBy(() -> waiting.await(PATIENCE)).isInstanceOf(LeaseClosedException.class);
        assertThatThrownBy(() -> two.exclusively(Exclusive.settings())).isInstanceOf(LeaseClosedException.class);
    }

    @Test
    void a_lease_that_does_not_wait_for_the_link_does_not_wait_for_a_turn_either() {
        node.inject(Fault.refuse(Duration.ofMinutes(10)));
        node.disconnectClient();
        environment.advance(Duration.ofSeconds(1));
        Lease hasty = links.acquire(node.endpoint(), LeaseOptions.of("hasty").whileDown(WhileDown.REFUSE));

        assertThatThrownBy(() -> hasty.exclusively(Exclusive.xmodem()).await(PATIENCE))
                .isInstanceOf(NotReadyException.class);
        Pending<RawExchange> patient = one.exclusively(Exclusive.xmodem());
        environment.advance(Duration.ofSeconds(5));
        assertThat(patient.isDone()).isFalse();
        node.endFaults();
        patient.await(PATIENCE).close();
    }

    @Test
    void an_edit_takes_changes_only() {
        SettingsEdit edit = edit(one);
        AdminMessage question =
                AdminMessage.newBuilder().setGetOwnerRequest(true).build();
        AdminMessage commit =
                AdminMessage.newBuilder().setCommitEditSettings(true).build();
        for (AdminMessage wrong : List.of(question, commit, AdminMessage.getDefaultInstance())) {
            assertThatThrownBy(() -> edit.apply(wrong))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("takes changes");
        }
    }

    @Test
    void a_managed_node_begins_no_edit() {
        ByteString key = ByteString.copyFrom(new byte[32]).substring(1).concat(ByteString.copyFromUtf8("k"));
        AdminMessage managed = AdminMessage.newBuilder()
                .setSetConfig(Config.newBuilder()
                        .setSecurity(Config.SecurityConfig.newBuilder()
                                .setIsManaged(true)
                                .addAdminKey(key)))
                .build();
        one.send(order(managed)).await(PATIENCE);
        environment.advance(Duration.ofMinutes(2)); // a restart

        assertThatThrownBy(() -> edit(one))
                .isInstanceOfSatisfying(
                        DeliveryException.class,
                        failure -> assertThat(failure.reason()).contains(DeliveryFailure.NO_RESPONSE))
                .hasMessageContaining("the node did not begin it");
        environment.advance(Duration.ofMinutes(2));
        assertThat(orders()).containsExactly(PayloadVariantCase.SET_CONFIG, PayloadVariantCase.BEGIN_EDIT_SETTINGS);
        assertThat(links.describe()).doesNotContain("settings:");
    }

    @Test
    void an_exchange_is_for_one_lease_and_for_one_kind_of_message() {
        ToRadio block = ToRadio.newBuilder()
                .setXmodemPacket(XModem.newBuilder().setControl(XModem.Control.SOH))
                .build();
        ToRadio published = ToRadio.newBuilder()
                .setMqttClientProxyMessage(MqttClientProxyMessage.newBuilder().setTopic("msh"))
                .build();
        RawExchange files = one.exclusively(Exclusive.xmodem()).await(PATIENCE);
        Pending<RawExchange> next = two.exclusively(Exclusive.xmodem());
        RawExchange proxy = two.exclusively(Exclusive.mqttProxy()).await(PATIENCE);

        files.send(block).await(PATIENCE);
        proxy.send(published).await(PATIENCE);
        assertThatThrownBy(() -> files.send(published)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> proxy.send(ToRadio.getDefaultInstance())).isInstanceOf(IllegalArgumentException.class);
        environment.advance(Duration.ofSeconds(1));
        assertThat(node.conversation().toString()).contains("xmodempacket").contains("mqttclientproxymessage");
        assertThat(next.isDone()).isFalse();

        files.close();
        assertThatThrownBy(() -> files.send(block)).isInstanceOf(IllegalStateException.class);
        next.await(PATIENCE).send(block).await(PATIENCE);
    }

    @Test
    void an_exchange_ends_with_its_connection() {
        ToRadio block = ToRadio.newBuilder()
                .setXmodemPacket(XModem.newBuilder().setControl(XModem.Control.SOH))
                .build();
        RawExchange files = one.exclusively(Exclusive.xmodem()).await(PATIENCE);
        node.disconnectClient();
        environment.advance(Duration.ofMinutes(1));

        assertThatThrownBy(() -> files.send(block).await(PATIENCE))
                .isInstanceOf(NotReadyException.class)
                .hasMessageContaining("nothing was written");
        two.exclusively(Exclusive.xmodem()).await(PATIENCE).send(block).await(PATIENCE);
        files.close();
        two.exclusively(Exclusive.mqttProxy()).await(PATIENCE);
    }

    @Test
    void the_role_of_the_proxy_outlives_its_connection() {
        ToRadio published = ToRadio.newBuilder()
                .setMqttClientProxyMessage(MqttClientProxyMessage.newBuilder().setTopic("msh"))
                .build();
        RawExchange proxy = one.exclusively(Exclusive.mqttProxy()).await(PATIENCE);
        Pending<RawExchange> next = two.exclusively(Exclusive.mqttProxy());
        node.disconnectClient();
        environment.advance(Duration.ofMillis(100));
        assertThatThrownBy(() -> proxy.send(published).await(PATIENCE))
                .isInstanceOf(NotReadyException.class)
                .hasMessageContaining("the link is down");

        environment.advance(Duration.ofSeconds(30));
        proxy.send(published).await(PATIENCE);
        assertThat(next.isDone()).isFalse();
        one.close();
        next.await(PATIENCE);
    }

    @Test
    void a_turn_that_is_about_to_begin_ends_with_its_link() {
        node.inject(Fault.silence());
        Pending<SettingsEdit> beginning = one.exclusively(Exclusive.settings());
        environment.settle();
        Pending<SettingsEdit> waiting = two.exclusively(Exclusive.settings());
        links.close();
        environment.advance(Duration.ofSeconds(10));

        assertThat(List.of(beginning.isDone(), waiting.isDone())).containsOnly(true);
        assertThatThrownBy(() -> beginning.await(PATIENCE)).isInstanceOf(LeaseClosedException.class);
        assertThatThrownBy(() -> waiting.await(PATIENCE)).isInstanceOf(LeaseClosedException.class);
    }

    @Test
    void a_full_outbox_holds_up_the_turn_of_its_own_lease_only() {
        node.inject(Fault.silence());
        for (int i = 0; i < 70; i++) {
            one.send(text("text " + i));
        }
        assertThatThrownBy(() -> edit(one)).isInstanceOf(WaitTimeoutException.class);
        node.endFaults();
        edit(two).commit().await(PATIENCE);
    }
}
