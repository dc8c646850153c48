/**
 * The serial transport: {@link dev.meshlease.serial.SerialTransport} for {@code serial:} endpoints, and {@link
 * dev.meshlease.serial.SerialEndpoint#list} for what ports there are. One class knows jSerialComm; the others see ports as {@code SerialPorts}
 * and {@code OpenPort}.
 */
@NullMarked
package dev.meshlease.serial;

import org.jspecify.annotations.NullMarked;
