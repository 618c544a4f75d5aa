/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
/**
 * What a socket offers: services that bundles publish and listeners find by the property {@code peercred.service}.
 *
 * <p>Nothing in this package is ever {@code null}.
 */
@Export
@Version("1.0.0")
package org.peercred.service;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
