package dev.meshlease.serial;

import static org.assertj.core.api.Assertions.assertThat;

import dev.meshlease.spi.LinkKey;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.From;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.lifecycle.BeforeTry;

/** Two paths meet in a key if, and only if, they lead to the same of the ports that are there. */
class SerialKeysPropertyTest {
    private static final String GENUINE = "A5069RR4";

    private FakeDevices files;
    private SerialKeys keys;

    @BeforeTry
    void startAnew() {
        files = new FakeDevices();
        keys = new SerialKeys(files, false);
    }

    /** A port as its owner knows it; which socket it is in and what it is called is decided when it is plugged in. */
    record Port(String driver, String model, String serial, int usbInterface) {
        boolean isUsb() {
            return !driver.equals("ttyS");
        }
    }

    /** A port that is there. */
    record Plugged(Port port, int socket, int number) {
        String name() {
            return port.driver() + number;
        }
    }

    private Plugged plug(Port port, int socket, int number) {
        if (port.isUsb()) {
            files.usb("1-" + socket, port.driver(), number, port.model(), port.serial(), port.usbInterface());
        } else {
            files.tty("ttyS" + number, new DeviceFiles.Numbers(4, 64 + number), "/sys/devices/pnp0/00:0" + number);
        }
        return new Plugged(port, socket, number);
    }

    private void unplug(Plugged plugged) {
        files.remove("/sys/devices/pci0000:00/0000:00:14.0/usb1/1-" + plugged.socket());
        files.remove("/dev/" + plugged.name());
        files.remove("/dev/mine-" + plugged.name());
    }

    /** One way to write where it is. */
    private String spelt(Plugged plugged, Random random) {
        String name = plugged.name();
        String plain = "/dev/" + name;
        DeviceFiles.Numbers numbers = files.device(plain).orElseThrow();
        switch (random.nextInt(8)) {
            case 0:
                return name;
            case 1:
                return "/dev/char/" + numbers;
            case 2:
                files.node("/dev/mine-" + name, numbers);
                return "/dev/mine-" + name;
            case 3:
                files.link("/opt/node-" + name, "/home/bot/node-" + name);
                files.link("/home/bot/node-" + name, "../../dev/" + name);
                return "/opt/node-" + name;
            case 4:
                return "/dev/./serial/..//" + name;
            case 5:
                return plugged.port().isUsb()
                        ? "/dev/serial/by-path/pci-usb-0:1-" + plugged.socket() + ":1."
                                + plugged.port().usbInterface()
                        : plain;
            case 6:
                String byId = "/dev/serial/by-id/usb-" + plugged.port().model().replace(':', '_') + "_"
                        + plugged.port().serial() + "-if0" + plugged.port().usbInterface();
                return leadsTo(byId, plain) ? byId : plain;
            default:
                return plain;
        }
    }

    /** Of two devices with one serial number, udev links the later one. */
    private boolean leadsTo(String link, String plain) {
        try {
            return files.realPath(link).equals(plain);
        } catch (IOException none) {
            return false;
        }
    }

    private Set<LinkKey> keys(Plugged plugged, Random random) {
        try {
            return keys.of(spelt(plugged, random));
        } catch (IOException gone) {
            throw new AssertionError(plugged.toString(), gone);
        }
    }

    private static boolean meet(Set<LinkKey> one, Set<LinkKey> other) {
        return !Collections.disjoint(one, other);
    }

    @Property(tries = 500, edgeCases = EdgeCasesMode.NONE)
    void paths_meet_if_and_only_if_they_lead_to_the_same_port(
            @ForAll @Size(min = 1, max = 5) List<@From("ports") Port> ports, @ForAll long seed) {
        Random random = new Random(seed);
        List<Plugged> there = new ArrayList<>();
        List<Set<LinkKey>> before = new ArrayList<>();
        for (Port port : ports) {
            there.add(plug(port, there.size() + 1, there.size()));
            before.add(keys(there.get(there.size() - 1), random)); // While the later ones are not there yet.
        }
        for (Plugged one : there) {
            for (Plugged other : there) {
                boolean same = one == other;
                assertThat(meet(keys(one, random), keys(other, random)))
                        .as("%s and %s", one, other)
                        .isEqualTo(same);
                assertThat(meet(before.get(there.indexOf(one)), keys(other, random)))
                        .as("%s before and %s now", one, other)
                        .isEqualTo(same);
            }
        }
    }

    @Property(tries = 300, edgeCases = EdgeCasesMode.NONE)
    void a_device_that_comes_back_under_another_name_meets_its_old_keys_and_nobody_elses(
            @ForAll @From("usb") Port port, @ForAll @From("usb") Port other, @ForAll long seed) {
        Random random = new Random(seed);
        Plugged first = plug(port, 1, 0);
        Set<LinkKey> before = keys(first, random);
        unplug(first);
        Plugged later = plug(other, 2, 0); // It gets the name and the numbers that have become free.
        Plugged back = plug(port, 1, 1);

        assertThat(meet(keys(back, random), before)).isTrue();
        assertThat(meet(keys(later, random), before)).isFalse();
        assertThat(meet(keys(later, random), keys(back, random))).isFalse();
    }

    @Property(tries = 300, edgeCases = EdgeCasesMode.NONE)
    void a_device_with_a_number_of_its_own_is_known_wherever_it_is_plugged_in(
            @ForAll @From("usb") Port like, @ForAll long seed) {
        Random random = new Random(seed);
        Plugged first = plug(new Port(like.driver(), like.model(), GENUINE, like.usbInterface()), 1, 0);
        Set<LinkKey> before = keys(first, random);
        unplug(first);

        assertThat(meet(keys(plug(first.port(), 3, 4), random), before)).isTrue();
    }

    @Property(tries = 300, edgeCases = EdgeCasesMode.NONE)
    void the_ports_of_one_device_are_told_apart(@ForAll @From("usb") Port like, @ForAll long seed) {
        Random random = new Random(seed);
        Plugged one = plug(new Port(like.driver(), like.model(), like.serial(), 0), 1, 0);
        Plugged other = plug(new Port(like.driver(), like.model(), like.serial(), 2), 1, 1);

        assertThat(meet(keys(one, random), keys(other, random))).isFalse();
    }

    @Provide
    Arbitrary<Port> ports() {
        return Arbitraries.oneOf(usb(), usb(), usb(), Arbitraries.just(new Port("ttyS", "", "", 0)));
    }

    /** Of the kinds that are about: a bridge without number, with one for all, with one of its own; a chip with USB of its own. */
    @Provide
    Arbitrary<Port> usb() {
        return Combinators.combine(
                        Arbitraries.of("ttyUSB", "ttyACM"),
                        Arbitraries.of("10c4:ea60", "1a86:55d4", "303a:1001"),
                        Arbitraries.of("0001", "123456", "0123456789ABCDEF", GENUINE, "F4:12:FA:01:02:03")
                                .injectNull(0.2))
                .as((driver, model, serial) -> new Port(driver, model, serial, 0));
    }
}
