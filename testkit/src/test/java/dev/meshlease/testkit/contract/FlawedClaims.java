package dev.meshlease.testkit.contract;

import dev.meshlease.spi.Claim;
import dev.meshlease.spi.ClaimAnswer;
import dev.meshlease.spi.ClaimHolder;
import dev.meshlease.spi.ClaimListener;
import dev.meshlease.spi.LinkClaims;
import dev.meshlease.spi.LinkKey;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** A program's way to a sound store, made wrong in one respect. */
final class FlawedClaims implements LinkClaims {
    final LinkClaims sound;
    private final Flaw flaw;
    private final Common common;
    private volatile boolean closed;
    volatile boolean outOfReach;

    /** What the programs of one store have in common. */
    static final class Common {
        private final Map<LinkKey, Claim> latest = new ConcurrentHashMap<>();
        private final Set<LinkKey> doubted = ConcurrentHashMap.newKeySet();
        private final List<ClaimListener> everybody = new CopyOnWriteArrayList<>();
    }

    FlawedClaims(LinkClaims sound, Flaw flaw, Common common) {
        this.sound = sound;
        this.flaw = flaw;
        this.common = common;
    }

    @Override
    public String name() {
        return flaw == Flaw.HAS_NO_NAME ? " " : sound.name();
    }

    @Override
    public CompletionStage<ClaimAnswer> claim(LinkKey key, ClaimHolder self, ClaimListener listener) {
        boolean grantsAnyway = flaw == Flaw.GRANTS_WHILE_OUT_OF_REACH && outOfReach
                || flaw == Flaw.GRANTS_AFTER_IT_WAS_CLOSED && closed;
        if (grantsAnyway) {
            return CompletableFuture.completedStage(new ClaimAnswer.Granted(new Nothing()));
        }
        LinkKey taken = switch (flaw) {
            case HAS_ONE_LOCK_FOR_ALL_KEYS -> new LinkKey("all", "keys");
            case FORGETS_THE_SCHEME_OF_KEYS -> new LinkKey("any", key.address());
            default -> key;
        };
        common.everybody.add(listener);
        var told = new Told(taken, listener);
        return sound.claim(taken, self, told).thenApply(answer -> answered(answer, taken, self, told));
    }

    private ClaimAnswer answered(ClaimAnswer answer, LinkKey key, ClaimHolder self, Told told) {
        if (answer instanceof ClaimAnswer.Granted granted) {
            common.latest.put(key, granted.claim());
            return new ClaimAnswer.Granted(new Flawed(key, granted.claim(), told.listener));
        }
        ClaimHolder by = ((ClaimAnswer.Refused) answer).by();
        return switch (flaw) {
            case GRANTS_TO_TWO -> new ClaimAnswer.Granted(new Nothing());
            case GRANTS_ONCE_MORE_TO_ITS_HOLDER ->
                by.pid() == self.pid() ? new ClaimAnswer.Granted(new Nothing()) : answer;
            case FREES_WHAT_IT_DOUBTS -> common.doubted.contains(key) ? new ClaimAnswer.Granted(new Nothing()) : answer;
            case NAMES_THE_WRONG_HOLDER -> new ClaimAnswer.Refused(self);
            default -> answer;
        };
    }

    @Override
    public void close() {
        closed = true;
        if (flaw != Flaw.KEEPS_WHAT_A_CLOSED_PROGRAM_HELD) {
            sound.close();
        }
    }

    private static final class Nothing implements Claim {
        @Override
        public CompletionStage<Void> release() {
            return CompletableFuture.completedStage(null);
        }
    }

    private final class Flawed implements Claim {
        private final LinkKey key;
        private final Claim claim;
        private final ClaimListener listener;
        private @Nullable CompletionStage<Void> released;

        Flawed(LinkKey key, Claim claim, ClaimListener listener) {
            this.key = key;
            this.claim = claim;
            this.listener = listener;
        }

        @Override
        public void describe(ClaimHolder self) {
            claim.describe(
                    flaw == Flaw.FORGETS_WHO_IT_IS_WHEN_DESCRIBED
                            ? new ClaimHolder("", 0, "", List.of(), ClaimHolder.UNKNOWN_SINCE)
                            : self);
        }

        @Override
        public synchronized CompletionStage<Void> release() {
            boolean isAgain = released != null;
            CompletionStage<Void> end = switch (flaw) {
                case FREES_NOTHING -> CompletableFuture.completedStage(null);
                case FREES_WHAT_A_LATER_HOLDER_HAS ->
                    isAgain ? common.latest.getOrDefault(key, claim).release() : claim.release();
                default -> claim.release();
            };
            if (flaw == Flaw.TELLS_OF_A_LOSS_AFTER_A_RELEASE && !isAgain) {
                end = end.thenRun(() -> {
                    var unused = listener.lost("long ago");
                });
            } else if (flaw == Flaw.NEVER_SAYS_THAT_IT_IS_FREE) {
                end = new CompletableFuture<>();
            }
            released = end;
            return end;
        }
    }

    private final class Told implements ClaimListener {
        private final LinkKey key;
        private final ClaimListener listener;

        Told(LinkKey key, ClaimListener listener) {
            this.key = key;
            this.listener = listener;
        }

        @Override
        public CompletionStage<Void> suspended(String why) {
            switch (flaw) {
                case HIDES_ITS_DOUBTS, IS_SURE_AGAIN_WITHOUT_HAVING_DOUBTED -> {
                    return CompletableFuture.completedStage(null);
                }
                case DOUBTS_FOR_NO_REASON -> {
                    return listener.suspended("");
                }
                case TELLS_EVERYBODY -> {
                    common.everybody.forEach(each -> {
                        var unused = each.suspended(why);
                    });
                    return CompletableFuture.completedStage(null);
                }
                case FREES_WHAT_IT_DOUBTS -> {
                    common.doubted.add(key);
                    return listener.suspended(why);
                }
                default -> {
                    return listener.suspended(why);
                }
            }
        }

        @Override
        public CompletionStage<Void> lost(String why) {
            boolean isHidden = flaw == Flaw.HIDES_A_LOSS || flaw == Flaw.CLOSES_IN_SILENCE && closed;
            if (isHidden) {
                return CompletableFuture.completedStage(null);
            }
            CompletionStage<Void> end = listener.lost(why);
            if (flaw == Flaw.TELLS_OF_A_LOSS_TWICE) {
                var unused = listener.lost(why);
            } else if (flaw == Flaw.TELLS_EVERYBODY) {
                common.everybody.forEach(each -> {
                    var unused = each.lost(why);
                });
            }
            return flaw == Flaw.FREES_BEFORE_THE_CONNECTION_HAS_ENDED ? CompletableFuture.completedStage(null) : end;
        }

        @Override
        public void restored() {
            if (flaw != Flaw.HIDES_ITS_DOUBTS && flaw != Flaw.IS_NEVER_SURE_AGAIN) {
                listener.restored();
            }
        }
    }
}
