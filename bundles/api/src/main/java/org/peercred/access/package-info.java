/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
/**
 * Who may do what: policies, and the decision made of them.
 *
 * <p>Of the policies that cover a request: one DENY refuses; otherwise at least one ALLOW is needed; otherwise it is refused.
 * The order of policies never matters. Nothing in this package is ever {@code null}.
 */
@Export
@Version("1.0.0")
package org.peercred.access;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
