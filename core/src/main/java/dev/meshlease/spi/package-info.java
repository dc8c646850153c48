/**
 * What a transport, a claim store or a test environment implements. A bot needs none of it.
 */
@NullMarked
package dev.meshlease.spi;

import org.jspecify.annotations.NullMarked;
