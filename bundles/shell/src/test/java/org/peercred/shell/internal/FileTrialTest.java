/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.shell.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.peercred.access.AccessControl;
import org.peercred.access.AccessRequest;
import org.peercred.access.AuditEvent;
import org.peercred.access.AuditLog;
import org.peercred.access.ConfigurationCheck;
import org.peercred.access.Decision;
import org.peercred.access.DryRun;
import org.peercred.access.Explanation;
import org.peercred.access.PolicyReport;
import org.peercred.access.Proposal;
import org.peercred.access.RoleForecast;
import org.peercred.common.testing.FakeAudit;
import org.peercred.common.testing.FakeControl;
import org.peercred.common.testing.FakeDirectory;
import org.peercred.credentials.UserDatabase;
import org.peercred.service.ListenerDirectory;
import org.peercred.shell.internal.Shell.Result;

/** {@code peercred:check --file}. */
@Timeout(120)
class FileTrialTest {

    /** What a file of this test would do: user 1002 is let in, nobody else is. */
    record Tried(ConfigurationCheck.Result result, boolean decides, AtomicInteger closed, Optional<RoleForecast> roles)
            implements Proposal {

        Tried(ConfigurationCheck.Result result, boolean decides, AtomicInteger closed) {
            this(result, decides, closed, Optional.empty());
        }

        @Override
        public List<String> effects() {
            return roles.isEmpty() ? List.of() : List.of("The policy c grants to the role r: v\u001b.");
        }

        @Override
        public boolean keysOnly() {
            return !decides && roles.isEmpty();
        }

        @Override
        public String pid() {
            return "org.peercred.policy.uid~team";
        }

        @Override
        public List<Change> changes() {
            return List.of(new Change("allow", Optional.of("1001"), Optional.of("10\u001b02")));
        }

        @Override
        public Optional<AccessControl> access() {
            return decides ? Optional.of(new Only()) : Optional.empty();
        }

        @Override
        public void close() {
            closed.incrementAndGet();
        }
    }

    static final class Only implements AccessControl {

        @Override
        public Decision decide(AccessRequest request) {
            boolean allowed = request.peer().uid() == 1002;
            return new Decision(allowed, Optional.of("uid~team"), allowed ? "on the list" : "not on the list", 1);
        }

        @Override
        public Explanation explain(AccessRequest request) {
            return new Explanation(decide(request), List.of());
        }

        @Override
        public long generation() {
            return 1;
        }

        @Override
        public List<PolicyReport> policies() {
            return List.of();
        }

        @Override
        public void reconsider() {}
    }

    @TempDir
    Path home;

    private final FakeDirectory directory = new FakeDirectory();
    private final FakeAudit audit = new FakeAudit();
    private final AtomicInteger closed = new AtomicInteger();
    private Shell shell;
    private String file;

    @BeforeEach
    void start() throws IOException {
        shell = new Shell();
        shell.services.add(ListenerDirectory.class, directory);
        shell.services.add(AccessControl.class, new FakeControl());
        shell.services.add(AuditLog.class, audit);
        shell.services.add(UserDatabase.class, Shell.users());
        file = Files.writeString(home.resolve("org.peercred.policy.uid-team.cfg"), "allow = 1002\n")
                .toString();
        would(List.of(), true);
        audit.record(FakeAudit.event(AuditEvent.Type.DENIED, "echo", 2, 1002));
        audit.record(FakeAudit.event(AuditEvent.Type.DENIED, "echo", 3, 1002));
        audit.record(FakeAudit.event(AuditEvent.Type.DENIED, "echo", 4, 0));
    }

    @AfterEach
    void stop() {
        shell.close();
        assertEquals(0, shell.services.held(), "services not given back");
    }

    private void would(List<String> problems, boolean decides) {
        shell.services.remove(DryRun.class);
        shell.services.add(
                DryRun.class, path -> new Tried(new ConfigurationCheck.Result(problems, List.of()), decides, closed));
    }

    @Test
    void tells_who_would_be_cut_off_and_who_let_in() {
        Result result = shell.run("peercred:check --no-format --file " + file);
        assertEquals(
                List.of(
                        "key\tallow\t1001\t10\\u001b02",
                        "cut-off\t1\tcommand\t1001 (alice)\t4242\tnot on the list",
                        "cut-off\t2\techo\t1001 (alice)\t4343\tnot on the list",
                        "let-in\t1002\techo\ton the list"),
                result.lines());
        assertEquals(0, result.status());
        assertEquals(3, directory.connections.size());
        assertEquals(1, closed.get());
    }

