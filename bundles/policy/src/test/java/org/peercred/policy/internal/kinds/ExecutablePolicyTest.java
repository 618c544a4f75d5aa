/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.policy.internal.kinds;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.peercred.access.PolicyStatus;
import org.peercred.access.Verdict;
import org.peercred.common.testing.Logged;
import org.peercred.policy.internal.testing.FakeBackground;
import org.peercred.policy.internal.testing.FakePeer;
import org.peercred.policy.internal.testing.FakeProcess;
import org.peercred.policy.internal.testing.Settings;

@Timeout(120)
class ExecutablePolicyTest {

    private static ExecutablePolicy policy(String only) {
        return new ExecutablePolicy(Settings.of("executable", "tools", "only", only), new FakeBackground());
    }

    private static Verdict verdict(ExecutablePolicy policy, FakePeer peer) {
        assertEquals(PolicyStatus.ACTIVE, policy.status());
        return policy.evaluate(peer.connect("echo"));
    }

    private static FakePeer running(String path) {
        return FakePeer.uid(1001).running(new FakeProcess(42, 1).executable(path));
    }

    @Test
    void abstains_for_listed_programs_and_denies_all_others() {
        ExecutablePolicy policy = policy("/usr/bin/a, /usr/bin/b");
        assertEquals("executable~tools", policy.id());
        assertEquals(Verdict.abstain("the program is on the list"), verdict(policy, running("/usr/bin/b")));
        assertEquals(Verdict.deny("the program /usr/bin/c is not on the list"), verdict(policy, running("/usr/bin/c")));
        assertEquals(
                Verdict.deny("the program /usr/bin/a (deleted) is not on the list"),
                verdict(policy, running("/usr/bin/a (deleted)")));
        assertEquals(
                Verdict.deny("the program /usr/bin/a/x is not on the list"), verdict(policy, running("/usr/bin/a/x")));
    }

    @Test
    void denies_where_the_program_cannot_be_read_and_says_why() {
        assertEquals(
                Verdict.deny("the program cannot be read: this kernel has no SO_PEERPIDFD (before Linux 6.5)"),
                verdict(
                        policy("/usr/bin/a"),
                        FakePeer.uid(1).noProcess("this kernel has no SO_PEERPIDFD (before Linux 6.5)")));
        assertEquals(
                Verdict.deny("the program cannot be read: readlink(/proc/42/exe) failed: EACCES"),
                verdict(
                        policy("/usr/bin/a"),
                        FakePeer.uid(1)
                                .running(
                                        new FakeProcess(42, 1).noExecutable("readlink(/proc/42/exe) failed: EACCES"))));
    }

    @Test
    void shows_no_control_characters_that_a_client_chose() {
        assertEquals(
                Verdict.deny("the program /tmp/x?[2J y is not on the list"),
                verdict(policy("/usr/bin/a"), running("/tmp/x\u001b[2J\ny")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"nc", "./nc", "/usr/bin/../bin/nc", "/usr/./bin/nc", "/usr/bin/nc (deleted)", ""})
    void accepts_absolute_paths_only(String only) {
        ExecutablePolicy policy = policy(only);
        assertEquals(PolicyStatus.State.REJECTED, policy.status().state());
        assertEquals(
                Verdict.Effect.DENY,
                policy.evaluate(running("/usr/bin/nc").connect("echo")).effect());
    }

    @Test
    void rejects_a_configuration_without_a_list() {
        ExecutablePolicy policy = new ExecutablePolicy(Settings.of("executable", "none"), new FakeBackground());
        assertEquals(
                Optional.of("etc/org.peercred.policy.executable-none.cfg: only = :"
                        + " name at least one program by its absolute path."),
                policy.status().problem());
        policy.modified(Settings.of("executable", "none", "only", "*"));
        assertEquals(
                Optional.of("etc/org.peercred.policy.executable-none.cfg: only = *:"
                        + " a list does not know *; to refuse no program, delete this policy."),
                policy.status().problem());
        policy.modified(Settings.of("executable", "none", "only", "/usr/bin/a"));
        assertEquals(PolicyStatus.ACTIVE, policy.status());
        policy.deactivate();
    }

    @Test
    void warns_of_a_symbolic_link_which_the_kernel_never_shows(@TempDir Path directory) throws IOException {
        Path program = Files.createFile(directory.toRealPath().resolve("program"));
        Path link = Files.createSymbolicLink(directory.toRealPath().resolve("link"), program);
        ExecutablePolicy policy = policy(link + "," + program);
        assertEquals(
                1, Logged.lines("WARN", "only = " + link, "leads to " + program).size());
        assertEquals(0, Logged.lines("WARN", "only = " + program).size());
        assertEquals(
                Verdict.Effect.ABSTAIN,
                verdict(policy, running(program.toString())).effect());
    }
}
