/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.policy.internal.trial;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.peercred.access.ConfigurationCheck;
import org.peercred.common.config.Config;
import org.peercred.common.config.ConfigException;
import org.peercred.common.config.ConfigSource;
import org.peercred.credentials.PeerCredentialProvider;
import org.peercred.credentials.ProcessPinner;
import org.peercred.credentials.UserDatabase;
import org.peercred.policy.internal.config.PolicyKind;
import org.peercred.policy.internal.config.Rules;
import org.peercred.policy.internal.config.Trial;
import org.peercred.policy.internal.config.UnavailableException;
import org.peercred.policy.internal.kinds.KindReaders;
import org.peercred.policy.internal.pid.PidPolicy;
import org.peercred.policy.internal.roles.RoleCheck;
import org.peercred.policy.internal.roles.RolesConfiguration;
import org.peercred.policy.internal.roles.RolesTrial;

/** Tells whether configurations of policies and roles would be accepted. */
public final class PolicyCheck implements ConfigurationCheck {

    private final Map<String, PolicyKind> kinds = new HashMap<>();
    private final Map<PolicyKind, Rules.Reader> readers;

    /** For where there is no container. */
    public PolicyCheck() {
        this(new NobodyAsked(), new NobodyAsked(), new NobodyAsked(), (peer, listener, role) -> false);
    }

    /**
     * Makes one.
     *
     * @param users resolves names
     * @param credentials knows the daemon and the overflow ids
     * @param pinner holds processes
     * @param roles knows who has which role
     */
    PolicyCheck(UserDatabase users, PeerCredentialProvider credentials, ProcessPinner pinner, RoleCheck roles) {
        readers = new HashMap<>(KindReaders.of(users, credentials, roles));
        readers.put(PolicyKind.PID, PidPolicy.reader(pinner, credentials));
        readers.keySet().forEach(kind -> kinds.put(kind.pid(), kind));
    }

    @Override
    public Set<String> pids() {
        Set<String> pids = new HashSet<>(kinds.keySet());
        pids.add(RolesConfiguration.PID);
        return pids;
    }

    @Override
    public Result check(String pid, Map<String, ?> properties) {
        try {
            if (trial(pid, properties).isEmpty()) {
                RolesTrial.of(properties);
            }
            return new Result(List.of(), List.of());
        } catch (ConfigException e) {
            return new Result(e.sentences(), List.of());
        }
    }

    @Override
    public List<Mention> mentions(String pid, Map<String, ?> properties) {
        Config config = new Config(properties, ConfigSource.of(properties, pid));
        PolicyKind kind = kinds.get(pid);
        List<Mention> mentions = new ArrayList<>();
        if (kind == null) {
            mentions.add(new Mention(Subject.ROLES, config.source().name(), PolicyKind.NAMED.name(), true));
            config.contents().keySet().stream()
                    .filter(RoleOutlook::isRole)
                    .forEach(role -> mentions.add(new Mention(Subject.ROLE, role, role, true)));
        } else {
            mentions.add(new Mention(Subject.POLICY, kind.id(config.source()), PolicyKind.NAMED.name(), true));
            wantedRoles(kind, properties).forEach((what, roles) -> roles.stream()
                    .sorted()
                    .forEach(role -> mentions.add(new Mention(Subject.ROLE, role, key(kind, what), false))));
        }
        return mentions;
    }

    /** Of a command its own key says who may run it; of requests, one key does. */
    private static String key(PolicyKind kind, String what) {
        return kind.equals(PolicyKind.HTTP) ? PolicyKind.RULES.name() : what;
    }

    private Map<String, Set<String>> wantedRoles(PolicyKind kind, Map<String, ?> properties) {
        if (!kind.equals(PolicyKind.COMMAND) && !kind.equals(PolicyKind.HTTP)) {
            return Map.of();
        }
        try {
            return trial(kind.pid(), properties).orElseThrow().load().rules().byRole();
        } catch (ConfigException | UnavailableException e) {
            // Why it would be rejected is told by the check.
            return Map.of();
        }
    }

    /**
     * Reads a policy's configuration, and leaves open what others have to be asked for.
     *
     * @return empty if it is no policy's
     * @throws ConfigException if it would be rejected
     */
    Optional<Trial> trial(String pid, Map<String, ?> properties) throws ConfigException {
        PolicyKind kind = kinds.get(pid);
        return kind == null ? Optional.empty() : Optional.of(Trial.of(kind, properties, readers.get(kind)));
    }
}
