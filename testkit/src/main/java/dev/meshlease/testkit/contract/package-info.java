/**
 * What any transport must do, as test classes to extend: leases over one link, whatever carries the bytes. And what any store of claims
 * must do: {@link dev.meshlease.testkit.contract.LinkClaimsContract}. Needs JUnit and AssertJ on the class path of the test that uses it.
 */
@NullMarked
package dev.meshlease.testkit.contract;

import org.jspecify.annotations.NullMarked;
