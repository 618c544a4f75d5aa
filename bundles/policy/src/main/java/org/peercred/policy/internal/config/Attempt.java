/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.policy.internal.config;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.peercred.access.PolicyScope;
import org.peercred.common.config.Config;
import org.peercred.common.config.ConfigException;
import org.peercred.common.config.ConfigSource;
import org.peercred.common.config.Problems;
import org.peercred.common.config.Spelling;
import org.peercred.common.reload.Reading;

/**
 * A configuration of a policy as it was delivered, and what came of reading it.
 *
 * @param id the id the policy has by it
 * @param scope what it covers; empty if that cannot be read
 * @param reading what is left to do
 */
record Attempt(String id, Optional<PolicyScope> scope, Reading<Rules.Loading> reading) {

    /** The keys that say which requests are covered. */
    static final Set<String> SCOPE = Set.of(Scopes.LISTENERS.name(), Scopes.ACTIONS.name());

    /** Reads a configuration, whatever is in it. */
    static Attempt read(PolicyKind kind, Map<String, ?> properties, Rules.Reader reader) {
        ConfigSource source = ConfigSource.of(properties, kind.pid());
        Config config = new Config(properties, source);
        Optional<PolicyScope> scope =
                Reading.of(config, () -> scope(kind, config, reader)).value();
        return new Attempt(kind.id(source), scope, Reading.of(config, () -> loading(kind, config, reader)));
    }

    private static PolicyScope scope(PolicyKind kind, Config config, Rules.Reader reader) throws ConfigException {
        Problems problems = new Problems();
        // What was meant by an unknown key may have been what says which requests are covered.
        problems.addAll(reader.unknownKeys(config, kind.keyNames()));
        problems.end();
        return reader.scope(config);
    }

    static Rules.Loading loading(PolicyKind kind, Config config, Rules.Reader reader) throws ConfigException {
        Problems problems = new Problems();
        problems.addAll(reader.unknownKeys(config, kind.keyNames()));
        problems.check(() -> reader.scope(config));
        problems.check(() -> kind.checkName(config));
        Optional<Rules.Loading> loading =
                problems.collect(() -> Optional.of(reader.read(config)), Optional.<Rules.Loading>empty());
        problems.end();
        return loading.orElseThrow();
    }

    /** What the operator wrote, as lists; without the name, and without notes. */
    Map<String, List<String>> written() {
        Map<String, List<String>> written = GrantLog.lists(reading.contents());
        written.keySet().removeIf(key -> key.equals(PolicyKind.NAMED.name()) || Spelling.isNote(key));
        return written;
    }
}
