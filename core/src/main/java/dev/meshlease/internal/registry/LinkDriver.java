package dev.meshlease.internal.registry;

import dev.meshlease.DuplicateLinkException;
import dev.meshlease.LossCause;
import dev.meshlease.internal.frame.FrameEncoder;
import dev.meshlease.internal.link.Connection;
import dev.meshlease.internal.link.LinkEngine;
import dev.meshlease.internal.link.Moment;
import dev.meshlease.internal.permit.Issuer;
import dev.meshlease.proto.ToRadio;
import dev.meshlease.spi.ByteLink;
import dev.meshlease.spi.ByteLinkListener;
import dev.meshlease.spi.LinkKey;
import dev.meshlease.spi.Lookout;
import dev.meshlease.spi.Loop;
import dev.meshlease.spi.Loss;
import dev.meshlease.spi.Permit;
import dev.meshlease.spi.Target;
import dev.meshlease.spi.TimeSource;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Gives an engine time and a wire. Loop only.
 *
 * <p>Events of a connection that is not the current one are ignored: each connection has a {@link Wire} of its own, and only the
 * current one reaches the engine.
 */
final class LinkDriver implements Connection {
    /** How long a connection that is given up may take to come about: then its node is told so, rather than left to wonder. */
    private static final long LET_IN_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

    private final Loop loop;
    private final TimeSource time;
    private final Supplier<CompletionStage<Target>> locate;
    private final Function<Set<LinkKey>, Optional<DuplicateLinkException>> claim;
    private final BiConsumer<Set<LinkKey>, Consumer<Title.Outcome>> title;
    private final Identity identity;
    private final Consumer<DuplicateLinkException> duplicate;
    private final Runnable afterwards;
    private final LinkEngine engine;
    private final List<CompletableFuture<Void>> untilDisconnected = new ArrayList<>();
    private @Nullable Wire wire;
    private Optional<Lookout> lookout = Optional.empty();
    private Loop.@Nullable Timer timer;
    private long armedForNanos;

    LinkDriver(
            Loop loop,
            TimeSource time,
            Supplier<CompletionStage<Target>> locate,
            Function<Set<LinkKey>, Optional<DuplicateLinkException>> claim,
            BiConsumer<Set<LinkKey>, Consumer<Title.Outcome>> title,
            Identity identity,
            Consumer<DuplicateLinkException> duplicate,
            Runnable afterwards,
            Function<Connection, LinkEngine> engine) {
        this.loop = loop;
        this.time = time;
        this.locate = locate;
        this.claim = claim;
        this.title = title;
        this.identity = identity;
        this.duplicate = duplicate;
        this.afterwards = afterwards;
        this.engine = engine.apply(this);
    }

    /** Feeds the engine one event, and sets the alarm for the next. */
    void run(BiConsumer<LinkEngine, Moment> event) {
        try {
            event.accept(engine, Moment.of(time));
        } finally {
            arm(); // Whatever went wrong, the engine's own time limits get it out of there.
            afterwards.run();
        }
    }

    LinkEngine engine() {
        return engine;
    }

    /** Who can tell of others at the place that was last connected to. */
    Optional<Lookout> lookout() {
        return lookout;
    }

    /** Ends the connection without waiting for its transport to say so: for a transport that does not. */
    void cut() {
        Wire last = wire;
        if (last != null) {
            last.abort();
            gone();
            run((engine, now) -> engine.closed(Loss.of(Loss.Kind.CLOSED, "cut, since it did not close in time"), now));
        }
    }

    /** Completes once there is no connection, nor an attempt at one. */
    CompletionStage<Void> disconnected() {
        CompletableFuture<Void> end = new CompletableFuture<>();
        if (wire == null) {
            end.complete(null);
        } else {
            untilDisconnected.add(end);
        }
        return end;
    }

    private void gone() {
        wire = null;
        identity.disconnected();
        untilDisconnected.forEach(end -> end.complete(null));
        untilDisconnected.clear();
    }

    /** An alarm that rings too early costs one idle tick; so a later due time leaves it alone, and a busy link does not re-arm per frame. */
    private void arm() {
        if (engine.isClosed()) {
            if (timer != null) {
                timer.cancel();
                timer = null;
            }
            return;
        }
        Moment now = Moment.of(time);
        long due = engine.dueNanos(now);
        if (timer != null) {
            if (due - armedForNanos >= 0) {
                return;
            }
            timer.cancel();
        }
        armedForNanos = due;
        timer = loop.schedule(due - now.nanos(), () -> {
            timer = null;
            run(LinkEngine::tick);
        });
    }

    @Override
    public void connect() {
        Wire next = new Wire();
        wire = next;
        CompletionStage<Target> target;
        try {
            target = locate.get();
        } catch (RuntimeException | LinkageError failure) {
            post(() -> next.located(null, failure));
            return;
        }
        target.whenComplete((found, failure) -> post(() -> next.located(found, failure)));
    }

    private void post(Runnable task) {
        try {
            loop.execute(task);
        } catch (RejectedExecutionException closed) {
            // The registry is closed, and this link with it.
        }
    }

    @Override
    public void write(ByteBuffer frame) {
        if (wire != null) {
            wire.write(frame);
        }
    }

    @Override
    public OptionalLong stuckSinceNanos() {
        return wire == null ? OptionalLong.empty() : wire.stuckSinceNanos();
    }

