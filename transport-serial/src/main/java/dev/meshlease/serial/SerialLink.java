package dev.meshlease.serial;

import dev.meshlease.spi.ByteLink;
import dev.meshlease.spi.ByteLinkListener;
import dev.meshlease.spi.Loop;
import dev.meshlease.spi.Loss;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One connection over a serial port, from the attempt to open it until it is given back. */
final class SerialLink implements ByteLink {
    private static final Logger LOG = LoggerFactory.getLogger(SerialLink.class);
    private static final String DEVICES = "/dev/";
    private static final int READ_AHEAD_BYTES = 32 * 1024;

    /** What is taken before the port has taken it: a few frames, so that it is known soon whether they go out. */
    private static final int WRITE_AHEAD_BYTES = 4096;

    /** Ends half a header that whoever had the port before may have left, and wakes a node that sleeps. Any number of them is harmless. */
    private static final byte[] WAKE = new byte[32];

    static {
        Arrays.fill(WAKE, (byte) 0xC3);
    }

    /*
     * OPENING ──► WAKING ──► OPEN ──close()──► CLOSING ──► ENDING ──► ENDED      any state ──abort() or a loss──► ENDING
     *
     * OPENING: a helper is in the driver. Whatever is wanted meanwhile waits until it is back, since the port may be open by then.
     *
     * WAKING: the port is open, the wake bytes go out. What the node prints meanwhile waits in the inflow.
     *
     * CLOSING: the writer writes what is left, and waits until it has gone out.
     *
     * ENDING: a helper closes the port, which makes reader and writer return. What was read before is still told, unless it is cut.
     *
     * ENDED: the port is given back and both threads are gone; closed() was told. Whoever hears of it may open the port anew.
     *
     * All fields are the loop's. Reader, writer and helpers know the port and hand over what they see; every event is told from a task of
     * its own, so none from inside a method of this class.
     */
    private enum State {
        OPENING,
        WAKING,
        OPEN,
        CLOSING,
        ENDING,
        ENDED
    }

    private final String path;
    private final Loop loop;
    private final ByteLinkListener events;
    private final PortOpener opener;
    private final Executor helpers;
    private final LinkTiming timing;
    private final Inflow inflow;
    private State state = State.OPENING;
    private @Nullable OpenPort port;
    private @Nullable PortWriter writer;
    private int threads;
    private boolean hasOpened;
    private boolean isClosed;
    private boolean isAborted;
    private boolean wantsRoom;
    private int unwritten;
    private @Nullable Loss verdict;
    private Loop.@Nullable Timer deadline;

    /**
     * @param path of the device, for people
     * @param helpers where the port is opened and closed
     */
    SerialLink(
            String path, Loop loop, ByteLinkListener events, PortOpener opener, Executor helpers, LinkTiming timing) {
        this.path = path;
        this.loop = loop;
        this.events = events;
        this.opener = opener;
        this.helpers = helpers;
        this.timing = timing;
        this.inflow = new Inflow(READ_AHEAD_BYTES, () -> later(this::arrived));
    }

    void start() {
        try {
            helpers.execute(this::open);
        } catch (RejectedExecutionException e) {
            later(() -> notOpened(new Loss(Loss.Kind.FAILED, "no thread to open the port on", e)));
        }
    }

    /** On a helper. */
    private void open() {
        try {
            OpenPort opened = opener.open();
            if (!later(() -> opened(opened))) {
                opened.close();
            }
        } catch (PortException e) {
            later(() -> notOpened(e.loss()));
        } catch (RuntimeException | LinkageError e) {
            later(() -> notOpened(new Loss(Loss.Kind.FAILED, "the port could not be opened: " + e, e)));
        }
    }

    private void notOpened(Loss loss) {
        verdict = verdict == null ? loss : verdict;
        isClosed = true;
        state = State.ENDING;
        settle();
    }

    private void opened(OpenPort opened) {
        port = opened;
        if (state == State.ENDING) {
            giveBack();
            return;
        }
        state = State.WAKING;
        threads = 2;
        var writing = new PortWriter(
                opened,
                timing.drain().toNanos(),
                timing.linger().toNanos(),
                count -> later(() -> written(count)),
                failure -> later(() -> writerEnded(failure)));
        writer = writing;
        thread("reader", new PortReader(opened, inflow, () -> {
            if (!later(this::readerEnded)) {
                writing.end();
                opened.close();
            }
        }));
        thread("writer", writing);
        offer(WAKE.clone());
    }

    private void thread(String part, Runnable task) {
        String device = path.startsWith(DEVICES) ? path.substring(DEVICES.length()) : path;
        Thread thread = new Thread(task, "meshlease-serial-" + device + "-" + part);
        thread.setDaemon(true);
        thread.start();
    }

