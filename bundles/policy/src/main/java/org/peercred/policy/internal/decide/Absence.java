/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.policy.internal.decide;

import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.peercred.access.PolicyReport;
import org.peercred.access.PolicyScope;
import org.peercred.access.PolicyStatus.State;
import org.peercred.common.config.Config;
import org.peercred.common.config.ConfigException;
import org.peercred.common.config.ConfigSource;
import org.peercred.policy.internal.config.Otherwise;
import org.peercred.policy.internal.config.PolicyKind;
import org.peercred.policy.internal.config.PolicyKind.Denial;
import org.peercred.policy.internal.config.Revision;
import org.peercred.policy.internal.config.Scopes;

/** What is closed while a policy is not there although its configuration exists: what it would deny, and all that it covers. */
final class Absence {

    private Absence() {}

    /**
     * Told by the configuration alone.
     *
     * @param kind the policy's kind
     * @param properties the configuration
     * @return empty if such a policy denies nobody
     */
    static Optional<Revision> of(PolicyKind kind, Map<String, ?> properties) {
        ConfigSource source = ConfigSource.of(properties, kind.pid());
        Config config = new Config(properties, source);
        return denies(kind, config)
                ? Optional.of(standIn(kind.id(source), scope(kind, config), source.file()))
                : Optional.empty();
    }

    /**
     * Of a configuration that cannot be read: it may deny anything.
     *
     * @param kind the policy's kind
     * @param pid the configuration's PID
     * @return empty if such a policy denies nobody
     */
    static Optional<Revision> unreadable(PolicyKind kind, String pid) {
        return of(kind, Map.of("service.pid", pid, Scopes.LISTENERS.name(), "", Otherwise.KEY.name(), "?"));
    }

    /**
     * Told by the policy, while it was there.
     *
     * @param last the policy as it was
     * @param pid the PID of its configuration
     * @return empty if its configuration, which was in force, tells that by itself
     */
    static Optional<Revision> of(PolicyReport last, String pid) {
        return Absences.isForeign(pid) || last.status().state() != State.ACTIVE
                ? Optional.of(standIn(last.id(), last.scope(), pid))
                : Optional.empty();
    }

    private static Revision standIn(String id, PolicyScope scope, String file) {
        return Revision.closed(id, scope, file + ": the policy " + id + " is configured but not there yet.");
    }

    private static boolean denies(PolicyKind kind, Config config) {
        if (kind.denial() != Denial.OTHERWISE) {
            return kind.denial() == Denial.ALWAYS;
        }
        try {
            return !isPlain(kind, config) || Otherwise.KEY.in(config) == Otherwise.DENY;
        } catch (ConfigException e) {
            // The policy itself would deny all it covers.
            return true;
        }
    }

    private static PolicyScope scope(PolicyKind kind, Config config) {
        try {
            return isPlain(kind, config) ? kind.scope(config) : PolicyScope.EVERYTHING;
        } catch (ConfigException e) {
            return PolicyScope.EVERYTHING;
        }
    }

    /**
     * Whether every key is known, and nothing is left in it that whoever delivers it to the policy may put another text for.
     */
    private static boolean isPlain(PolicyKind kind, Config config) {
        return config.unknownKeys(kind.keyNames()).isEmpty()
                && Stream.of(Scopes.LISTENERS, Scopes.ACTIONS, Otherwise.KEY)
                        .map(key -> config.contents().getOrDefault(key.name(), ""))
                        .noneMatch(text -> text.contains("${") || text.contains("$["));
    }
}
