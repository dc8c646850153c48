package dev.meshlease.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.meshlease.spi.Claim;
import dev.meshlease.spi.ClaimAnswer;
import dev.meshlease.spi.ClaimHolder;
import dev.meshlease.spi.ClaimListener;
import dev.meshlease.spi.LinkClaims;
import dev.meshlease.spi.LinkKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/** Asks a store as registries do, alone or many at once, and waits for its answers. */
final class Asking {
    /** How many ask at once. */
    static final int CROWD = 16;

    private static final Duration CALL = Duration.ofSeconds(20);

    private final ClaimsWorld world;

    Asking(ClaimsWorld world) {
        this.world = world;
    }

    ClaimAnswer ask(LinkClaims program, LinkKey key, ClaimHolder self, ClaimListener listener) {
        return answer(program.claim(key, self, listener));
    }

    <T> T answer(CompletionStage<T> stage) {
        CompletableFuture<T> future = stage.toCompletableFuture();
        world.eventually("the store answers", future::isDone);
        return future.join();
    }

    Claim claim(LinkClaims program, LinkKey key, ClaimHolder self, ClaimListener listener) {
        ClaimAnswer answer = ask(program, key, self, listener);
        assertThat(answer).as("%s for %s", key, self.host()).isInstanceOf(ClaimAnswer.Granted.class);
        return ((ClaimAnswer.Granted) answer).claim();
    }

    Claim claim(LinkClaims program, LinkKey key, ClaimHolder self) {
        return claim(program, key, self, new ToldListener());
    }

    void isRefused(LinkClaims program, LinkKey key, ClaimHolder self, ClaimHolder by) {
        assertThat(ask(program, key, self, new ToldListener()))
                .as("%s for %s", key, self.host())
                .isInstanceOfSatisfying(
                        ClaimAnswer.Refused.class,
                        refused -> assertThat(refused.by())
                                .usingRecursiveComparison()
                                .ignoringFields("since")
                                .isEqualTo(by));
    }

    /** As a registry does it: in the order of keys, all or none. Empty if one was refused. */
    List<Claim> claimAll(LinkClaims program, ClaimHolder self, LinkKey... keys) {
        List<Claim> granted = new ArrayList<>();
        for (LinkKey key : new TreeSet<>(Arrays.asList(keys))) {
            if (ask(program, key, self, new ToldListener()) instanceof ClaimAnswer.Granted one) {
                granted.add(one.claim());
            } else {
                granted.forEach(claim -> answer(claim.release()));
                return List.of();
            }
        }
        return granted;
    }

    /** On a thread of its own, so that one that blocks is found out. */
    static <T> T returned(Supplier<T> call) throws InterruptedException {
        CompletableFuture<T> result = new CompletableFuture<>();
        Thread caller = new Thread(
                () -> {
                    try {
                        result.complete(call.get());
                    } catch (RuntimeException | Error failure) {
                        result.completeExceptionally(failure);
                    }
                },
                "contract-caller");
        caller.setDaemon(true);
        caller.start();
        try {
            return result.get(CALL.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException blocked) {
            throw new AssertionError("the call blocks", blocked);
        } catch (ExecutionException failed) {
            throw new AssertionError("the call failed", failed.getCause());
        }
    }

    /** Has many threads ask at the same time, and waits for all answers. */
    List<ClaimAnswer> crowd(IntFunction<CompletionStage<ClaimAnswer>> question) throws InterruptedException {
        var start = new CountDownLatch(1);
        List<CompletableFuture<CompletionStage<ClaimAnswer>>> asked = IntStream.range(0, CROWD)
                .mapToObj(i -> new CompletableFuture<CompletionStage<ClaimAnswer>>())
                .toList();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < CROWD; i++) {
            int me = i;
            Thread thread = new Thread(
                    () -> {
                        try {
                            start.await();
                            asked.get(me).complete(question.apply(me));
                        } catch (RuntimeException | Error | InterruptedException failure) {
                            asked.get(me).completeExceptionally(failure);
                        }
                    },
                    "contract-asker-" + i);
            thread.start();
            threads.add(thread);
        }
        start.countDown();
        for (Thread thread : threads) {
            thread.join();
        }
        return asked.stream().map(stage -> answer(stage.join())).toList();
    }
}
