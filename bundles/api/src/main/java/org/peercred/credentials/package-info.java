/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
/**
 * Who is on the other end of a socket, as the kernel tells it.
 *
 * <p>Identifiers are unsigned 32-bit numbers and are carried as {@code long}, 0 to 4294967295. Nothing in this package is
 * ever {@code null}: what the kernel cannot tell is an absent {@link org.peercred.credentials.Fact} with its reason.
 */
@Export
@Version("1.0.0")
package org.peercred.credentials;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