    @Test
    void tells_people_in_tables() {
        String output = shell.run("peercred:check --file " + file).output();
        assertTrue(
                output.startsWith(
                        "org.peercred.policy.uid-team.cfg would be accepted, as org.peercred.policy.uid~team.\n"),
                output);
        assertTrue(output.contains("Cut off | Listener | User"), output);
        assertTrue(output.contains("Let in | Listener | Reason"), output);
    }

    @Test
    void of_a_file_whose_reader_tells_no_more_it_is_said_that_keys_were_checked_only() {
        would(List.of(), false);
        assertEquals(
                List.of(
                        "key\tallow\t1001\t10\\u001b02",
                        "effect\tChecked: keys and values only. What would become of open connections is not looked at for this file."),
                shell.run("peercred:check --no-format --file " + file).lines());
    }

    @Test
    void tells_whose_roles_would_be_others_and_what_that_means() {
        shell.services.remove(DryRun.class);
        shell.services.add(DryRun.class, path -> rolesTried(closed));
        assertEquals(
                List.of(
                        "key\tallow\t1001\t10\\u001b02",
                        "effect\tThe policy c grants to the role r: v\\u001b.",
                        "roles\t1\tcommand\t1001 (alice)\t4242\tadmin, editor\t-\tc: update\t-",
                        "roles\t2\techo\t1001 (alice)\t4343\tadmin, editor\t-\tc: update\t-",
                        "roles\t17\techo\t1002\t-\t-\tviewer\t-\tc: view, c: list"),
                shell.run("peercred:check --no-format --file " + file).lines());
        String output = shell.run("peercred:check --file " + file).output();
        assertTrue(output.contains("Gains"), output);
        assertEquals(2, closed.get());
    }

    @Test
    void that_nobody_has_other_roles_is_said() {
        shell.services.remove(DryRun.class);
        shell.services.add(
                DryRun.class,
                path -> new Tried(
                        new ConfigurationCheck.Result(List.of(), List.of()),
                        false,
                        closed,
                        Optional.of((peer, listener) ->
                                new RoleForecast.Change(Set.of(), Set.of(), List.of(), List.of()))));
        String output = shell.run("peercred:check --file " + file).output();
        assertTrue(output.contains("Nobody who is connected would have other roles."), output);
    }

    /** What a file of roles would do: user 1001 gains roles, 1002 loses one. */
    static Tried rolesTried(AtomicInteger closed) {
        return new Tried(
                new ConfigurationCheck.Result(List.of(), List.of()),
                false,
                closed,
                Optional.of((peer, listener) -> peer.uid() == 1001
                        ? new RoleForecast.Change(Set.of("editor", "admin"), Set.of(), List.of("c: update"), List.of())
                        : new RoleForecast.Change(
                                Set.of(), Set.of("viewer"), List.of(), List.of("c: view", "c: list"))));
    }

    @Test
    void a_file_that_would_be_rejected_fails() {
        would(List.of("etc/a.cfg: allow = \u001b: no.", "etc/a.cfg: b = c: no."), false);
        Result result = shell.run("peercred:check --file " + file);
        assertEquals(
                List.of(
                        "etc/a.cfg: allow = \\u001b: no.",
                        "etc/a.cfg: b = c: no.",
                        "org.peercred.policy.uid-team.cfg would be rejected."),
                result.lines());
        assertEquals(1, result.status());
        assertEquals(1, shell.run("peercred:check -o json --file " + file).status());
    }

    @Test
    void what_cannot_be_tried_is_told_in_a_sentence() {
        assertEquals(
                "There is no file /nowhere.cfg.\n",
                shell.run("peercred:check --file /nowhere.cfg").output());
        assertEquals(2, shell.run("peercred:check -o json --file /nowhere.cfg").status());
        assertEquals(
                "Say either --file, or who; a file is tried for everybody on every listener.\n",
                shell.run("peercred:check --uid 5 --file " + file).output());
        shell.services.remove(DryRun.class);
        Result missing = shell.run("peercred:check --file " + file);
        assertTrue(missing.output().contains("it comes with the bundle org.peercred.policy,"), missing.output());
    }
}
