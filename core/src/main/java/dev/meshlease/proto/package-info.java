/**
 * The wire types, generated from {@code src/main/proto}: what node and client send each other, in the protocol's own names. Nothing
 * written by hand lives here.
 *
 * <p>Fields and enum values from newer firmware survive parsing and writing. Generated code says nothing about null, so the package is
 * unmarked; its getters never return it.
 */
@NullUnmarked
package dev.meshlease.proto;

import org.jspecify.annotations.NullUnmarked;
