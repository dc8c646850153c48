package dev.meshlease.testkit.internal.firmware;

/** What the serial console writes to while nothing is plugged in. */
enum NoCable implements ClientWire {
    INSTANCE;

    @Override
    public int write(byte[] bytes, int offset, int length) {
        return length;
    }

    @Override
    public void close(boolean reset) {
        // there is nothing to end
    }

    @Override
    public void vanish() {
        // likewise
    }

    @Override
    public void pause(boolean paused) {
        // nothing comes
    }
}
