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
     * What would come of it, beside what is decided about who connects and who has which role.
     *
     * @return whole sentences
     */
    default List<String> effects() {
        return List.of();
    }

    /**
     * Whether nothing was looked at but its keys and values, since who reads it tells no more.
     *
     * @return false as well of one that would be rejected
     */
    default boolean keysOnly() {
        return false;
    }

    /**
     * Decides as if it were in force.
     *
     * @return what decides; empty if it is neither a policy's nor that of a listener that there is, or would be rejected. To be asked
     *     only until this is closed
     */
    Optional<AccessControl> access();

    /**
     * Tells who would have which role.
     *
     * @return what tells it; empty if it gives no roles, or would be rejected
     */
    default Optional<RoleForecast> roles() {
        return Optional.empty();
    }

    /** Gives back what it holds. */
    @Override
    void close();
}
