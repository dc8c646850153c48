package dev.meshlease.internal.machine;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;

/** Which process has locked a file, as Linux tells it; elsewhere nothing. */
final class KernelLocks {
    private static final Path TABLE = Path.of("/proc/locks");

    private KernelLocks() {}

    static OptionalLong holder(Inode file) {
        try {
            return holder(file, Files.readAllLines(TABLE, StandardCharsets.ISO_8859_1));
        } catch (IOException | RuntimeException notTold) {
            return OptionalLong.empty();
        }
    }

    /** Lines such as {@code 7: POSIX  ADVISORY  WRITE 4711 fe:00:2155506 0 EOF}. The process is 0 where it is in another namespace. */
    static OptionalLong holder(Inode file, List<String> table) {
        long device = file.device();
        long major = ((device >> 8) & 0xfff) | ((device >> 32) & ~0xfffL);
        long minor = (device & 0xff) | ((device >> 12) & ~0xffL);
        String wanted = String.format("%02x:%02x:%d", major, minor, file.number());
        return table.stream()
                .map(line -> line.strip().split("\\s+"))
                .filter(words -> words.length >= 6 && words[1].equals("POSIX") && words[5].equals(wanted))
                .filter(words -> words[4].matches("[1-9]\\d{0,17}"))
                .mapToLong(words -> Long.parseLong(words[4]))
                .findFirst();
    }

    /** The name of a process's command; empty where it is not told. */
    static String command(long pid) {
        try {
            return Files.readString(Path.of("/proc/" + pid + "/comm")).strip().replaceAll("\\p{Cntrl}", "?");
        } catch (IOException | RuntimeException notTold) {
            return ProcessHandle.of(pid).flatMap(each -> each.info().command()).orElse("");
        }
    }
}
