/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.access;

import java.util.List;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Knows of things that are not as they should be; to be published as a service. {@code peercred:doctor} shows what all of them
 * found.
 */
@ConsumerType
public interface FindingSource {

    /**
     * What is amiss now. Called by any thread; must not wait.
     *
     * @return in the order in which to show it; empty if all is well
     */
    List<Finding> findings();
}
