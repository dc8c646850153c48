package dev.meshlease.serial;

import java.io.ByteArrayOutputStream;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** A port as a driver behaves it, made of nothing: what arrives, what is taken, when it is unplugged, is up to the test. */
final class FakePort implements OpenPort {
    private final Deque<byte[]> arriving = new ArrayDeque<>();
    private final List<byte[]> written = new ArrayList<>();
    private boolean isUnplugged;
    private boolean isClosed;
    private boolean isFull;
    private boolean isDeafToClose;
    private int takesAtMost = Integer.MAX_VALUE;
    private int unsent;
    private int reads;
    private int unsentAtClose = -1;
    private boolean readsNothing;

    synchronized void arrives(byte... bytes) {
        arriving.add(bytes);
        notifyAll();
    }

    /** Reads return -1 from now on, writes take nothing. */
    synchronized void unplug() {
        isUnplugged = true;
        notifyAll();
    }

    /** Writes wait from now on. */
    synchronized void fill() {
        isFull = true;
    }

    synchronized void makeRoom() {
        isFull = false;
        notifyAll();
    }

    /** A driver bug: what waits in the port does not return when it is closed. */
    synchronized void ignoreClose() {
        isDeafToClose = true;
    }

    synchronized void takeAtMost(int bytes) {
        takesAtMost = bytes;
    }

    /** How many bytes the driver will have, one less each time it is asked. */
    synchronized void unsent(int bytes) {
        unsent = bytes;
    }

    /** Reads return at once without anything from now on. */
    synchronized void readNothing() {
        readsNothing = true;
        notifyAll();
    }

    @Override
    public synchronized int read(byte[] into) {
        reads++;
        while (arriving.isEmpty() && !isOver() && !readsNothing) {
            await();
        }
        if (!arriving.isEmpty() && !isClosed) {
            byte[] next = arriving.remove();
            System.arraycopy(next, 0, into, 0, next.length);
            return next.length;
        }
        return isOver() ? -1 : 0;
    }

    @Override
    public synchronized int write(byte[] bytes) {
        while (isFull && !isOver()) {
            await();
        }
        if (isOver()) {
            return isClosed ? -1 : 0;
        }
        written.add(bytes.clone());
        return Math.min(takesAtMost, bytes.length);
    }

    private boolean isOver() {
        return isUnplugged || (isClosed && !isDeafToClose);
    }

    private void await() {
        try {
            wait();
        } catch (InterruptedException e) {
            throw new AssertionError("Nobody interrupts a thread in a driver", e);
        }
    }

    @Override
    public synchronized int unsent() {
        return unsent == 0 ? 0 : unsent--;
    }

    @Override
    public synchronized void close() {
        if (!isClosed) {
            unsentAtClose = unsent;
        }
        isClosed = true;
        notifyAll();
    }

    synchronized boolean isClosed() {
        return isClosed;
    }

    synchronized int unsentAtClose() {
        return unsentAtClose;
    }

    synchronized int reads() {
        return reads;
    }

    /** Each call's bytes. */
    synchronized List<byte[]> written() {
        return List.copyOf(written);
    }

    /** Behind the wake bytes. */
    synchronized String text() {
        var all = new ByteArrayOutputStream();
        written.stream().skip(1).forEach(all::writeBytes);
        return all.toString(java.nio.charset.StandardCharsets.UTF_8);
    }
}
