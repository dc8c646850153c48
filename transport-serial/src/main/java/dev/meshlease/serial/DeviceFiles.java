package dev.meshlease.serial;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The little that keys need to see of the file system: where a path really leads, what device is there, and what sysfs says of it. */
interface DeviceFiles {
    /** This machine's. */
    DeviceFiles SYSTEM = new DeviceFiles() {
        @Override
        public String realPath(String path) throws IOException {
            return Path.of(path).toRealPath().toString();
        }

        @Override
        public Optional<Numbers> device(String path) throws IOException {
            Object device;
            try {
                // "rdev" is what the node stands for; a file that is no device has 0.
                device = Files.getAttribute(Path.of(path), "unix:rdev", LinkOption.NOFOLLOW_LINKS);
            } catch (UnsupportedOperationException | IllegalArgumentException notUnix) {
                return Optional.empty();
            }
            long number = device instanceof Number known ? known.longValue() : 0;
            return number == 0 ? Optional.empty() : Optional.of(Numbers.of(number));
        }

        @Override
        public List<String> names(String folder) {
            try (Stream<Path> all = Files.list(Path.of(folder))) {
                return all.map(each -> String.valueOf(each.getFileName())).toList();
            } catch (IOException | UncheckedIOException absent) {
                return List.of();
            }
        }

        @Override
        public @Nullable String text(String file) {
            try {
                return new String(Files.readAllBytes(Path.of(file)), StandardCharsets.UTF_8).strip();
            } catch (IOException absent) {
                return null;
            }
        }
    };

    /**
     * Follows all symbolic links.
     *
     * @throws IOException if there is nothing
     */
    String realPath(String path) throws IOException;

    /** What the node at a real path stands for; empty if it is no device, or this system does not say. */
    Optional<Numbers> device(String path) throws IOException;

    /** The names in a folder; none if there is no such folder. */
    List<String> names(String folder);

    /** What a small file holds, without blanks around it; null if it is not there or cannot be read. */
    @Nullable
    String text(String file);

    /** The numbers by which the kernel knows a device, whatever its nodes are called. */
    record Numbers(long major, long minor) {
        /** Takes Linux's {@code dev_t} apart. */
        static Numbers of(long device) {
            return new Numbers(
                    (device >>> 8 & 0xfff) | (device >>> 32 & 0xfffff000L),
                    (device & 0xff) | (device >>> 12 & 0xffffff00L));
        }

        @Override
        public String toString() {
            return major + ":" + minor;
        }
    }
}
