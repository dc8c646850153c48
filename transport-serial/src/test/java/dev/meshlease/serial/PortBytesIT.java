package dev.meshlease.serial;

import static dev.meshlease.message.OutboundMessage.text;
import static dev.meshlease.message.PacketFilter.texts;
import static org.assertj.core.api.Assertions.assertThat;

import dev.meshlease.Inbox;
import dev.meshlease.Lease;
import dev.meshlease.LinkRegistry;
import dev.meshlease.LossCause;
import dev.meshlease.Watch;
import dev.meshlease.message.Gap;
import dev.meshlease.message.InboundPacket;
import dev.meshlease.proto.LogRecord;
import dev.meshlease.testkit.contract.CountedTransport;
import java.io.FilterInputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A link whose bytes come as they come: one by one, with pauses inside of frames, among text. */
@Timeout(60)
class PortBytesIT {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final int MOST_PAUSES = 12;

    @TempDir
    private Path folder;

    private final CountedTransport transport = CountedTransport.of(new SerialTransport());
    private CabledNode board;
    private LinkRegistry links;
    private Lease bot;
    private volatile boolean listens;
    private volatile int cutFrames;
    private volatile int pauses;
    private Inbox inbox;

    private void connect(UnaryOperator<OutputStream> toClient) throws IOException {
        board = CabledNode.plugIn(folder.resolve("port"), this::heard, toClient);
        links = CabledNode.registry().transport(transport).build();
        bot = links.acquire(board.endpoint(), "bot");
        inbox = bot.inbox(texts());
        bot.ready().await(PATIENCE);
    }

    /** Sees when the node is told something for the first time: then the port is open. */
    private InputStream heard(InputStream fromClient) {
        return new FilterInputStream(fromClient) {
            @Override
            public int read(byte[] into) throws IOException {
                int count = in.read(into);
                listens = true;
                return count;
            }
        };
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

    private void messagesGoBothWays() {
        board.node.peers().get(0).says("hello");
        assertThat(((InboundPacket) inbox.take(PATIENCE)).text()).isEqualTo("hello");
        bot.send(text("hello yourself").to(board.node.peers().get(0).id()).wantAck())
                .await(PATIENCE);
        assertThat(bot.status().losses()).isEmpty();
    }

    @Test
    void bytes_that_come_one_by_one_are_frames_in_the_end() throws IOException {
        connect(out -> new Pieces(out, Duration.ZERO, 1));
        messagesGoBothWays();
        assertThat(cutFrames).isGreaterThan(500);
    }

    @Test
    void pauses_inside_of_headers_and_frames_cost_nothing_but_time() throws IOException {
        connect(out -> new Pieces(out, Duration.ofMillis(100), 3, 40, 10, 60));
        messagesGoBothWays();
        assertThat(pauses).isEqualTo(MOST_PAUSES);
    }

    @Test
    void a_node_that_restarts_prints_what_it_prints_and_is_back_on_the_same_open_port() throws IOException {
        connect(UnaryOperator.identity());
        List<LogRecord> log = new CopyOnWriteArrayList<>();
        bot.watch(Watch.deviceLog(), log::add);
        messagesGoBothWays();

        board.node.reboot();

        Eventually.holds("back", () -> bot.status().isReady() && bot.status().generation() == 2);
        assertThat(log)
                .extracting(LogRecord::getMessage)
                .anyMatch(line -> line.startsWith("rst:0x1 (POWERON)"))
                .anyMatch(line -> line.equals("Booting"))
                .anyMatch(line -> line.startsWith("FromRadio, "));
        assertThat(bot.status().losses())
                .singleElement()
                .satisfies(loss -> assertThat(loss.cause()).isEqualTo(LossCause.REBOOTED));
        board.node.peers().get(0).says("hello again");
        assertThat(inbox.take(PATIENCE)).isInstanceOf(Gap.class);
        assertThat(((InboundPacket) inbox.take(PATIENCE)).text()).isEqualTo("hello again");
    }

    /** Passes on piece by piece what a node writes: each has come in at the link, and a pause has passed, before the next is written. */
    private final class Pieces extends FilterOutputStream {
        private final Duration pause;
        private final int[] sizes;
        private final Frames frames = new Frames();
        private int piece;

        /** @param sizes of the pieces, over and over */
        Pieces(OutputStream out, Duration pause, int... sizes) {
            super(out);
            this.pause = pause;
            this.sizes = sizes;
        }

        @Override
        public void write(byte[] all) throws IOException {
            // Before the link has the port open, nothing comes in.
            if (!listens) {
                out.write(all);
                return;
            }
            int done = 0;
            while (done < all.length) {
                int next = Math.min(sizes[piece % sizes.length], all.length - done);
                piece++;
                long due = transport.received() + next;
                out.write(all, done, next);
                out.flush();
                frames.passed(all, done, next);
                done += next;
                arrived(due);
                if (frames.isInside()) {
                    cutFrames++;
                    pause();
                }
            }
        }

        private void arrived(long due) throws IOException {
            try {
                transport.awaitReceived(due, PATIENCE);
            } catch (InterruptedException e) {
                throw new InterruptedIOException(e.getMessage());
            }
        }

        private void pause() {
            if (!pause.isZero() && pauses < MOST_PAUSES) {
                pauses++;
                long end = System.nanoTime() + pause.toNanos();
                Eventually.holds("the pause has passed", () -> System.nanoTime() - end >= 0);
            }
        }
    }

    /** Where a node's output is: in a frame, or between two. Its text has none of the bytes that begin a frame. */
    private static final class Frames {
        private static final int HEADER_BYTES = 4;

        private int at;
        private int payloadBytes;

        void passed(byte[] all, int from, int count) {
            for (int i = from; i < from + count; i++) {
                int value = all[i] & 0xff;
                if (at == 0 && value != 0x94) {
                    continue;
                }
                if (at == 2 || at == 3) {
                    payloadBytes = payloadBytes << 8 & 0xffff | value;
                }
                at++;
                if (at >= HEADER_BYTES && at == HEADER_BYTES + payloadBytes) {
                    at = 0;
                    payloadBytes = 0;
                }
            }
        }

        boolean isInside() {
            return at > 0;
        }
    }
}
