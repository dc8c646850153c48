package dev.meshlease.testkit.junit;

import dev.meshlease.testkit.Recording;
import dev.meshlease.testkit.SimulatedNode;
import dev.meshlease.testkit.SimulatedNodeBuilder;
import dev.meshlease.testkit.fault.Fault;
import dev.meshlease.testkit.node.FirmwareProfile;
import dev.meshlease.testkit.node.Variant;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.ExtensionConfigurationException;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.platform.commons.support.AnnotationSupport;
import org.junit.platform.commons.support.HierarchyTraversalMode;
import org.junit.platform.commons.support.ModifierSupport;
import org.junit.platform.commons.support.ReflectionSupport;

/** A field with {@link Simulated} on it. */
record SimulatedField(Field field, Simulated simulated) {
    static List<SimulatedField> ofStatic(Class<?> testClass) {
        return of(testClass, ModifierSupport::isStatic);
    }

    static List<SimulatedField> ofInstance(Class<?> testClass) {
        return of(testClass, ModifierSupport::isNotStatic);
    }

    private static List<SimulatedField> of(Class<?> testClass, Predicate<Field> which) {
        return AnnotationSupport.findAnnotatedFields(testClass, Simulated.class, which, HierarchyTraversalMode.TOP_DOWN)
                .stream()
                .map(field -> new SimulatedField(field, field.getAnnotation(Simulated.class)))
                .toList();
    }

    /** The one face of all nodes that a test sees, those of the classes around its own included. */
    static Simulated.Face faceOf(ExtensionContext context) {
        Set<Simulated.Face> faces = EnumSet.noneOf(Simulated.Face.class);
        for (Class<?> seen = context.getTestClass().orElse(null); seen != null; seen = around(seen)) {
            of(seen, field -> true).forEach(field -> faces.add(field.simulated.face()));
        }
        if (faces.size() > 1) {
            throw new ExtensionConfigurationException(
                    "The @Simulated nodes of " + context.getRequiredTestClass().getName()
                            + " have different faces. Virtual time has no sockets: give all of them the same, or use two test classes.");
        }
        return faces.isEmpty() ? Simulated.Face.MEMORY : faces.iterator().next();
    }

    /** The class around a {@code @Nested} one; static classes only happen to be where they are. */
    private static @Nullable Class<?> around(Class<?> testClass) {
        return ModifierSupport.isStatic(testClass) ? null : testClass.getEnclosingClass();
    }

    void fill(@Nullable Object instance, Scope scope) {
        if (field.getType() != SimulatedNode.class) {
            throw new ExtensionConfigurationException(this + " must be of type SimulatedNode, not "
                    + field.getType().getName() + ".");
        }
        if (Modifier.isFinal(field.getModifiers())) {
            throw new ExtensionConfigurationException(this + " must not be final: the extension gives it its value.");
        }
        try {
            field.set(makeAccessible(instance), scope.start(simulated, this::start));
        } catch (IllegalAccessException e) {
            throw new ExtensionConfigurationException(this + " cannot be given its value.", e);
        }
    }

    /** Reading through JUnit opens this very field, to us as well, in modules that are open to JUnit only. */
    private @Nullable Object makeAccessible(@Nullable Object instance) {
        ReflectionSupport.tryToReadFieldValue(field, instance).ifFailure(e -> {
            throw new ExtensionConfigurationException(this + " cannot be read.", e);
        });
        return instance;
    }

    private SimulatedNode start(Scope scope) {
        SimulatedNodeBuilder builder = SimulatedNode.builder();
        if (simulated.nodes() != 0) {
            builder = builder.nodes(simulated.nodes());
        }
        if (!simulated.variant().isEmpty()) {
            builder = builder.variant(Variant.named(simulated.variant()));
        }
        if (!simulated.firmware().isEmpty()) {
            builder = builder.firmware(FirmwareProfile.parse(simulated.firmware()));
        }
        if (!simulated.recording().isEmpty()) {
            builder = builder.recording(Recording.bundled(simulated.recording()));
        }
        for (String faults : simulated.faults()) {
            builder = builder.fault(Fault.parseAll(faults).toArray(Fault[]::new));
        }
        return simulated.face() == Simulated.Face.TCP ? builder.start() : builder.start(scope.environment());
    }

    @Override
    public String toString() {
        return "@Simulated " + field.getDeclaringClass().getName() + "." + field.getName();
    }
}
