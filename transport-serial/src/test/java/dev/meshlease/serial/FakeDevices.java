package dev.meshlease.serial;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** A file system of symbolic links, device nodes and small files, filled by udev and the kernel as Linux has them; from any thread. */
final class FakeDevices implements DeviceFiles {
    private final Map<String, String> links = new TreeMap<>();
    private final Map<String, Numbers> nodes = new TreeMap<>();
    private final Map<String, String> texts = new TreeMap<>();

    synchronized void link(String path, String target) {
        links.put(path, target);
    }

    synchronized void node(String path, Numbers numbers) {
        nodes.put(path, numbers);
    }

    synchronized void text(String path, String content) {
        texts.put(path, content);
    }

    /** Takes away all that begins so, and what hangs on it. */
    synchronized void remove(String start) {
        for (Map<String, ?> each : List.of(links, nodes, texts)) {
            each.keySet().removeIf(path -> path.startsWith(start));
        }
        links.values().removeIf(target -> target.startsWith(start));
    }

    /**
     * A port of a USB device.
     *
     * @param usb where it is plugged in, such as {@code 1-2}
     * @param number how many of its kind there are before it; its name and minor number
     * @param serial null if it has none
     */
    synchronized void usb(String usb, String driver, int number, String model, String serial, int usbInterface) {
        String device = "/sys/devices/pci0000:00/0000:00:14.0/usb1/" + usb;
        String part = device + "/" + usb + ":1." + usbInterface;
        String name = driver + number;
        String port = driver.equals("ttyUSB") ? part + "/" + name : part;
        text(device + "/idVendor", model.split(":")[0] + "\n");
        text(device + "/idProduct", model.split(":")[1] + "\n");
        if (serial != null) {
            text(device + "/serial", serial + "\n");
        }
        text(part + "/bInterfaceNumber", "0" + usbInterface + "\n");
        if (driver.equals("ttyUSB")) {
            text(port + "/port_number", "0\n");
        }
        tty(name, new Numbers(driver.equals("ttyUSB") ? 188 : 166, number), port);
        link("/dev/serial/by-path/pci-usb-0:" + usb + ":1." + usbInterface, "../../" + name);
        // With one serial number for two devices, udev lets the later one have the link.
        link(
                "/dev/serial/by-id/usb-" + model.replace(':', '_') + "_" + serial + "-if0" + usbInterface,
                "../../" + name);
    }

    /** Any port. */
    synchronized void tty(String name, Numbers numbers, String device) {
        node("/dev/" + name, numbers);
        text(device + "/uevent", "");
        String entry = device + "/tty/" + name;
        text(entry + "/dev", numbers + "\n");
        link(entry + "/device", device);
        link("/sys/class/tty/" + name, entry);
        link("/sys/dev/char/" + numbers, entry);
        link("/dev/char/" + numbers, "../" + name);
    }

    @Override
    public synchronized String realPath(String path) throws IOException {
        Deque<String> ahead = new ArrayDeque<>(List.of(path.split("/")));
        List<String> done = new ArrayList<>();
        for (int steps = 0; !ahead.isEmpty(); steps++) {
            if (steps > 1_000) {
                throw new IOException("Too many links: " + path);
            }
            String next = ahead.pop();
            if (next.equals("..")) {
                done.remove(done.size() - 1);
            } else if (!next.isEmpty() && !next.equals(".")) {
                String target = links.get("/" + String.join("/", done) + (done.isEmpty() ? "" : "/") + next);
                if (target == null) {
                    done.add(next);
                } else {
                    if (target.startsWith("/")) {
                        done.clear();
                    }
                    String[] parts = target.split("/");
                    for (int i = parts.length - 1; i >= 0; i--) {
                        ahead.push(parts[i]);
                    }
                }
            }
        }
        String real = "/" + String.join("/", done);
        if (!exists(real)) {
            throw new NoSuchFileException(path);
        }
        return real;
    }

    private boolean exists(String real) {
        return nodes.containsKey(real)
                || texts.containsKey(real)
                || texts.keySet().stream().anyMatch(path -> path.startsWith(real + "/"));
    }

    @Override
    public synchronized Optional<Numbers> device(String path) {
        return Optional.ofNullable(nodes.get(path));
    }

    @Override
    public synchronized List<String> names(String folder) {
        return links.keySet().stream()
                .filter(path -> path.startsWith(folder + "/"))
                .map(path -> path.substring(folder.length() + 1))
                .toList();
    }

    @Override
    public synchronized String text(String file) {
        String content = texts.get(file);
        return content == null ? null : content.strip();
    }
}
