/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.policy.internal.config;

import java.util.Map;
import org.peercred.access.PolicyScope;
import org.peercred.access.PolicyStatus;
import org.peercred.common.config.Config;
import org.peercred.common.config.ConfigException;
import org.peercred.common.config.ConfigSource;

/**
 * A configuration of a policy that is read and not put in force.
 *
 * @param id the id that the policy would have
 * @param scope what it would cover
 * @param loading what is left to do
 */
public record Trial(String id, PolicyScope scope, Rules.Loading loading) {

    /**
     * Reads it, asking nobody.
     *
     * @param kind the kind of policy
     * @param properties the configuration
     * @param reader reads configurations of that kind
     * @return what it means
     * @throws ConfigException if it would be rejected, with all that is wrong with it
     */
    public static Trial of(PolicyKind kind, Map<String, ?> properties, Rules.Reader reader) throws ConfigException {
        ConfigSource source = ConfigSource.of(properties, kind.pid());
        Config config = new Config(properties, source);
        Rules.Loading loading = Attempt.loading(kind, config, reader);
        return new Trial(kind.id(source), reader.scope(config), loading);
    }

    /**
     * Asks whoever has to be asked.
     *
     * @return the policy, whose rules are to be closed
     * @throws ConfigException if it would be rejected
     * @throws UnavailableException if whoever has to be asked does not answer, or knows no such name
     */
    public Revision load() throws ConfigException, UnavailableException {
        return new Revision(id, scope, PolicyStatus.ACTIVE, loading.load().rules());
    }
}
