package dev.meshlease.spi;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ForwardingEnvironmentTest {
    private final List<Method> called = new ArrayList<>();
    private final Environment real = (Environment) Proxy.newProxyInstance(
            Environment.class.getClassLoader(), new Class<?>[] {Environment.class}, (self, method, given) -> {
                called.add(method);
                return method.getReturnType() == boolean.class ? true : null;
            });

    private static final class Plain extends ForwardingEnvironment {
        Plain(Environment real) {
            super(real);
        }
    }

    static Stream<Method> methods() {
        return Stream.of(Environment.class.getMethods()).filter(method -> !Modifier.isStatic(method.getModifiers()));
    }

    @ParameterizedTest
    @MethodSource("methods")
    void does_as_the_other_one_does(Method method) throws ReflectiveOperationException {
        method.invoke(new Plain(real), new Object[method.getParameterCount()]);
        assertThat(called).containsExactly(method);
    }

    @Test
    void says_what_it_is() {
        assertThat(new Plain(Environment.system()).toString()).startsWith("Plain over ");
    }
}
