package dev.meshlease.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import dev.meshlease.internal.permit.Issuer;
import java.io.File;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.net.URI;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PermitTest {
    private static final Set<LinkKey> HERE = Set.of(new LinkKey("tcp", "10.0.0.7:4403"));
    private static final Set<LinkKey> THERE = Set.of(new LinkKey("tcp", "10.0.0.8:4403"));

    @TempDir
    Path folder;

    @Test
    void is_good_once() {
        Permit permit = Permit.issue(Issuer.REGISTRY, HERE);
        permit.redeem(HERE);
        assertThatIllegalStateException()
                .isThrownBy(() -> permit.redeem(HERE))
                .withMessage(
                        "This permit for [tcp://10.0.0.7:4403] was used before. A permit is good for one connection;"
                                + " only the registry gives them out.");
    }

    @Test
    void is_good_for_what_was_claimed() {
        Permit permit = Permit.issue(Issuer.REGISTRY, HERE);
        assertThatIllegalStateException()
                .isThrownBy(() -> permit.redeem(THERE))
                .withMessage("This permit is for [tcp://10.0.0.7:4403], not for [tcp://10.0.0.8:4403]."
                        + " Only the registry gives them out, for what it has claimed.");
        permit.redeem(HERE);
    }

    @Test
    void is_good_for_nothing_when_it_was_kept_for_later() {
        Permit permit = Permit.issue(Issuer.REGISTRY, HERE);
        permit.expire();
        assertThatIllegalStateException()
                .isThrownBy(() -> permit.redeem(HERE))
                .withMessageStartingWith("This permit for [tcp://10.0.0.7:4403] has expired.")
                .withMessageContaining("the registry gives out another");
    }

    @Test
    void must_be_there() {
        assertThatNullPointerException()
                .isThrownBy(() -> Permit.require(null))
                .withMessage("A connection needs a permit, which only a LinkRegistry gives out: ask it for a lease,"
                        + " acquire(endpoint, holder), instead of connecting past it");
    }

    @Test
    void is_not_given_out_to_nobody() {
        assertThatNullPointerException()
                .isThrownBy(() -> Permit.issue(null, HERE))
                .withMessageContaining("given out by a LinkRegistry, not made");
    }

    @Test
    void is_made_in_one_way_only_which_takes_a_proof() {
        assertThat(Permit.class.getConstructors()).isEmpty();
        assertThat(Permit.class.getModifiers()).matches(Modifier::isFinal, "final: there are no others of its kind");
        assertThat(Arrays.stream(Permit.class.getMethods())
                        .filter(method -> method.getReturnType() == Permit.class
                                && !method.getName().equals("require")))
                .singleElement()
                .extracting(Method::getParameterTypes)
                .isEqualTo(new Class<?>[] {Issuer.class, Set.class});
    }

    @Test
    void cannot_be_made_by_another_module_since_that_cannot_name_the_proof() {
        assertThat(errors("dev.meshlease.internal.permit.Issuer.REGISTRY"))
                .containsExactly("package dev.meshlease.internal.permit is not visible");
        assertThat(errors("null")).as("the rest of it compiles").isEmpty();
    }

    /** What the compiler says to a module of its own that makes a permit. */
    private List<String> errors(String proof) {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        DiagnosticCollector<JavaFileObject> found = new DiagnosticCollector<>();
        compiler.getTask(
                        null,
                        null,
                        found,
                        List.of("--module-path", modules(), "-proc:none", "-d", folder.toString()),
                        null,
                        List.of(
                                source("module-info", "module rogue { requires dev.meshlease; }"),
                                source(
                                        "rogue.Rogue",
                                        "package rogue; class Rogue { Object permit = dev.meshlease.spi.Permit.issue("
                                                + proof + ", java.util.Set.of()); }")))
                .call();
        return found.getDiagnostics().stream()
                .filter(each -> each.getKind() == Diagnostic.Kind.ERROR)
                .map(each -> each.getMessage(Locale.ENGLISH).lines().findFirst().orElse(""))
                .toList();
    }

    private static String modules() {
        return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(each -> each.endsWith("classes") && !each.endsWith("test-classes")
                        || each.contains("protobuf-java")
                        || each.contains("jspecify")
                        || each.contains("slf4j-api"))
                .reduce((one, other) -> one + File.pathSeparator + other)
                .orElseThrow();
    }

    private static JavaFileObject source(String name, String code) {
        return new SimpleJavaFileObject(
                URI.create("string:///" + name.replace('.', '/') + ".java"), JavaFileObject.Kind.SOURCE) {
            @Override
            public CharSequence getCharContent(boolean ignoreEncodingErrors) {
                return code;
            }
        };
    }
}
