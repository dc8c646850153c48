package dev.meshlease.serial;

import com.fazecast.jSerialComm.SerialPort;
import com.fazecast.jSerialComm.SerialPortInvalidPortException;
import dev.meshlease.spi.Loss;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * This machine's serial ports, through jSerialComm; the only class that knows of it.
 *
 * <p>What is done here and why:
 *
 * <ul>
 *   <li>Each attempt has a {@code SerialPort} of its own: one that was made for a device which then came back opens the old name for ever.
 *   <li>Listing and opening exclude each other: listing frees what an opening has registered and not yet stored.
 *   <li>Everything is set before the port is opened, since each change afterwards configures it once more, with a pause.
 *   <li>The read timeout is none: others are rounded to 100 ms, and wrap around after 25 s. A write never is non-blocking: that would spin.
 *   <li>No listeners: one for a lost device is called in a hot loop until the port is closed, and tells no more than a read does.
 *   <li>The port is never opened at another speed than 115200 baud: at 1200 some boards start their boot loader.
 * </ul>
 */
final class JSerialCommPorts implements SerialPorts {
    static final JSerialCommPorts SYSTEM = new JSerialCommPorts();

    private static final int BAUD = 115_200;
    private static final int DATA_BITS = 8;
    private static final long MOST_EXIT_NANOS = TimeUnit.SECONDS.toNanos(3);

    /** Guards jSerialComm: its listing, its opening, and whether it is loaded. */
    private final Object driver = new Object();

    private final NativeLibrary library = new NativeLibrary();

    private JSerialCommPorts() {}

    @Override
    public OpenPort open(String path, ModemLines lines) throws PortException {
        synchronized (driver) {
            if (!OwnPorts.ALL.take(path)) {
                throw new PortException(
                        Loss.Kind.BUSY, path + " is busy: this program has it open, and has not given it back yet");
            }
            boolean isOpen = false;
            OwnPorts.ALL.begins();
            try {
                load();
                SerialPort port = opened(path, lines);
                isOpen = true;
                return new Port(port, path);
            } catch (LinkageError | IllegalCallerException e) {
                throw NativeLibrary.unavailable(e);
            } finally {
                if (!isOpen) {
                    OwnPorts.ALL.give(path);
                }
                OwnPorts.ALL.ends();
            }
        }
    }

    @Override
    public OpenPort inTurn(PortOpener opening) throws PortException {
        synchronized (driver) {
            return opening.open();
        }
    }

    private static SerialPort opened(String path, ModemLines lines) throws PortException {
        SerialPort port;
        try {
            port = SerialPort.getCommPort(path);
        } catch (SerialPortInvalidPortException e) {
            throw new PortException(Loss.Kind.NO_SUCH_DEVICE, OpenFailure.noSuchDevice(path), e);
        }
        boolean isSet = port.setComPortParameters(BAUD, DATA_BITS, SerialPort.ONE_STOP_BIT, SerialPort.NO_PARITY)
                && port.setFlowControl(SerialPort.FLOW_CONTROL_DISABLED)
                && port.setComPortTimeouts(SerialPort.TIMEOUT_READ_SEMI_BLOCKING, 0, 0);
        if (!isSet) {
            throw new PortException(Loss.Kind.FAILED, path + " cannot be set to " + BAUD + " baud, 8N1");
        }
        if (lines != ModemLines.LEAVE) {
            // To lower them is the only way to have HUPCL cleared, without which the lines drop whenever the port is
            // closed.
            boolean unusedDtr = port.clearDTR();
            boolean unusedRts = port.clearRTS();
        }
        if (!port.openPort(0)) {
            throw OpenFailure.of(path, port.getLastErrorCode());
        }
        if (lines == ModemLines.ASSERT_BOTH) {
            boolean unusedByPortsWithoutLines = port.setDTRandRTS(true, true);
        }
        return port;
    }

    /**
     * What ports there are, as the system tells without opening USB devices.
     *
     * @throws PortException if jSerialComm does not work here
     */
    List<SerialEndpoint> list() throws PortException {
        synchronized (driver) {
            OwnPorts.ALL.begins();
            try {
                load();
                List<SerialEndpoint> found = new ArrayList<>();
                for (SerialPort port : SerialPort.getCommPorts()) {
                    found.add(SerialEndpoint.of(
                            port.getSystemPortPath(),
                            port.getVendorID(),
                            port.getProductID(),
                            port.getSerialNumber(),
                            port.getPortDescription()));
                }
                return found;
            } catch (LinkageError | IllegalCallerException e) {
                throw NativeLibrary.unavailable(e);
            } finally {
                OwnPorts.ALL.ends();
            }
        }
    }

    private void load() throws PortException {
        if (library.load(SerialPort.class)) {
            // Its own hook cuts all ports while the registries' are still saying goodbye.
            SerialPort.addShutdownHook(new Thread(this::awaitClosed, "meshlease-serial-exit"));
        }
    }

    private void awaitClosed() {
        try {
            OwnPorts.ALL.awaitNone(MOST_EXIT_NANOS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static final class Port implements OpenPort {
        private final SerialPort port;
        private final String path;
        private final AtomicBoolean closing = new AtomicBoolean();

        Port(SerialPort port, String path) {
            this.port = port;
            this.path = path;
        }

        @Override
        public int read(byte[] into) {
            return closing.get() ? -1 : port.readBytes(into, into.length);
        }

        @Override
        public int write(byte[] bytes) {
            return closing.get() ? -1 : port.writeBytes(bytes, bytes.length);
        }

        @Override
        public int unsent() {
            return closing.get() ? 0 : port.bytesAwaitingWrite();
        }

        @Override
        public void close() {
            if (closing.compareAndSet(false, true)) {
                OwnPorts.ALL.begins();
                try {
                    boolean unused = port.closePort();
                } finally {
                    OwnPorts.ALL.give(path);
                    OwnPorts.ALL.ends();
                }
            }
        }
    }
}
