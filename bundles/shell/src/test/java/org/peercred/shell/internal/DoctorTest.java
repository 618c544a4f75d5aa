/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.shell.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.peercred.access.AccessControl;
import org.peercred.access.Finding;
import org.peercred.access.Finding.Area;
import org.peercred.access.FindingSource;
import org.peercred.access.PolicyReport;
import org.peercred.access.PolicyScope;
import org.peercred.access.PolicyStatus;
import org.peercred.access.RoleDirectory;
import org.peercred.common.testing.FakeControl;
import org.peercred.common.testing.FakeDirectory;
import org.peercred.common.testing.FakeRoles;
import org.peercred.service.ListenerDirectory;
import org.peercred.shell.internal.Shell.Result;
import org.peercred.testing.FakeAccessControl;

/** {@code peercred:doctor}, and what of it the tables show. */
@Timeout(120)
class DoctorTest {

    private static final Finding FILE =
            new Finding(Area.POLICY, "etc/p.cfg", "Nobody reads etc/p.cfg\u001b[2J.", "Rename it.");
    private static final Finding SOCKET =
            new Finding(Area.LISTENER, "etc/l.cfg", "Nobody reads etc/l.cfg.", "Rename it.");
    private static final Finding KNOWN =
            new Finding(Area.POLICY, "etc/a.cfg", "etc/a.cfg: allow = x: no such user.", "Add the user.");

    private final Shell shell = new Shell();
    private final FakeDirectory directory = new FakeDirectory();

    @AfterEach
    void stop() {
        shell.close();
        assertEquals(0, shell.services.held(), "services not given back");
    }

    private void add(Finding... findings) {
        shell.services.add(ListenerDirectory.class, directory);
        shell.services.add(AccessControl.class, new FakeControl());
        shell.services.add(RoleDirectory.class, new FakeRoles());
        shell.services.add(FindingSource.class, () -> List.of(findings));
    }

    @Test
    void shows_what_everybody_found_with_the_remedy_and_fails() {
        add(FILE, KNOWN);
        Result result = shell.run("peercred:doctor");
        assertEquals(
                List.of(
                        "Nobody reads etc/p.cfg\\u001b[2J. Rename it.",
                        "etc/a.cfg: allow = x: no such user. Add the user.",
                        "etc/b.cfg: allow = \\u001b[2Jy: no such user. A corrected file counts at once;"
                                + " docs/troubleshooting.md explains the sentence.",
                        "etc/r.cfg: reader = x: no such thing. A corrected file counts at once;"
                                + " docs/troubleshooting.md explains the sentence.",
                        "It waits. A corrected file counts at once; docs/troubleshooting.md explains the sentence.",
                        "5 findings."),
                result.lines());
        assertEquals(1, result.status());
    }

    @Test
    void shows_scripts_a_line_a_finding() {
        add(FILE);
        assertEquals(
                "policy\tetc/p.cfg\tNobody reads etc/p.cfg\\u001b[2J.\tRename it.",
                shell.run("peercred:doctor --no-format").lines().get(0));
    }

    @Test
    void says_that_nothing_was_found() {
        shell.services.add(
                AccessControl.class,
                new FakeAccessControl()
                        .show(new PolicyReport(
                                "owner", new PolicyScope(Set.of("*"), Set.of("connect")), PolicyStatus.ACTIVE)));
        directory.listeners.remove(1);
        shell.services.add(ListenerDirectory.class, directory);
        Result result = shell.run("peercred:doctor");
        assertEquals("Nothing found.\n", result.output());
        assertEquals(0, result.status());
        assertEquals("", shell.run("peercred:doctor --no-format").output());
    }

    @Test
    void tells_which_parts_are_missing() {
        Result result = shell.run("peercred:doctor");
        assertTrue(result.output().contains("The service AccessControl is missing"), result.output());
        assertTrue(result.output().contains("The service ListenerDirectory is missing"), result.output());
        assertEquals(1, result.status());
    }

    @Test
    void a_source_that_fails_is_a_finding_and_hides_none_of_the_others() {
        add();
        shell.services.add(FindingSource.class, () -> {
            throw new IllegalStateException("the disk is away");
        });
        Result result = shell.run("peercred:doctor");
        assertTrue(result.output().contains("cannot tell what is amiss: the disk is away."), result.output());
        assertTrue(result.output().contains("etc/b.cfg: allow"), result.output());
        assertEquals(1, result.status());
        assertEquals(0, shell.run("peercred:policies").status());
        shell.services.add(FindingSource.class, () -> null);
        assertTrue(shell.run("peercred:doctor").output().contains("cannot tell what is amiss"));
    }

    @Test
    void policies_shows_files_that_are_not_in_force_but_none_twice() {
        add(FILE, KNOWN, SOCKET);
        List<String> lines = shell.run("peercred:policies --no-format").lines();
        assertEquals(6, lines.size(), lines.toString());
        assertEquals("-\tnot in force\t-\t-\tNobody reads etc/p.cfg\\u001b[2J.", lines.get(5));
        assertEquals(1, shell.run("peercred:policies --no-format owner").lines().size());
    }

    @Test
    void listeners_shows_files_that_are_not_in_force() {
        add(FILE, SOCKET);
        List<String> lines = shell.run("peercred:listeners --no-format").lines();
        assertEquals("-\ttrouble\t-\t0\t0\t0\t0\tNobody reads etc/l.cfg.", lines.get(2));
        assertEquals(1, shell.run("peercred:listeners --no-format echo").lines().size());
    }
}
