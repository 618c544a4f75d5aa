/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.access;

import java.util.List;
import java.util.Optional;
import org.osgi.annotation.versioning.ProviderType;

/** A configuration that is not in force. May be used by any thread. */
@ProviderType
public interface Proposal extends AutoCloseable {

    /**
     * A key whose value would be another.
     *
     * @param key the key
     * @param before what is in force; empty if it is not set
     * @param after what would be; empty if it would not be set
     */
    record Change(String key, Optional<String> before, Optional<String> after) {}

    /**
     * Which configuration it would be.
     *
     * @return the PID
     */
    String pid();

    /**
     * What there is to say of it.
     *
     * @return problems and warnings
     */
    ConfigurationCheck.Result result();

    /**
     * In what it differs from the configuration in force.
     *
     * @return by key; all keys, if none is in force
     */
    List<Change> changes();

    /**
     * Decides as if it were in force.
     *
     * @return what decides; empty if it is no policy's, or would be rejected. To be asked only until this is closed
     */
    Optional<AccessControl> access();

    /** Gives back what it holds. */
    @Override
    void close();
}
