/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.policy.internal.trial;

import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.BundleContext;
import org.peercred.access.AccessControl;
import org.peercred.access.ConfigurationCheck;
import org.peercred.access.ConfigurationCheck.Forecast;
import org.peercred.access.Decision;
import org.peercred.access.PolicyScope;
import org.peercred.access.PolicyStatus;
import org.peercred.access.Proposal;
import org.peercred.access.Verdict;
import org.peercred.policy.internal.config.Revision;
import org.peercred.policy.internal.decide.Decisions;
import org.peercred.policy.internal.keeper.FileReader;
import org.peercred.policy.internal.roles.RolesFixture;
import org.peercred.policy.internal.testing.FakeConfigurations;
import org.peercred.policy.internal.testing.FakeCredentials;
import org.peercred.policy.internal.testing.FakePeer;
import org.peercred.policy.internal.testing.FakeUsers;

/** Files that are tried beside policies, roles and configurations in force, which a test makes. */
abstract class DryRunFixture {

    static final String TEAM = "org.peercred.policy.uid-team.cfg";
    static final String TEAM_PID = "org.peercred.policy.uid~team";

    @TempDir
    Path home;

    final Decisions decisions = new Decisions();
    final FakeConfigurations configurations = new FakeConfigurations();
    final FakeUsers users = new FakeUsers();
    final FakeCredentials credentials = new FakeCredentials(1000);
    final RolesFixture roles = new RolesFixture();
    final DryRunComponent dryRun = new DryRunComponent(
            new FileReader(context()),
            "org.peercred.mine"::equals,
            users,
            credentials,
            new PolicyCheck(users, credentials, new NobodyAsked(), (peer, listener, role) -> false),
            roles.directory,
            decisions,
            configurations.admin());

    /** Reads configurations of listeners, and tells of them what a test wants. */
    static final class ListenersCheck implements ConfigurationCheck {

        Optional<Forecast> forecast = Optional.empty();

        @Override
        public Set<String> pids() {
            return Set.of("org.peercred.listener");
        }

        @Override
        public Result check(String pid, Map<String, ?> properties) {
            return new Result(List.of(), List.of());
        }

        @Override
        public Optional<Forecast> forecast(String pid, Map<String, ?> before, Map<String, ?> after) {
            return forecast;
        }
    }

    final ListenersCheck check = new ListenersCheck();

    @BeforeEach
    void start() {
        dryRun.checks = List.of(check);
    }

    static BundleContext context() {
        return (BundleContext) Proxy.newProxyInstance(
                DryRunFixture.class.getClassLoader(),
                new Class<?>[] {BundleContext.class},
                (self, method, arguments) -> null);
    }

    Path write(String name, String text) throws IOException {
        return Files.writeString(home.resolve(name), text);
    }

    Proposal tried(String name, String text) throws IOException {
        return dryRun.read(write(name, text));
    }

    static Revision allowing(String id, long uid) {
        return new Revision(
                id,
                new PolicyScope(Set.of("*"), Set.of("connect")),
                PolicyStatus.ACTIVE,
                request -> request.peer().uid() == uid ? Verdict.allow("listed") : Verdict.abstain("not listed"));
    }

    static Decision decision(AccessControl control, long uid) {
        return control.decide(FakePeer.uid(uid).connect("echo"));
    }
}
