package dev.meshlease.serial;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.meshlease.Lease;
import dev.meshlease.LinkRegistry;
import dev.meshlease.LossCause;
import dev.meshlease.serial.PortProgram.Manner;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Other programs that have the port, past the machine's claims. */
@Timeout(60)
class BusyPortIT {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Path PYTHON = Path.of("/usr/bin/python3");

    private static final String HOLDS = """
            import serial, sys
            try:
                port = serial.Serial(sys.argv[1], 115200, exclusive=True)
            except serial.SerialException as refused:
                print('refused', flush=True)
            else:
                print('open', flush=True)
                sys.stdin.read()
            """;

    @TempDir
    private Path folder;

    private CabledNode board;
    private LinkRegistry links;

    @BeforeEach
    void start() throws IOException {
        board = CabledNode.plugIn(folder.resolve("port"));
        links = CabledNode.registry().build();
    }

    @AfterEach
    void end() {
        if (links != null) {
            links.close();
        }
        if (board != null) {
            board.close();
        }
    }

    private Lease isBusyBecauseOf(long pid) {
        Lease lease = links.acquire(board.endpoint(), "bot");
        Eventually.holds("tried", () -> lease.status().lastLoss().isPresent());
        assertThat(lease.status().lastLoss()).hasValueSatisfying(loss -> {
            assertThat(loss.cause()).isEqualTo(LossCause.BUSY);
            assertThat(loss.evidence()).contains("(process " + pid + ") has it open");
        });
        return lease;
    }

    @Test
    void one_that_another_jvm_has_is_told_with_its_process_and_had_when_that_ends() throws IOException {
        try (PortProgram other =
                PortProgram.start(Manner.HOLD, board.endpoint().toString(), PortProgram.WITHOUT_CLAIMS)) {
            other.until(PortProgram.READY);
            Lease lease = isBusyBecauseOf(other.pid());
            other.end();
            lease.ready().await(PATIENCE);
        }
    }

    @Test
    void one_that_pyserial_has_for_itself_is_told_with_its_process_and_had_when_that_ends() throws Exception {
        Process python = pyserial();
        try {
            assertThat(firstLine(python)).isEqualTo("open");
            Lease lease = isBusyBecauseOf(python.pid());
            python.getOutputStream().close();
            lease.ready().await(PATIENCE);
        } finally {
            ends(python);
        }
    }

    @Test
    void pyserial_does_not_get_for_itself_what_a_link_has() throws Exception {
        Lease bot = links.acquire(board.endpoint(), "bot");
        bot.ready().await(PATIENCE);
        Process python = pyserial();
        try {
            assertThat(firstLine(python)).isEqualTo("refused");
        } finally {
            ends(python);
        }
        assertThat(bot.status().isReady()).isTrue();
    }

    private Process pyserial() throws Exception {
        assumeThat(PYTHON).as("python3 is installed").isExecutable();
        Process check = new ProcessBuilder(PYTHON.toString(), "-c", "import serial")
                .redirectErrorStream(true)
                .start();
        String said = new String(check.getInputStream().readAllBytes(), UTF_8);
        assumeThat(check.waitFor())
                .as("pyserial is installed (Debian: python3-serial); python says %s", said)
                .isZero();
        return new ProcessBuilder(PYTHON.toString(), "-c", HOLDS, board.pty.address())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    private static String firstLine(Process program) throws IOException {
        BufferedReader output = program.inputReader(UTF_8);
        return output.readLine();
    }

    private static void ends(Process program) throws InterruptedException {
        program.destroy();
        assertThat(program.waitFor(10, TimeUnit.SECONDS)).isTrue();
    }
}
