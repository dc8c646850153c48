package dev.meshlease.internal.machine;

import dev.meshlease.spi.ClaimAnswer;
import dev.meshlease.spi.ClaimHolder;
import dev.meshlease.spi.ClaimListener;
import dev.meshlease.spi.Environment;
import dev.meshlease.spi.LinkKey;
import dev.meshlease.spi.Loop;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

/** Another program, perhaps of another user: claims a key in a folder, says what came of it, and waits for the end of its input. */
final class Claimer {
    static final LinkKey KEY = new LinkKey("tcp", "10.0.0.7:4403");
    static final ClaimListener DEAF = new ClaimListener() {
        @Override
        public CompletionStage<Void> suspended(String why) {
            return CompletableFuture.completedFuture(null);
        }

        @Override
        public CompletionStage<Void> lost(String why) {
            return CompletableFuture.completedFuture(null);
        }

        @Override
        public void restored() {}
    };

    private Claimer() {}

    /** @param arguments the folder, or several that cannot be used: then each is asked for in turn, as the usual ones are */
    public static void main(String[] arguments) throws IOException {
        Environment environment = Environment.system();
        Loop loop = environment.newLoop("claimer-loop");
        List<Path> folders = List.of(arguments).stream().map(Path::of).toList();
        MachineClaims claims = folders.size() == 1
                ? MachineClaims.in(folders.get(0), environment.helpers(), loop)
                : new MachineClaims(new Either(folders.get(0), folders.get(1)), environment.helpers(), loop);
        System.out.println(said(claims, KEY));
        System.out.println(said(claims, new LinkKey("tcp", "10.0.0.8:4403")));
        System.out.println(claims.describe());
        System.out.flush();
        while (System.in.read() >= 0) {
            // until it is to end
        }
        System.exit(0); // Its claims go with it.
    }

    private static String said(MachineClaims claims, LinkKey key) {
        ClaimHolder self = new ClaimHolder(
                "attic",
                ProcessHandle.current().pid(),
                "claimer",
                List.of("echo"),
                Instant.parse("2026-01-01T00:00:00Z"));
        try {
            ClaimAnswer answer = claims.claim(key, self, DEAF)
                    .toCompletableFuture()
                    .orTimeout(20, TimeUnit.SECONDS)
                    .join();
            return answer instanceof ClaimAnswer.Refused refused
                    ? "refused by " + refused.by().process() + " for "
                            + refused.by().holders()
                    : "granted";
        } catch (CompletionException failure) {
            Throwable cause = failure.getCause();
            return "failed: " + (cause == null ? failure : cause).getMessage();
        }
    }

    private record Either(Path first, Path second) implements MachineClaims.Folders {
        @Override
        public ClaimFolder find() throws IOException {
            return ClaimFolder.given(first);
        }

        @Override
        public MachineClaims.Folders otherwise() {
            return () -> ClaimFolder.given(second);
        }
    }
}
