/**
 * What any transport must do, as test classes to extend: leases over one link, whatever carries the bytes. And what any store of claims
 * must do: {@link dev.meshlease.testkit.contract.LinkClaimsContract}. {@link dev.meshlease.testkit.contract.CountedTransport} and {@link
 * dev.meshlease.testkit.contract.LinkRecorder} are for further tests of a transport. Needs JUnit and AssertJ on the class path of the test
 * that uses it.
 */
@NullMarked
package dev.meshlease.testkit.contract;

import org.jspecify.annotations.NullMarked;
