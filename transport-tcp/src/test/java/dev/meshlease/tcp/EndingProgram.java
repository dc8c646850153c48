package dev.meshlease.tcp;

import static dev.meshlease.message.PacketFilter.all;

import dev.meshlease.Lease;
import dev.meshlease.LinkRegistry;
import dev.meshlease.Watch;
import dev.meshlease.message.NodeId;
import dev.meshlease.message.OutboundMessage;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** A program of its own that ends without closing its registries: what it does as a child, and how its parent sees it. */
final class EndingProgram implements AutoCloseable {
    /** How it ends. */
    enum Manner {
        EXIT,
        RETURN,
        WAIT,
        WITHOUT_HOOK,
        BLOCKED,
        LATE,
        LATE_AND_OPEN
    }

    static final String READY = "ready";

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int STATUS = 3;
    private static final NodeId NOBODY = new NodeId(0x7fff0001);

    private final Process process;
    private final BufferedReader output;

    private EndingProgram(Process process) {
        this.process = process;
        this.output = process.inputReader(StandardCharsets.UTF_8);
    }

    /** @param words a manner, and an endpoint for each registry */
    public static void main(String[] words) throws InterruptedException {
        Manner manner = Manner.valueOf(words[0]);
        List<Lease> leases = new ArrayList<>();
        for (String endpoint : List.of(words).subList(1, words.length)) {
            LinkRegistry links = LinkRegistry.builder()
                    .shutdownHook(manner != Manner.WITHOUT_HOOK)
                    .build();
            Lease lease = links.acquire(endpoint, "ending");
            lease.ready().await(PATIENCE);
            var unused = lease.watch(Watch.status(), status -> {}); // In use, so not given back as a leak.
            leases.add(lease);
        }
        switch (manner) {
            case EXIT, WITHOUT_HOOK -> exit();
            case RETURN -> System.out.println(READY);
            case WAIT -> {
                System.out.println(READY);
                new CountDownLatch(1).await();
            }
            case BLOCKED -> {
                block(leases.get(0));
                exit();
            }
            case LATE -> {
                Runtime.getRuntime().addShutdownHook(new Thread(EndingProgram::makeARegistryTooLate));
                exit();
            }
            case LATE_AND_OPEN -> {
                var unused = leases.get(0)
                        .send(OutboundMessage.text("anybody?").to(NOBODY).wantAck()); // Waited for at the end.
                Runtime.getRuntime().addShutdownHook(new Thread(EndingProgram::leaveARegistryOpenTooLate));
                exit();
            }
        }
    }

    private static void exit() {
        System.out.println(READY);
        System.exit(STATUS);
    }

    private static void block(Lease lease) throws InterruptedException {
        CountDownLatch blocked = new CountDownLatch(1);
        var unused = lease.subscribe(all().inline(), packet -> {
            blocked.countDown();
            awaitForever();
        });
        System.out.println("listening");
        blocked.await();
    }

    private static void awaitForever() {
        try {
            new CountDownLatch(1).await();
        } catch (InterruptedException unexpected) {
            Thread.currentThread().interrupt();
        }
    }

    private static void makeARegistryTooLate() {
        try (LinkRegistry links = LinkRegistry.create()) {
            System.out.println("made one with " + links.links().size() + " links");
        }
    }

    /** Once those that are open are being closed. */
    private static void leaveARegistryOpenTooLate() {
        while (Thread.getAllStackTraces().keySet().stream()
                .noneMatch(each -> each.getName().equals("meshlease-exit-close"))) {
            Thread.onSpinWait();
        }
        LinkRegistry links = LinkRegistry.create();
        System.out.println("made one with " + links.links().size() + " links");
    }

    /** Starts it with this JVM's class path and claim folder. */
    static EndingProgram start(Manner manner, String... endpoints) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx96m",
                "-Dmeshlease.claims=" + System.getProperty("meshlease.claims"),
                "-cp",
                System.getProperty("java.class.path"),
                EndingProgram.class.getName(),
                manner.name()));
        command.addAll(List.of(endpoints));
        return new EndingProgram(
                new ProcessBuilder(command).redirectErrorStream(true).start());
    }

    /** Reads what it prints, log included, until that line; returns what there was before. */
    String until(String last) throws IOException {
        StringBuilder all = new StringBuilder();
        for (String line = output.readLine(); !last.equals(line); line = output.readLine()) {
            if (line == null) {
                throw new AssertionError("It ended before it printed '" + last + "':\n" + all);
            }
            all.append(line).append('\n');
        }
        return all.toString();
    }

    /** Reads what it still prints until it ends; returns that. */
    String rest() throws IOException {
        StringBuilder all = new StringBuilder();
        for (String line = output.readLine(); line != null; line = output.readLine()) {
            all.append(line).append('\n');
        }
        process.onExit().orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS).join();
        return all.toString();
    }

    /** Asks it to end, as SIGTERM does; whether that is so on this platform. */
    boolean terminate() {
        return process.supportsNormalTermination() && process.toHandle().destroy();
    }

    int status() {
        return process.exitValue();
    }

    @Override
    public void close() {
        process.destroyForcibly()
                .onExit()
                .orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS)
                .join();
    }
}
