package dev.meshlease.testkit.internal.fault;

import dev.meshlease.testkit.fault.Fault;
import dev.meshlease.testkit.fault.FaultKind;
import dev.meshlease.testkit.fault.Injection;
import dev.meshlease.testkit.internal.firmware.ClientWire;
import dev.meshlease.testkit.internal.firmware.Entrance;
import dev.meshlease.testkit.internal.firmware.Firmware;
import dev.meshlease.testkit.internal.firmware.Interference;
import dev.meshlease.testkit.internal.firmware.Line;
import dev.meshlease.testkit.internal.firmware.NodeHost;
import dev.meshlease.testkit.node.Switch;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** All faults of a node, on all its connections. On the node's thread, but for the constructor. */
public final class Faults implements Interference, Entrance {
    private final Firmware firmware;
    private final NodeHost host;
    private final List<ActiveFault> active = new ArrayList<>();
    private final Set<FaultyLine> lines = new LinkedHashSet<>();
    private final Set<Visits> visits = new LinkedHashSet<>();
    private final Injected initial;
    private int strikes;

    /** Faults of one injection. */
    private record Injected(List<ActiveFault> faults) implements Injection {
        @Override
        public int strikes() {
            return faults.stream().mapToInt(ActiveFault::strikes).sum();
        }

        @Override
        public void close() {
            faults.forEach(ActiveFault::end);
        }
    }

    /**
     * @param host the host whose timers outlive a restart of the firmware
     * @param initial what the node has from the start
     */
    public Faults(Firmware firmware, NodeHost host, List<Fault> initial) {
        this.firmware = firmware;
        this.host = host;
        this.initial = injected(initial);
        host.execute(() -> {
            firmware.doors().server().entrance(this);
            start(this.initial);
        });
    }

    private Injected injected(List<Fault> faults) {
        return new Injected(faults.stream()
                .map(fault -> new ActiveFault(fault, host, this::over))
                .toList());
    }

    @Override
    public Injection inject(List<Fault> faults) {
        Injected injected = injected(faults);
        start(injected);
        return injected;
    }

    @Override
    public Injection initial() {
        return initial;
    }

    private void start(Injected injected) {
        for (ActiveFault fault : injected.faults()) {
            active.add(fault);
            fault.start();
            if (isForNow(fault.fault()) && fault.strikesNow()) {
                strike(fault);
                fault.settle();
            }
            List.copyOf(lines).forEach(line -> watch(line, fault));
        }
    }

    /** Whether it strikes without waiting for anybody. */
    private static boolean isForNow(Fault fault) {
        return fault.kind() == FaultKind.REFUSE && fault.at() == null && fault.after() == 0 && fault.connection() == 0;
    }

    private void over(ActiveFault fault) {
        active.remove(fault);
        List.copyOf(lines).forEach(line -> line.forget(fault));
    }

    @Override
    public Line between(String name, ClientWire wire) {
        return new FaultyLine(this, host, name, wire);
    }

    /** A connection is there. */
    void entered(FaultyLine line) {
        if (!line.isRival()) {
            lines.add(line);
            List.copyOf(active).forEach(fault -> watch(line, fault));
        }
    }

    private static void watch(FaultyLine line, ActiveFault fault) {
        if (fault.concernsNext()) {
            line.watch(fault);
        }
    }

    /** A connection is no more. */
    void left(FaultyLine line) {
        lines.remove(line);
        List.copyOf(active).forEach(fault -> fault.end(line));
    }

    void note(ActiveFault fault, FaultyLine line) {
        strikes++;
        firmware.note(fault.fault() + " strikes " + line);
    }

    @Override
    public int strikes() {
        return strikes;
    }

    int sendBuffer() {
        return firmware.get(Switch.SEND_BUFFER);
    }

    /** Restarts the firmware once the present task is over. */
    void reboot(Runnable afterwards) {
        host.execute(() -> {
            firmware.restart();
            afterwards.run();
        });
    }

    /** Does what concerns the node as a whole. */
    void strike(ActiveFault fault) {
        switch (fault.fault().kind()) {
            case REFUSE -> {
                strikes++;
                firmware.note(fault.fault() + " strikes");
                firmware.doors().server().refuse(true);
                fault.begin(fault, () -> firmware.doors().server().refuse(false));
            }
            case RIVAL, DUEL -> visit(fault);
            default -> throw new IllegalArgumentException(fault.fault() + " concerns connections only");
        }
    }

    private void visit(ActiveFault fault) {
        Visits rivals = new Visits(fault, firmware.doors().server(), host);
        visits.add(rivals);
        fault.begin(fault, () -> {
            visits.remove(rivals);
            rivals.end();
        });
        rivals.begin();
    }

    @Override
    public void refuse(boolean refused) {
        if (refused) {
            List.copyOf(visits).forEach(Visits::refused);
        }
    }

    @Override
    public void end() {
        List.copyOf(active).forEach(ActiveFault::end);
        List.copyOf(lines).forEach(FaultyLine::hurry);
    }
}
