package dev.meshlease.testkit.junit;

import dev.meshlease.testkit.VirtualEnvironment;

/** Not a failure but a note on one, which every tool shows that shows the failure. */
final class VirtualRun extends Exception {
    private static final long serialVersionUID = 1L;

    VirtualRun(VirtualEnvironment environment) {
        super(
                "this was in " + environment + "; to have the same run again: -D" + VirtualEnvironment.SEED_PROPERTY
                        + "=" + environment.seed(),
                null,
                false,
                false);
    }
}