    private void ready() {
        if (state == State.WAKING) {
            state = State.OPEN;
            hasOpened = true;
            events.opened();
            arrived();
        }
    }

    // ---- reading

    private void arrived() {
        if (hasOpened && !isAborted && state != State.ENDED) {
            inflow.takeTo(events::received);
        }
    }

    private void readerEnded() {
        threads--;
        arrived();
        if (state != State.CLOSING) { // Then it ends once the writer has.
            end(lost("reading ended"));
        }
        settle();
    }

    // ---- writing

    @Override
    public int write(ByteBuffer bytes) {
        int count = bytes.remaining();
        boolean fits = unwritten == 0 || unwritten + count <= WRITE_AHEAD_BYTES;
        if (state != State.OPEN || !fits || count == 0) {
            wantsRoom |= count > 0;
            return 0;
        }
        byte[] piece = new byte[count];
        bytes.get(piece);
        offer(piece);
        return count;
    }

    private void offer(byte[] piece) {
        PortWriter to = writer;
        if (to != null) {
            to.offer(piece);
            unwritten += piece.length;
            if (deadline == null) {
                deadline = loop.schedule(timing.write().toNanos(), this::overdue);
            }
        }
    }

    private void written(int count) {
        unwritten -= count;
        if (state != State.WAKING && state != State.OPEN) {
            return;
        }
        stopTimer();
        if (unwritten > 0) {
            deadline = loop.schedule(timing.write().toNanos(), this::overdue);
        }
        if (state == State.WAKING) {
            deadline = loop.schedule(timing.wake().toNanos(), () -> {
                deadline = null;
                ready();
            });
        } else if (wantsRoom && unwritten <= WRITE_AHEAD_BYTES / 2) {
            wantsRoom = false;
            events.writable();
        }
    }

    private void overdue() {
        deadline = null;
        end(Loss.of(
                Loss.Kind.TIMED_OUT,
                "the port took nothing of " + unwritten + " bytes for "
                        + timing.write().toMillis() + " ms"));
    }

    private void writerEnded(@Nullable String failure) {
        threads--;
        end(failure == null ? closedHere() : lost(failure));
        settle();
    }

    // ---- ending

    @Override
    public void close() {
        PortWriter last = writer;
        if (state == State.CLOSING) {
            return;
        }
        if (state != State.OPEN || last == null) {
            end(closedHere());
            return;
        }
        state = State.CLOSING;
        verdict = closedHere();
        stopTimer();
        long most = timing.drain().plus(timing.linger()).toNanos() * 2;
        deadline = loop.schedule(most, () -> end(closedHere()));
        last.finish();
    }

    @Override
    public void abort() {
        isAborted = true;
        inflow.end();
        end(closedHere());
    }

    private void end(Loss seen) {
        if (state == State.ENDING || state == State.ENDED) {
            return;
        }
        boolean isOpening = state == State.OPENING;
        verdict = verdict == null ? seen : verdict;
        state = State.ENDING;
        stopTimer();
        if (!hasOpened) {
            inflow.end();
        }
        if (writer != null) {
            writer.end();
        }
        if (!isOpening) {
            giveBack();
        }
    }

    private void giveBack() {
        OpenPort open = port;
        if (open == null) {
            return;
        }
        Runnable task = () -> {
            try {
                open.close();
            } finally {
                later(this::givenBack);
            }
        };
        try {
            helpers.execute(task);
        } catch (RejectedExecutionException e) {
            thread("closer", task);
        }
    }

    private void givenBack() {
        isClosed = true;
        if (threads > 0) {
            deadline = loop.schedule(timing.leave().toNanos(), () -> {
                LOG.warn("A thread is stuck in the driver of {}, although the port is closed", path);
                threads = 0;
                settle();
            });
        }
        settle();
    }

    private void settle() {
        Loss loss = verdict;
        if (state == State.ENDING && isClosed && threads <= 0 && loss != null) {
            stopTimer();
            arrived();
            state = State.ENDED;
            inflow.end();
            events.closed(loss);
        }
    }

    private void stopTimer() {
        if (deadline != null) {
            deadline.cancel();
            deadline = null;
        }
    }

    /** Returns whether it will be run. */
    private boolean later(Runnable task) {
        try {
            loop.execute(task);
            return true;
        } catch (RejectedExecutionException e) {
            LOG.debug("The loop has ended; nobody is left to be told", e);
            inflow.end();
            return false;
        }
    }

    private Loss lost(String how) {
        return Loss.of(Loss.Kind.FAILED, path + " was lost: " + how + "; was it unplugged, or did it restart?");
    }

    private static Loss closedHere() {
        return Loss.of(Loss.Kind.CLOSED, "closed by this side");
    }
}
