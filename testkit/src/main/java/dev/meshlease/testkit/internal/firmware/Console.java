package dev.meshlease.testkit.internal.firmware;

import com.google.protobuf.ByteString;
import dev.meshlease.proto.Config;
import dev.meshlease.proto.FromRadio;
import dev.meshlease.testkit.node.ShortWrite;
import dev.meshlease.testkit.node.Switch;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * The node's serial console: one session that lasts as long as the firmware runs, and falls silent where others end. On the node's thread.
 */
public final class Console implements FrameStream.Owner, Acceptor {
    /*
     * The session knows nothing of the cable: without one the node talks to nobody. `lines` are text, and frames that take the place of
     * text; they go out between two frames. A client that does not read holds up the console alone.
     */
    private static final int MOST_LINES = 64;

    private final Firmware firmware;
    private @Nullable ClientWire cable;
    private String name = "";

    // What a restart loses.
    private PhoneApi api;
    private FrameStream stream;
    private final Deque<byte[]> lines = new ArrayDeque<>();
    private boolean framed;
    private boolean watched;
    private long lastContactNanos;

    Console(Firmware firmware) {
        this.firmware = firmware;
        api = new PhoneApi(firmware);
        stream = newStream();
    }

    private FrameStream newStream() {
        var manner = new FrameWriter.Manner(firmware.nanos(Switch.FRAME_TIME), 0, ShortWrite.RETAIN);
        FrameStream fresh = new FrameStream(firmware, this::wire, manner, this);
        fresh.start();
        return fresh;
    }

    private ClientWire wire() {
        return cable == null ? NoCable.INSTANCE : cable;
    }

    /**
     * Plugs a cable in, which restarts boards that are made so. Its end, whoever causes it, unplugs it.
     *
     * @throws IllegalStateException if there is one already
     */
    public ClientSession plug(ClientWire wire) {
        ClientSession session = plugged(wire);
        if (firmware.is(Switch.RESET_ON_OPEN)) {
            firmware.reboot(Duration.ZERO);
        }
        return session;
    }

    /** Turns the node on with a cable in it. */
    public ClientSession turnOn(ClientWire wire) {
        ClientSession session = plugged(wire);
        chipResets();
        boot();
        return session;
    }

    @Override
    public boolean waits(Runnable take) {
        if (cable == null) {
            firmware.world().execute(take); // a port can be opened whether the node runs or not
        }
        return cable == null;
    }

    @Override
    public ClientSession connected(ClientWire wire) {
        return plug(wire);
    }

    @Override
    public int backlog() {
        return 0;
    }

    @Override
    public int sendBuffer() {
        return firmware.get(Switch.SEND_BUFFER);
    }

    private ClientSession plugged(ClientWire wire) {
        if (cable != null) {
            throw new IllegalStateException("The node's serial console has a cable already. Close that one first");
        }
        name = firmware.doors().newName();
        Tap tap = new Tap(firmware.witnesses(), name, wire);
        Line line = firmware.interference().between(name, tap);
        tap.leadsTo(line);
        cable = line;
        line.leadsTo(new Cable());
        return tap;
    }

    private final class Cable implements ClientSession {
        @Override
        public void received(byte[] bytes, int offset, int length) {
            if (firmware.isUp()) {
                stream.received(bytes, offset, length);
            }
        }

        @Override
        public void writable() {
            stream.writable();
        }

        @Override
        public void ended() {
            broken();
        }

        @Override
        public void broken() {
            unplug();
        }
    }

    /** Takes the cable out, if there is one. The session goes on. */
    void unplug() {
        ClientWire was = cable;
        if (was != null) {
            cable = null;
            was.close(false);
            stream.wake(0); // what it waited to write goes nowhere now
        }
    }

    /** Its boot loader has its say long before the firmware hears anything. */
    void chipResets() {
        if (firmware.is(Switch.BOOT_TEXT)) {
            byte[] text = ConsoleText.rom();
            firmware.world().execute(() -> wire().write(text, 0, text.length));
        }
    }

    /** The firmware starts: with its words about that, and without memory. */
    void boot() {
        api = new PhoneApi(firmware);
        stream = newStream();
        framed = false;
        watched = false;
        if (firmware.is(Switch.REBOOT_ANNOUNCED)) {
            lines.add(NodeFraming.frame(
                    FromRadio.newBuilder().setRebooted(true).build().toByteString()));
        }
        if (firmware.is(Switch.BOOT_TEXT)) {
            lines.add(ConsoleText.boot(firmware));
        }
        stream.wake(0);
    }

    /** The firmware stops. */
    void down() {
        stream.stop();
        lines.clear();
    }

    /** Something waits for the client. */
    void news() {
        if (api.isOpen()) {
            stream.wake(0);
        }
    }

    @Override
    public void poll() {
        api.poll();
    }

    @Override
    public void heard(byte[] payload, boolean followed) {
        if (!security().getSerialEnabled()) {
            return;
        }
        framed = true;
        lastContactNanos = firmware.nanoTime();
        log("ToRadio, " + payload.length + " bytes");
        if (api.take(payload)) {
            api.close();
        }
        if (!watched && firmware.nanos(Switch.SERIAL_TIMEOUT) > 0) {
            watched = true;
            checkSilence();
        }
    }

    private void checkSilence() {
        long left = lastContactNanos + firmware.nanos(Switch.SERIAL_TIMEOUT) - firmware.nanoTime();
        if (left > 0) {
            firmware.host().schedule(left, this::checkSilence);
            return;
        }
        watched = false;
        if (api.isOpen()) {
            api.close();
            firmware.witnesses().noted("the serial console falls silent");
        }
    }

    @Override
    public byte @Nullable [] nextFrame() {
        byte[] line = lines.poll();
        ByteString next = line == null ? nextMessage() : null;
        if (next == null) {
            return line;
        }
        byte[] frame = NodeFraming.frame(next);
        String said = "FromRadio, " + next.size() + " bytes";
        if (printsText() && firmware.is(Switch.LOG_INSIDE_FRAMES)) {
            int cut = 1 + firmware.random().nextInt(frame.length - 1);
            return ConsoleText.inside(frame, cut, ConsoleText.line(firmware, said));
        }
        log(said);
        return frame;
    }

    private @Nullable ByteString nextMessage() {
        boolean telling = api.isTelling();
        ByteString next = api.next();
        if (telling && !api.isTelling() && cable != null) {
            firmware.witnesses().configured(name);
        }
        return next;
    }

    private void log(String text) {
        if (lines.size() >= MOST_LINES) {
            return;
        }
        if (printsText()) {
            lines.add(ConsoleText.line(firmware, text));
        } else if (hasLogRecords() && (firmware.is(Switch.LOG_TEXT) || !api.isTelling())) {
            lines.add(NodeFraming.frame(FromRadio.newBuilder()
                    .setLogRecord(ConsoleText.logRecord(firmware, text))
                    .build()
                    .toByteString()));
        }
    }

    private boolean printsText() {
        return firmware.is(Switch.LOG_TEXT) && !hasLogRecords();
    }

    private boolean hasLogRecords() {
        return framed && security().getDebugLogApiEnabled();
    }

    private Config.SecurityConfig security() {
        return firmware.state().settings().security();
    }

    @Override
    public boolean hasMore() {
        return api.isTelling();
    }

    @Override
    public void polled() {
        // it goes on for ever
    }

    @Override
    public void givenUp() {
        // it never is
    }
}
