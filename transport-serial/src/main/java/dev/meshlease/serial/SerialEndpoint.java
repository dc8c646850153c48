package dev.meshlease.serial;

import dev.meshlease.Endpoint;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * A serial port of this machine.
 *
 * @param path how to address it: the name that stays the same when it is plugged in again, if the system gives one, such as {@code
 *     /dev/serial/by-id/usb-…}; else that of the device, such as {@code COM3}
 * @param device the device's own name at the moment, such as {@code /dev/ttyUSB0}
 * @param vendorId the USB vendor; empty if it is not on USB
 * @param productId the vendor's product; empty if it is not on USB
 * @param serialNumber as the device says; not all have one, and some makers give the same to many
 * @param description what the device calls itself, or what it is; for people
 * @param isLikelyNode whether boards that the firmware runs on have such USB ids. A guess: other devices have the same
 */
public record SerialEndpoint(
        String path,
        String device,
        OptionalInt vendorId,
        OptionalInt productId,
        Optional<String> serialNumber,
        String description,
        boolean isLikelyNode) {
    private static final String UNKNOWN = "Unknown";

    public SerialEndpoint {
        Objects.requireNonNull(path, "path");
        Objects.requireNonNull(device, "device");
        Objects.requireNonNull(vendorId, "vendorId");
        Objects.requireNonNull(productId, "productId");
        Objects.requireNonNull(serialNumber, "serialNumber");
        Objects.requireNonNull(description, "description");
    }

    /**
     * What ports there are now; those that are likely to be a node first. No port is opened for it, since that could restart a node, or take
     * its bytes from whoever has it.
     *
     * <p><b>Threading:</b> from any thread; reads files, or asks the system, which takes a moment.
     *
     * @throws UncheckedIOException if the system cannot be asked; the message says what to do. Not on Linux
     */
    public static List<SerialEndpoint> list() {
        PortList linux = new PortList(DeviceFiles.SYSTEM);
        if (linux.isSupported()) {
            return linux.all();
        }
        try {
            return PortList.sorted(JSerialCommPorts.SYSTEM.list());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** As jSerialComm tells it: -1 and "Unknown" for what there is not. */
    static SerialEndpoint of(
            String path, int vendor, int product, @Nullable String serial, @Nullable String description) {
        boolean isUsb = vendor > 0 && product >= 0;
        return new SerialEndpoint(
                path,
                path,
                isUsb ? OptionalInt.of(vendor) : OptionalInt.empty(),
                isUsb ? OptionalInt.of(product) : OptionalInt.empty(),
                Optional.ofNullable(serial).filter(text -> !text.isBlank() && !text.equals(UNKNOWN)),
                description == null ? "" : description,
                isUsb && KnownBoards.includes(vendor, product));
    }

    /** For {@link dev.meshlease.LinkRegistry#acquire(Endpoint, String)}. */
    public Endpoint endpoint() {
        return new Endpoint(SerialTransport.SCHEME, path);
    }

    /** {@code 10c4:ea60}, as other tools write it; empty if it is not on USB. */
    public Optional<String> usbId() {
        return vendorId.isPresent() && productId.isPresent()
                ? Optional.of(String.format("%04x:%04x", vendorId.getAsInt(), productId.getAsInt()))
                : Optional.empty();
    }

    /** One line for a person. */
    @Override
    public String toString() {
        return "serial:" + path + (path.equals(device) ? "" : " (" + device + ")")
                + usbId().map(id -> " " + id).orElse("")
                + serialNumber.map(number -> " serial number " + number).orElse("")
                + (description.isBlank() ? "" : ", " + description)
                + (isLikelyNode ? ", likely a node" : "");
    }
}
