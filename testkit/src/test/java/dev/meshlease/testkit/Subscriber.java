package dev.meshlease.testkit;

import dev.meshlease.message.Arrival;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Flow;

/** A subscriber that notes each signal. It asks for as much as its test says; others extend it to misbehave. */
class Subscriber implements Flow.Subscriber<Arrival> {
    final List<String> heard = new ArrayList<>();
    final long first;
    Flow.Subscription subscription;
    Throwable failure;
    int completions;

    /**
     * @param first how many it asks for at once; 0 for none
     */
    Subscriber(long first) {
        this.first = first;
    }

    @Override
    public void onSubscribe(Flow.Subscription own) {
        subscription = own;
        if (first > 0) {
            own.request(first);
        }
    }

    @Override
    public void onNext(Arrival arrival) {
        heard.add(Heard.words(arrival));
    }

    @Override
    public void onError(Throwable why) {
        failure = why;
    }

    @Override
    public void onComplete() {
        completions++;
    }

    boolean hasEnded() {
        return failure != null || completions > 0;
    }
}
