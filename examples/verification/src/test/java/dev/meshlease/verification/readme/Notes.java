package dev.meshlease.verification.readme;

import dev.meshlease.message.Arrival;
import dev.meshlease.message.Gap;
import dev.meshlease.message.InboundPacket;
import dev.meshlease.message.PacketListener;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Flow;

/** Notes what it is given, in words. */
final class Notes implements PacketListener, Flow.Subscriber<Arrival> {
    private final List<String> lines = new ArrayList<>();
    private final long demand;

    /**
     * @param demand how much a publisher is asked for
     */
    Notes(long demand) {
        this.demand = demand;
    }

    List<String> lines() {
        return lines;
    }

    static String words(Arrival arrival) {
        if (arrival instanceof Gap gap) {
            return gap.reason() + (gap.missed().isPresent() ? " " + gap.missed().getAsLong() : "");
        }
        return ((InboundPacket) arrival).text();
    }

    @Override
    public void onPacket(InboundPacket packet) {
        lines.add(words(packet));
    }

    @Override
    public void onGap(Gap gap) {
        lines.add(words(gap));
    }

    @Override
    public void onSubscribe(Flow.Subscription subscription) {
        subscription.request(demand);
    }

    @Override
    public void onNext(Arrival arrival) {
        lines.add(words(arrival));
    }

    @Override
    public void onError(Throwable failure) {
        lines.add("failed: " + failure);
    }

    @Override
    public void onComplete() {
        lines.add("complete");
    }
}
