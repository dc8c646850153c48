package dev.meshlease.examples.meshbot;

import dev.meshlease.Endpoint;
import dev.meshlease.Lease;
import dev.meshlease.LinkRegistry;
import dev.meshlease.RequestException;
import dev.meshlease.message.InboundPacket;
import dev.meshlease.message.NodeId;
import dev.meshlease.message.PacketFilter;
import java.time.Duration;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Asks nodes it has heard where they are, how they are and how to reach them; one question at a time. */
final class NodeQueryClient implements Component {
    private static final Duration DEADLINE = Duration.ofSeconds(20);

    private final Lease lease;
    private final Airtime airtime;
    private final Journal journal;
    private final List<Question<?>> questions;
    private final Deque<NodeId> heard = new ConcurrentLinkedDeque<>();
    private final Map<Question<?>, Long> askedNanos = new HashMap<>(); // the ticker's
    private final AtomicInteger asked = new AtomicInteger();
    private final AtomicInteger answered = new AtomicInteger();
    private @Nullable Ticker ticker;

    NodeQueryClient(LinkRegistry links, Endpoint node, Airtime airtime, Journal journal) {
        this.lease = links.acquire(node, "node-query");
        this.airtime = airtime;
        this.journal = journal;
        this.questions = airtime.isSilent() ? Question.ofOwnNode() : Question.ofPeers();
    }

    @Override
    public Lease lease() {
        return lease;
    }

    @Override
    public void start() {
        lease.subscribe(PacketFilter.broadcast(), this::remember);
        ticker = Ticker.start("node-query", airtime.betweenQuestions(), journal, this::askNext);
    }

    private void remember(InboundPacket packet) {
        if (!heard.contains(packet.from())) {
            heard.addLast(packet.from());
        }
    }

    private void askNext() {
        NodeId own = lease.ready().await(DEADLINE).id();
        NodeId node = airtime.isSilent() ? own : heard.pollFirst();
        if (node == null) {
            return;
        }
        questions.stream().filter(this::isDue).findFirst().ifPresent(question -> ask(question, node));
    }

    private boolean isDue(Question<?> question) {
        Long last = askedNanos.get(question);
        return last == null || System.nanoTime() - last >= question.interval().toNanos();
    }

    private <R> void ask(Question<R> question, NodeId node) {
        asked.incrementAndGet();
        askedNanos.put(question, System.nanoTime());
        String what = question.about() + " of " + node + ": ";
        try {
            R answer = lease.request(question.request().apply(node).within(DEADLINE))
                    .await(DEADLINE.plusSeconds(1));
            answered.incrementAndGet();
            journal.say("node-query", what + question.words().apply(answer));
        } catch (RequestException unanswered) {
            journal.say("node-query", what + unanswered.getMessage());
        }
    }

    @Override
    public String summary() {
        return "asked " + asked + " questions, " + answered + " answered";
    }

    @Override
    public void close() {
        if (ticker != null) {
            ticker.close();
        }
        lease.close();
    }
}
