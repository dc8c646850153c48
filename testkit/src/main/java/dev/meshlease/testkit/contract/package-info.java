/**
 * What any transport must do, as test classes to extend: leases over one link, whatever carries the bytes. Needs JUnit and AssertJ on
 * the class path of the test that uses it.
 */
@NullMarked
package dev.meshlease.testkit.contract;

import org.jspecify.annotations.NullMarked;
