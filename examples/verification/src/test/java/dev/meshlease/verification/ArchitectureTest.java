package dev.meshlease.verification;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.GeneralCodingRules.ACCESS_STANDARD_STREAMS;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

class ArchitectureTest {

    private static final JavaClasses MAIN_CODE = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("dev.meshlease");

    @Test
    void nothing_writes_to_the_standard_streams() {
        noClasses()
                .that()
                .resideOutsideOfPackage("dev.meshlease.examples..")
                .should(ACCESS_STANDARD_STREAMS)
                .check(MAIN_CODE);
    }
}
