/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.console.internal.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.security.AccessController;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import javax.security.auth.Subject;
import org.apache.karaf.jaas.boot.principal.RolePrincipal;
import org.apache.karaf.jaas.boot.principal.UserPrincipal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.peercred.testing.FakeConnection;
import org.peercred.testing.FakePeer;

@Timeout(120)
class ConsoleSubjectTest {

    private volatile Supplier<Set<String>> roles = () -> Set.of("admin", "viewer");

    @Test
    void what_it_runs_has_the_name_and_the_roles() throws Exception {
        ConsoleSubject subject = subject();
        Subject seen = subject.call(ConsoleSubjectTest::current);
        assertEquals(Set.of(new UserPrincipal("alice")), seen.getPrincipals(UserPrincipal.class));
        assertEquals(
                Set.of(new RolePrincipal("admin"), new RolePrincipal("viewer")),
                seen.getPrincipals(RolePrincipal.class));
    }

    @Test
    void roles_only_become_fewer() {
        ConsoleSubject subject = subject();
        roles = () -> Set.of("viewer", "manager");
        subject.refresh();
        assertEquals(Set.of("viewer"), subject.roles());
    }

    @Test
    void roles_that_cannot_be_told_are_gone() {
        ConsoleSubject subject = subject();
        roles = () -> {
            throw new IllegalStateException("nobody answers");
        };
        subject.refresh();
        assertEquals(Set.of(), subject.roles());
        assertThrows(IllegalStateException.class, this::subject);
    }

    @Test
    void a_thread_that_a_command_leaves_behind_is_nobody() throws Exception {
        ConsoleSubject subject = subject();
        CompletableFuture<Void> over = new CompletableFuture<>();
        CompletableFuture<Subject> left = subject.call(() -> CompletableFuture.supplyAsync(
                () -> {
                    over.join();
                    return current();
                },
                task -> new Thread(task).start()));
        subject.disarm();
        over.complete(null);
        assertTrue(left.get(60, TimeUnit.SECONDS).getPrincipals().isEmpty());
    }

    @SuppressWarnings("removal") // as Karaf does
    private static Subject current() {
        return Subject.getSubject(AccessController.getContext());
    }

    private ConsoleSubject subject() {
        FakeConnection connection = new FakeConnection(FakePeer.of(1001)).rolesFrom(() -> roles.get());
        return new ConsoleSubject(connection, "alice");
    }
}
