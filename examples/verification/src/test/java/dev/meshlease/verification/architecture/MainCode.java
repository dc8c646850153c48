package dev.meshlease.verification.architecture;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleFinder;
import java.lang.module.ModuleReference;
import java.net.URI;
import java.nio.file.Path;
import java.util.Set;
import java.util.stream.Collectors;

/** The compiled main code of all modules and examples, generated classes included. */
final class MainCode {
    static final JavaClasses ALL = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("dev.meshlease");

    static final String FRAME = "dev.meshlease.internal.frame";
    static final String LINK = "dev.meshlease.internal.link";
    static final String LEASE = "dev.meshlease.internal.lease";
    static final String REGISTRY = "dev.meshlease.internal.registry";
    static final String LOOP = "dev.meshlease.internal.loop";
    static final String PERMIT = "dev.meshlease.internal.permit";
    static final String MACHINE = "dev.meshlease.internal.machine";
    static final String TESTKIT = "dev.meshlease.testkit..";
    static final String TCP = "dev.meshlease.tcp..";

    /** What the benchmarks measure against: the least that can be done over a socket of the loopback interface. */
    static final String RAW = "dev.meshlease.examples.benchmarks.raw";

    private MainCode() {}

    /** The named modules among it. */
    static Set<ModuleDescriptor> modules() {
        Path[] roots = ALL.stream().map(MainCode::root).distinct().toArray(Path[]::new);
        return ModuleFinder.of(roots).findAll().stream()
                .map(ModuleReference::descriptor)
                .filter(module -> !module.isAutomatic())
                .collect(Collectors.toSet());
    }

    /** The packages that everybody may use on the module path. */
    static Set<String> exportedPackages() {
        return modules().stream()
                .flatMap(module -> module.exports().stream())
                .filter(export -> !export.isQualified())
                .map(ModuleDescriptor.Exports::source)
                .collect(Collectors.toSet());
    }

    /** The jar or folder that a class came from. */
    private static Path root(JavaClass type) {
        String source = type.getSource().orElseThrow().getUri().toString();
        String file = source.substring(0, source.length() - (type.getName().length() + ".class".length()));
        String root = file.startsWith("jar:") ? file.substring("jar:".length(), file.length() - "!/".length()) : file;
        return Path.of(URI.create(root));
    }
}
