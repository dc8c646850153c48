package dev.meshlease.tcp;

import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import dev.meshlease.internal.permit.Issuer;
import dev.meshlease.spi.LinkKey;
import dev.meshlease.spi.Permit;
import dev.meshlease.spi.Target;
import java.net.InetAddress;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Past the registry there is no connection. There is no loop here, so that whatever went beyond the permit would fail otherwise. */
class TcpPermitTest {
    private final Target target = TcpTarget.of(List.of(InetAddress.getLoopbackAddress()), 4403);

    @Test
    void nothing_is_connected_without_a_permit() {
        assertThatNullPointerException()
                .isThrownBy(() -> target.connect(null, null, null))
                .withMessage("A connection needs a permit, which only a LinkRegistry gives out: ask it for a lease,"
                        + " acquire(endpoint, holder), instead of connecting past it");
    }

    @Test
    void nothing_is_connected_with_one_that_was_used() {
        Permit permit = Permit.issue(Issuer.TESTKIT, target.keys());
        permit.redeem(target.keys());
        requireRefused(permit, "This permit for [tcp://localhost:4403] was used before");
    }

    @Test
    void nothing_is_connected_with_one_for_another_node() {
        Set<LinkKey> elsewhere = Set.of(new LinkKey("tcp", "10.0.0.7:4403"));
        requireRefused(
                Permit.issue(Issuer.TESTKIT, elsewhere),
                "This permit is for [tcp://10.0.0.7:4403], not for [tcp://localhost:4403]");
    }

    @Test
    void nothing_is_connected_with_one_that_was_kept() {
        Permit permit = Permit.issue(Issuer.TESTKIT, target.keys());
        permit.expire();
        requireRefused(permit, "This permit for [tcp://localhost:4403] has expired");
    }

    private void requireRefused(Permit permit, String why) {
        assertThatIllegalStateException()
                .isThrownBy(() -> target.connect(permit, null, null))
                .withMessageStartingWith(why);
    }
}
