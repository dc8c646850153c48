/**
 * Claims among the programs of one machine: a folder, a lock file for each key, and beside it a note that says who holds it. Knows neither
 * links nor leases.
 */
@NullMarked
package dev.meshlease.internal.machine;

import org.jspecify.annotations.NullMarked;
