package dev.meshlease.testkit.internal.firmware;

import dev.meshlease.proto.LogRecord;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/** What a serial console prints besides frames, in the manner of firmware: coloured lines that end in CR LF. */
final class ConsoleText {
    private static final String SOURCE = "SerialConsole";
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm:ss");

    private ConsoleText() {}

    /** The chip's own words at a reset. */
    static byte[] rom() {
        return ascii("""

                ESP-ROM:esp32s3-20210327
                rst:0x1 (POWERON),boot:0x8 (SPI_FAST_FLASH_BOOT)
                load:0x3fce3808,len:0x4bc
                entry 0x403c98d0
                """.replace("\n", "\r\n"));
    }

    /** The firmware's words while it starts. */
    static byte[] boot(Firmware firmware) {
        var text = new ByteArrayOutputStream();
        text.writeBytes(line(firmware, "Booting"));
        text.writeBytes(line(
                firmware,
                "Firmware " + firmware.state().settings().metadata().getFirmwareVersion() + ", node "
                        + String.format("0x%08x", firmware.state().number())));
        text.writeBytes(line(firmware, "Radio is up"));
        return text.toByteArray();
    }

    static byte[] line(Firmware firmware, String text) {
        String time = LocalTime.ofInstant(firmware.host().time().instant(), ZoneOffset.UTC)
                .format(TIME);
        long uptime = Duration.ofNanos(firmware.uptimeNanos()).toSeconds();
        return ascii(
                "\u001b[32mINFO \u001b[0m| " + time + " " + uptime + " [" + SOURCE + "] " + text + "\r\n\u001b[0m");
    }

    static LogRecord logRecord(Firmware firmware, String text) {
        return LogRecord.newBuilder()
                .setMessage(text)
                .setSource(SOURCE)
                .setTime(firmware.epochSeconds())
                .setLevel(LogRecord.Level.INFO)
                .build();
    }

    /** A frame that is torn apart by a line. */
    static byte[] inside(byte[] frame, int cut, byte[] line) {
        var torn = new ByteArrayOutputStream(frame.length + line.length);
        torn.write(frame, 0, cut);
        torn.writeBytes(line);
        torn.write(frame, cut, frame.length - cut);
        return torn.toByteArray();
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
