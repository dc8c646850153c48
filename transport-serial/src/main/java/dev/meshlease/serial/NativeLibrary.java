package dev.meshlease.serial;

import dev.meshlease.spi.Loss;
import java.io.IOException;
import java.io.InputStream;
import java.lang.module.ModuleReader;
import java.lang.module.ResolvedModule;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has jSerialComm load its native part from a folder that only this user can read and only this process knows, and takes that away again.
 * Left to itself it unpacks to one place for all processes, open to all users: two programs that start at the same moment crash, and whoever
 * comes first decides what is loaded.
 *
 * <p>A folder that the system property {@code jSerialComm.library.path} names is used instead, and left alone.
 *
 * <p><b>Threading:</b> not safe; the caller guards it.
 */
final class NativeLibrary {
    static final String FOLDER_PROPERTY = "jSerialComm.library.path";

    private static final Logger LOG = LoggerFactory.getLogger(NativeLibrary.class);
    private static final String PLACE_PROPERTY = "fazecast.jSerialComm.appid";

    /** Of those that it is made for besides, as their names contain them. */
    private static final List<String> OTHER_SYSTEMS = List.of("sunos", "solaris", "freebsd", "openbsd", "nix", "nux");

    private boolean isLoaded;
    private @Nullable PortException failure;

    /** A system's folder in the jar, the library's name there, and the processors that it is made for. */
    private record Build(String system, String file, List<String> processors) {
        static @Nullable Build of(String osName) {
            String os = osName.toLowerCase(Locale.ROOT);
            if (os.contains("win")) {
                return new Build("Windows", "jSerialComm.dll", List.of("x86_64", "x86", "aarch64", "armv7"));
            }
            if (os.contains("mac")) {
                return new Build("OSX", "libjSerialComm.jnilib", List.of("aarch64", "x86_64", "x86"));
            }
            if (os.contains("linux")) {
                return new Build(
                        "Linux",
                        "libjSerialComm.so",
                        List.of("x86_64", "x86", "armv5", "armv6hf", "armv7hf", "armv8_32", "armv8_64", "ppc64le"));
            }
            return null;
        }
    }

    /**
     * Loads it, unless that was done.
     *
     * @param entry its class, not yet initialised
     * @return whether it is loaded by this call
     * @throws PortException if it cannot be loaded, now or before
     */
    boolean load(Class<?> entry) throws PortException {
        PortException before = failure;
        if (before != null) {
            throw new PortException(before.kind(), String.valueOf(before.getMessage()), before);
        }
        if (isLoaded) {
            return false;
        }
        try {
            initialise(entry);
            isLoaded = true;
            return true;
        } catch (ClassNotFoundException | LinkageError | IllegalCallerException e) {
            failure = unavailable(e);
            throw failure;
        } catch (IOException e) { // Before it was tried: there may be room to unpack it another time.
            throw unavailable(e);
        }
    }

    private static void initialise(Class<?> entry) throws ClassNotFoundException, IOException {
        if (System.getProperty(FOLDER_PROPERTY) != null) {
            Class.forName(entry.getName(), true, entry.getClassLoader());
            return;
        }
        String system = System.getProperty("os.name", "").toLowerCase(Locale.ROOT);
        if (Build.of(system) == null && OTHER_SYSTEMS.stream().noneMatch(system::contains)) {
            throw new UnsatisfiedLinkError("it is not made for " + system); // It would end the program.
        }
        Path folder =
                Files.createTempDirectory("meshlease-serial-"); // For this user only, where the system knows users.
        String name = String.valueOf(folder.getFileName());
        String place = System.getProperty(PLACE_PROPERTY);
        try {
            unpack(entry, folder);
            System.setProperty(FOLDER_PROPERTY, folder.toString());
            // Whatever it clears away, or unpacks if the folder is of no use to it, is not what other programs have
            // loaded.
            System.setProperty(PLACE_PROPERTY, name);
            Class.forName(entry.getName(), true, entry.getClassLoader());
        } finally {
            System.clearProperty(FOLDER_PROPERTY);
            restore(PLACE_PROPERTY, place);
            delete(folder);
            // Where it has unpacked it itself, since programs must not be run from the folder.
            delete(Path.of(System.getProperty("java.io.tmpdir", ""), "jSerialComm", name));
            delete(Path.of(System.getProperty("user.home", ""), ".jSerialComm", name));
        }
    }

    private static void restore(String property, @Nullable String value) {
        if (value == null) {
            System.clearProperty(property);
        } else {
            System.setProperty(property, value);
        }
    }

    private static void unpack(Class<?> entry, Path folder) throws IOException {
        Build build = Build.of(System.getProperty("os.name", ""));
        if (build == null) {
            return; // It may know more systems than this class does.
        }
        for (String processor : build.processors()) {
            Path place = Files.createDirectories(folder.resolve(build.system()).resolve(processor));
            copy(entry, build.system() + "/" + processor + "/" + build.file(), place.resolve(build.file()));
        }
    }

    /** As a resource of its own module, which is not open to others; none if it is not made for that processor. */
    private static void copy(Class<?> entry, String name, Path to) throws IOException {
        ModuleLayer layer = entry.getModule().getLayer();
        if (layer == null) {
            try (InputStream in = entry.getResourceAsStream("/" + name)) {
                if (in != null) {
                    Files.copy(in, to);
                }
            }
            return;
        }
        Optional<ResolvedModule> module =
                layer.configuration().findModule(entry.getModule().getName());
        if (module.isPresent()) {
            try (ModuleReader reader = module.get().reference().open()) {
                Optional<InputStream> found = reader.open(name);
                if (found.isPresent()) {
                    try (InputStream in = found.get()) {
                        Files.copy(in, to);
                    }
                }
            }
        }
    }

    /** A library stays loaded without its file; but Windows does not let go of that. */
    private static void delete(Path folder) {
        if (!Files.exists(folder)) {
            return;
        }
        Deque<Path> all = new ArrayDeque<>();
        try (var tree = Files.walk(folder)) {
            tree.forEach(all::push);
            for (Path each : all) {
                Files.delete(each);
            }
        } catch (IOException e) {
            LOG.debug("{} stays", folder, e);
            all.descendingIterator().forEachRemaining(each -> each.toFile().deleteOnExit());
        }
    }

    /** Serial ports cannot be used here at all; says what to do about it. */
    static PortException unavailable(Throwable why) {
        String words = String.valueOf(why.getMessage()).strip();
        String first = words.lines()
                .filter(line -> !line.endsWith("Errors as follows:"))
                .findFirst()
                .orElse(words)
                .replaceFirst("^\\[\\d+]: ", "");
        return new PortException(
                Loss.Kind.UNAVAILABLE,
                "serial ports cannot be used: jSerialComm's native library does not load ("
                        + why.getClass().getSimpleName() + ": " + first + "). From Java 24 on start java with"
                        + " --enable-native-access=ALL-UNNAMED (on the module path =com.fazecast.jSerialComm)."
                        + " Else give it a folder to unpack to that programs may run from, -Djava.io.tmpdir=FOLDER,"
                        + " or unpack it from its jar and name the folder, -D" + FOLDER_PROPERTY + "=FOLDER",
                why);
    }
}
