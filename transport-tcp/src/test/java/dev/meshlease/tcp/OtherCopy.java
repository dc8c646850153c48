package dev.meshlease.tcp;

import java.io.File;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/** Another copy of the library in this JVM, with class loader and static fields of its own, as each web application of a server has one. */
final class OtherCopy implements AutoCloseable {
    private final URLClassLoader loader;
    private final Object tenant;

    OtherCopy() throws Exception {
        List<URL> path = new ArrayList<>();
        for (String each : System.getProperty("java.class.path").split(File.pathSeparator)) {
            path.add(Path.of(each).toUri().toURL());
        }
        loader = new URLClassLoader("other-copy", path.toArray(URL[]::new), ClassLoader.getPlatformClassLoader());
        tenant = loader.loadClass(Tenant.class.getName())
                .getDeclaredConstructor()
                .newInstance();
    }

    /** What its own {@link Tenant} says. */
    @SuppressWarnings("unchecked") // Only types of the JDK are the same in both copies.
    String acquire(String endpoint) {
        return ((UnaryOperator<String>) tenant).apply(endpoint);
    }

    Class<?> type() {
        return tenant.getClass();
    }

    @Override
    public void close() throws IOException {
        try {
            ((AutoCloseable) tenant).close();
        } catch (Exception failure) {
            throw new IOException(failure);
        } finally {
            loader.close();
        }
    }
}
