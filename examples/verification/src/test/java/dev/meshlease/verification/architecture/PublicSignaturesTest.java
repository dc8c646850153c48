package dev.meshlease.verification.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static dev.meshlease.verification.architecture.MainCode.ALL;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.domain.JavaType;
import com.tngtech.archunit.core.domain.JavaTypeVariable;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What users can see must be made of what users can name. */
class PublicSignaturesTest {
    private static final Set<String> EXPORTED = MainCode.exportedPackages();

    /**
     * The issuer is the proof that the caller may give out permits, and it proves that because nobody else can name its type; see
     * {@code docs/adr/0001-permits-are-issued-with-a-token.md}.
     */
    private static final String EXEMPT =
            "dev.meshlease.spi.Permit.issue(dev.meshlease.internal.permit.Issuer, java.util.Set)";

    @Test
    void the_exported_packages_are_those_that_are_meant() {
        assertThat(EXPORTED)
                .contains("dev.meshlease", "dev.meshlease.message", "dev.meshlease.spi", "dev.meshlease.proto")
                .noneMatch(name -> name.contains("internal"));
    }

    @Test
    void public_signatures_name_exported_types_only() {
        classes().that(ARE_FOR_USERS).should(NAME_EXPORTED_TYPES_ONLY).check(ALL);
    }

    private static final DescribedPredicate<JavaClass> ARE_FOR_USERS =
            new DescribedPredicate<>("are public in an exported package") {
                @Override
                public boolean test(JavaClass type) {
                    return EXPORTED.contains(type.getPackageName()) && isPublic(type);
                }

                private boolean isPublic(JavaClass type) {
                    return type.getModifiers().contains(JavaModifier.PUBLIC)
                            && type.getEnclosingClass().map(this::isPublic).orElse(true);
                }
            };

    private static final ArchCondition<JavaClass> NAME_EXPORTED_TYPES_ONLY =
            new ArchCondition<>("name exported types only") {
                @Override
                public void check(JavaClass type, ConditionEvents events) {
                    report(type, type.getFullName(), ofType(type), events);
                    for (JavaField field : type.getFields()) {
                        if (isVisible(field.getModifiers())) {
                            report(type, field.getFullName(), Stream.of(field.getType()), events);
                        }
                    }
                    for (JavaCodeUnit unit : type.getCodeUnits()) {
                        if (isVisible(unit.getModifiers())
                                && !unit.getFullName().equals(EXEMPT)) {
                            report(type, unit.getFullName(), ofCodeUnit(unit), events);
                        }
                    }
                }
            };

    private static Stream<JavaType> ofType(JavaClass type) {
        return concat(
                type.getSuperclass().stream().toList(),
                List.copyOf(type.getInterfaces()),
                bounds(type.getTypeParameters()));
    }

    private static Stream<JavaType> ofCodeUnit(JavaCodeUnit unit) {
        return concat(
                List.of(unit.getReturnType()),
                unit.getParameterTypes(),
                List.copyOf(unit.getExceptionTypes()),
                bounds(unit.getTypeParameters()));
    }

    private static List<JavaType> bounds(List<? extends JavaTypeVariable<?>> variables) {
        return variables.stream()
                .flatMap(variable -> variable.getUpperBounds().stream())
                .collect(Collectors.toList());
    }

    @SafeVarargs
    private static Stream<JavaType> concat(List<? extends JavaType>... parts) {
        return Stream.of(parts).flatMap(List::stream);
    }

    private static boolean isVisible(Set<JavaModifier> modifiers) {
        return modifiers.contains(JavaModifier.PUBLIC) || modifiers.contains(JavaModifier.PROTECTED);
    }

    private static void report(JavaClass owner, String where, Stream<JavaType> types, ConditionEvents events) {
        types.flatMap(type -> type.getAllInvolvedRawTypes().stream())
                .map(JavaClass::getBaseComponentType)
                .filter(type -> type.getPackageName().startsWith("dev.meshlease"))
                .filter(type -> !EXPORTED.contains(type.getPackageName()))
                .distinct()
                .forEach(hidden -> events.add(SimpleConditionEvent.violated(
                        owner, where + " names " + hidden.getFullName() + ", which is not exported")));
    }
}