    @Override
    public boolean isConsole() {
        return wire != null && wire.console;
    }

    @Override
    public void hangUp() {
        if (wire != null) {
            wire.hangUp();
        }
    }

    @Override
    public void abort() {
        if (wire != null) {
            wire.abort();
        }
    }

    /** One attempt to connect and, if it comes about, the connection. */
    private final class Wire implements ByteLinkListener {
        private final ArrayDeque<ByteBuffer> unwritten = new ArrayDeque<>();
        private @Nullable ByteLink link;
        private boolean open;
        private boolean hangingUp;
        private boolean givenUp;
        private boolean console;
        private long progressNanos;

        void located(@Nullable Target target, @Nullable Throwable failure) {
            if (wire != this || givenUp) {
                return;
            }
            if (target == null) {
                gone();
                run((engine, now) -> engine.neverBegan(unlocated(failure), reason(failure), now));
                return;
            }
            Optional<DuplicateLinkException> refusal = claim.apply(target.keys());
            if (refusal.isPresent()) {
                duplicate.accept(refusal.get());
                return;
            }
            title.accept(target.keys(), outcome -> claimed(target, outcome));
        }

        private void claimed(Target target, Title.Outcome outcome) {
            if (wire != this || givenUp) {
                return;
            }
            if (!(outcome instanceof Title.Outcome.Valid)) {
                gone();
                run((engine, now) -> engine.neverBegan(LossCause.CLAIM_LOST, outcome.toString(), now));
                return;
            }
            CompletableFuture<Void> turn = identity.turn().toCompletableFuture();
            if (turn.isDone()) {
                start(target);
            } else {
                var unused = turn.whenComplete((nothing, failure) -> post(() -> start(target)));
            }
        }

        private void start(Target target) {
            if (wire != this || givenUp) {
                return;
            }
            console = target.isConsole();
            identity.connecting();
            Permit permit = Permit.issue(Issuer.REGISTRY, target.keys());
            try {
                lookout = target.lookout();
                link = new GuardedLink(
                        target.connect(permit, loop, this),
                        failure -> post(() -> closed(
                                new Loss(Loss.Kind.FAILED, "the transport failed to cut it: " + failure, failure))));
            } catch (RuntimeException | LinkageError broken) { // The latter from a library that does not load here.
                closed(new Loss(Loss.Kind.FAILED, "the transport failed: " + broken, broken));
            } finally {
                permit.expire(); // For a later connection the keys are claimed anew.
            }
        }

        void write(ByteBuffer frame) {
            if (link == null || hangingUp) {
                return;
            }
            if (unwritten.isEmpty()) {
                link.write(frame);
                progressNanos = time.nanoTime();
            }
            if (frame.hasRemaining()) {
                unwritten.add(frame);
            }
        }

        OptionalLong stuckSinceNanos() {
            return unwritten.isEmpty() ? OptionalLong.empty() : OptionalLong.of(progressNanos);
        }

        void hangUp() {
            hangingUp = true;
            ByteLink current = link;
            if (current == null) {
                abort();
            } else if (!open) {
                var unused = loop.schedule(LET_IN_NANOS, current::close);
            } else if (unwritten.isEmpty()) {
                current.close();
            }
        }

        /** Whoever is let in while it gives up says who it was, and that it leaves: a client that says nothing looks like a probe. */
        private void leave() {
            ByteBuffer goodbye =
                    FrameEncoder.encode(ToRadio.newBuilder().setDisconnect(true).build());
            hangingUp = false;
            write(goodbye);
            hangUp();
        }

        void abort() {
            if (link == null) {
                givenUp = true; // What is found from now on must not be connected to: nobody would ever close it.
                post(() -> closed(Loss.of(Loss.Kind.CLOSED, "given up before it was connected")));
            } else {
                link.abort();
            }
        }

        @Override
        public void opened() {
            open = true;
            if (wire == this && hangingUp) {
                leave();
            } else if (wire == this) {
                identity.connected();
                run(LinkEngine::opened);
            }
        }

        @Override
        public void writable() {
            ByteLink open = link;
            if (wire != this || open == null) {
                return;
            }
            while (!unwritten.isEmpty()) {
                if (open.write(unwritten.element()) > 0) {
                    progressNanos = time.nanoTime();
                }
                if (unwritten.element().hasRemaining()) {
                    return;
                }
                unwritten.remove();
            }
            if (hangingUp) {
                open.close();
            }
        }

        @Override
        public void received(ByteBuffer bytes) {
            if (wire == this) {
                run((engine, now) -> engine.received(bytes, now));
                if (wire == this) {
                    identity.heard();
                }
            }
        }

        @Override
        public void closed(Loss loss) {
            if (wire == this) {
                gone();
                run((engine, now) -> engine.closed(loss, now));
            }
        }

        private LossCause unlocated(@Nullable Throwable failure) {
            boolean isFile = failure instanceof NoSuchFileException
                    || (failure != null && failure.getCause() instanceof NoSuchFileException);
            return isFile ? LossCause.NO_SUCH_DEVICE : LossCause.UNRESOLVED;
        }

        private String reason(@Nullable Throwable failure) {
            Throwable cause =
                    failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
            return cause == null ? "the transport found no target" : String.valueOf(cause.getMessage());
        }
    }
}
