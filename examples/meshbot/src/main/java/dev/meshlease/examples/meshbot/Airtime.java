package dev.meshlease.examples.meshbot;

import java.time.Duration;

/** How much the bot may transmit. The air of a real mesh is shared by everybody in reach. */
enum Airtime {
    /** Nothing: it listens. */
    NONE(Duration.ofSeconds(30), Duration.ofSeconds(10)),
    /** A little, on a real mesh. */
    SPARING(Duration.ofSeconds(30), Duration.ofSeconds(30)),
    /** As much as it likes: the mesh is simulated. */
    FREE(Duration.ofSeconds(5), Duration.ofSeconds(1));

    private final Duration betweenTexts;
    private final Duration betweenQuestions;

    Airtime(Duration betweenTexts, Duration betweenQuestions) {
        this.betweenTexts = betweenTexts;
        this.betweenQuestions = betweenQuestions;
    }

    boolean isSilent() {
        return this == NONE;
    }

    Duration betweenTexts() {
        return betweenTexts;
    }

    Duration betweenQuestions() {
        return betweenQuestions;
    }
}
