package dev.meshlease.testkit.junit;

import dev.meshlease.LinkRegistry;
import dev.meshlease.testkit.VirtualEnvironment;
import dev.meshlease.testkit.VirtualTime;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.LifecycleMethodExecutionExceptionHandler;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.jupiter.api.extension.TestExecutionExceptionHandler;

/** What {@link Simulated} stands for. Keeps nothing itself: a {@link Scope} in each context does. */
final class SimulatedExtension
        implements BeforeAllCallback,
                BeforeEachCallback,
                AfterEachCallback,
                AfterAllCallback,
                ParameterResolver,
                TestExecutionExceptionHandler,
                LifecycleMethodExecutionExceptionHandler {
    private static final Namespace NAMESPACE = Namespace.create(SimulatedExtension.class);
    private static final Set<Class<?>> PARAMETERS =
            Set.of(LinkRegistry.class, VirtualTime.class, VirtualEnvironment.class);

    @Override
    public void beforeAll(ExtensionContext context) {
        Class<?> testClass = context.getRequiredTestClass();
        List<SimulatedField> fields = SimulatedField.ofStatic(testClass);
        if (!fields.isEmpty()) {
            Scope scope = scope(context);
            fields.forEach(field -> field.fill(null, scope));
        }
    }

    @Override
    public void beforeEach(ExtensionContext context) {
        Scope scope = scope(context);
        if (!isParallel(context)) {
            scope.beginAlone();
        }
        for (Object instance : context.getRequiredTestInstances().getAllInstances()) {
            SimulatedField.ofInstance(instance.getClass()).forEach(field -> field.fill(instance, scope));
        }
    }

    private static boolean isParallel(ExtensionContext context) {
        return context.getConfigurationParameter("junit.jupiter.execution.parallel.enabled")
                .map(Boolean::parseBoolean)
                .orElse(false);
    }

    @Override
    public void afterEach(ExtensionContext context) {
        Scope scope = existing(context);
        if (scope != null && isParallel(context)) {
            scope.close();
        } else if (scope != null) {
            scope.closeAlone();
        }
    }

    @Override
    public void afterAll(ExtensionContext context) {
        Scope scope = existing(context);
        if (scope != null) {
            scope.close();
        }
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return PARAMETERS.contains(parameter.getParameter().getType());
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        Scope scope = scope(context);
        return parameter.getParameter().getType() == LinkRegistry.class ? scope.registry() : scope.environment();
    }

    @Override
    public void handleTestExecutionException(ExtensionContext context, Throwable thrown) throws Throwable {
        throw explained(context, thrown);
    }

    @Override
    public void handleBeforeAllMethodExecutionException(ExtensionContext context, Throwable thrown) throws Throwable {
        throw explained(context, thrown);
    }

    @Override
    public void handleBeforeEachMethodExecutionException(ExtensionContext context, Throwable thrown) throws Throwable {
        throw explained(context, thrown);
    }

    @Override
    public void handleAfterEachMethodExecutionException(ExtensionContext context, Throwable thrown) throws Throwable {
        throw explained(context, thrown);
    }

    @Override
    public void handleAfterAllMethodExecutionException(ExtensionContext context, Throwable thrown) throws Throwable {
        throw explained(context, thrown);
    }

    private static Throwable explained(ExtensionContext context, Throwable thrown) {
        Scope scope = existing(context);
        if (scope != null) {
            scope.explain(thrown);
        }
        return thrown;
    }

    /** The context's own scope; made if it is the first time. Its parent is that of the nearest context around it that has one. */
    @SuppressWarnings("deprecation") // the replacement of getOrComputeIfAbsent came with JUnit 6
    private static Scope scope(ExtensionContext context) {
        Scope scope = context.getStore(NAMESPACE)
                .getOrComputeIfAbsent(
                        context.getUniqueId(),
                        id -> new Scope(SimulatedField.faceOf(context), parent(context)),
                        Scope.class);
        return Objects.requireNonNull(scope);
    }

    private static @Nullable Scope parent(ExtensionContext context) {
        for (Optional<ExtensionContext> around = context.getParent();
                around.isPresent();
                around = around.get().getParent()) {
            Scope scope = existing(around.get());
            if (scope != null) {
                return scope;
            }
        }
        return null;
    }

    private static @Nullable Scope existing(ExtensionContext context) {
        return context.getStore(NAMESPACE).get(context.getUniqueId(), Scope.class);
    }
}
