package dev.meshlease.verification.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.describe;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.AccessTarget;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.syntax.ArchRuleDefinition;
import java.net.DatagramSocket;
import java.net.Socket;
import java.net.URLConnection;
import java.nio.channels.AsynchronousSocketChannel;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SocketChannel;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** What connects to some place, in any of the ways that the JDK has. */
final class Connecting {
    private static final List<Class<?>> CONNECTABLE = List.of(
            Socket.class,
            DatagramSocket.class,
            SocketChannel.class,
            AsynchronousSocketChannel.class,
            DatagramChannel.class,
            URLConnection.class);

    /** Calls, and references that somebody else calls. */
    static final DescribedPredicate<JavaAccess<?>> ACCESS =
            describe("something connects", access -> connects(access.getTarget()));

    private Connecting() {}

    /** Nobody connects but these, each by the name of its outermost class. */
    static ArchRule onlyBy(Set<String> names) {
        return ArchRuleDefinition.noClasses()
                .that(describe("are none of those listed", type -> !names.contains(outermost(type))))
                .should(accessOf(ACCESS));
    }

    private static ArchCondition<JavaClass> accessOf(DescribedPredicate<JavaAccess<?>> predicate) {
        return com.tngtech.archunit.lang.conditions.ArchConditions.accessTargetWhere(predicate);
    }

    static String outermost(JavaClass type) {
        int dollar = type.getName().indexOf('$');
        return dollar < 0 ? type.getName() : type.getName().substring(0, dollar);
    }

    private static boolean connects(AccessTarget target) {
        JavaClass owner = target.getOwner();
        return switch (target.getName()) {
            case "connect" -> isAny(owner, CONNECTABLE) || owner.getName().startsWith("java.");
            case "open" -> owner.isEquivalentTo(SocketChannel.class) && takes(target, "java.net.SocketAddress"::equals);
            case "<init>" -> owner.isAssignableTo(Socket.class) && takes(target, Connecting::isPlace);
            case "createSocket" ->
                owner.isAssignableTo("javax.net.SocketFactory") && takes(target, Connecting::isPlace);
            case "isReachable" -> owner.isEquivalentTo(java.net.InetAddress.class);
            case "openConnection", "openStream", "getContent" -> owner.isEquivalentTo(java.net.URL.class);
            case "send", "sendAsync", "newWebSocketBuilder" -> owner.isAssignableTo("java.net.http.HttpClient");
            default -> false;
        };
    }

    private static boolean isAny(JavaClass owner, List<Class<?>> types) {
        return types.stream().anyMatch(owner::isAssignableTo);
    }

    /** A socket of no address is not connected yet. */
    private static boolean isPlace(String type) {
        return type.equals("java.lang.String") || type.equals("java.net.InetAddress");
    }

    private static boolean takes(AccessTarget target, Predicate<String> type) {
        return target instanceof AccessTarget.CodeUnitAccessTarget unit
                && parameters(unit).anyMatch(type);
    }

    private static Stream<String> parameters(AccessTarget.CodeUnitAccessTarget unit) {
        return unit.getRawParameterTypes().stream().map(JavaClass::getName);
    }
}
