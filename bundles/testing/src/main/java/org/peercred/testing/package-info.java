/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
/**
 * For tests of what others write for Peercred: services, commands and policies.
 *
 * <p>What the kernel, the listener and the container would do is done by fakes, whose answers a test chooses: {@link
 * org.peercred.testing.FakePeer}, {@link org.peercred.testing.FakeConnection}, {@link
 * org.peercred.testing.FakeStreamConnection}, {@link org.peercred.testing.FakeReplies}, {@link
 * org.peercred.testing.FakeCall}, {@link org.peercred.testing.FakeAccessControl}, {@link
 * org.peercred.testing.FakeUserDatabase}. They keep the contracts of what they
 * stand for, and complain where the code under test does not. {@link org.peercred.testing.LineDriver} plays the listener's
 * part for a line service. {@link org.peercred.testing.TestListener} is the real one, on a real socket; it needs Linux and
 * the class path of a plain test, not a framework.
 *
 * <p>Nothing in this package is ever {@code null}, and nothing takes {@code null}. Every wait ends after {@link
 * org.peercred.testing.Patience#SECONDS} seconds with an {@link java.lang.AssertionError}.
 */
@Export
@Version("1.0.0")
package org.peercred.testing;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
