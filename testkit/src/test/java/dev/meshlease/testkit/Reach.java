package dev.meshlease.testkit;

import com.google.protobuf.MessageLite;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** How much an object holds on to: the objects of this project, and the elements of collections and arrays, however far away. */
final class Reach {
    private final Set<Object> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    private final Deque<Object> open = new ArrayDeque<>();

    private Reach() {}

    static long of(Object root) {
        return from(root).seen.size();
    }

    /** How many of them are of a class of that name. */
    static long of(Object root, String simpleName) {
        return from(root).seen.stream()
                .filter(object -> object.getClass().getSimpleName().equals(simpleName))
                .count();
    }

    /** Those of a class. */
    static <T> Stream<T> all(Object root, Class<T> type) {
        return from(root).seen.stream().filter(type::isInstance).map(type::cast);
    }

    private static Reach from(Object root) {
        Reach reach = new Reach();
        reach.reached(root);
        while (!reach.open.isEmpty()) {
            reach.follow(reach.open.removeFirst());
        }
        return reach;
    }

    private void reached(Object object) {
        if (object != null && seen.add(object)) {
            open.addLast(object);
        }
    }

    private void follow(Object object) {
        if (object instanceof Collection<?> elements) {
            elements.forEach(this::reached);
        } else if (object instanceof Map<?, ?> entries) {
            entries.keySet().forEach(this::reached);
            entries.values().forEach(this::reached);
        } else if (object instanceof Object[] elements) {
            for (Object element : elements) {
                reached(element);
            }
        } else if (isOurs(object.getClass()) && !(object instanceof MessageLite)) {
            fields(object);
        }
    }

    private static boolean isOurs(Class<?> type) {
        return type.getName().startsWith("dev.meshlease");
    }

    private void fields(Object object) {
        for (Class<?> type = object.getClass(); isOurs(type); type = type.getSuperclass()) {
            for (Field field : type.getDeclaredFields()) {
                if (!Modifier.isStatic(field.getModifiers()) && !field.getType().isPrimitive()) {
                    reached(value(field, object));
                }
            }
        }
    }

    private static Object value(Field field, Object object) {
        try {
            field.setAccessible(true);
            return field.get(object);
        } catch (ReflectiveOperationException hidden) {
            throw new AssertionError(hidden);
        }
    }
}
