/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.peercred.credentials.Fact;
import org.peercred.credentials.PeerProcess.Ancestor;

@Timeout(120)
class FakePeerTest {

    @Test
    void has_a_pid_and_its_own_group_and_nothing_else() {
        FakePeer peer = FakePeer.of(1001);
        assertEquals(1001, peer.uid());
        assertEquals(1001, peer.gid());
        assertEquals(OptionalInt.of(4242), peer.pid());
        assertEquals(Fact.attested(Set.of(1001L)), peer.groups());
        assertEquals("this test has no process", peer.process().absence());
        assertEquals("no security module labels sockets", peer.securityLabel().absence());
    }

    @Test
    void has_the_facts_that_it_was_given() {
        FakeProcess process = FakeProcess.builder(77)
                .startTime(5)
                .executable("/usr/bin/backup")
                .controlGroup("/system.slice/backup.service", "backup.service")
                .ancestors(new Ancestor(2, 1))
                .build();
        FakePeer peer = FakePeer.builder(1001)
                .groups(100)
                .gid(50)
                .process(process)
                .securityLabel("backup_t")
                .build();
        assertEquals(Set.of(50L, 100L), peer.groups().value().orElseThrow());
        assertEquals(OptionalInt.of(77), peer.pid());
        assertEquals(Fact.attested("backup_t"), peer.securityLabel());
        assertEquals(Fact.attested(process), peer.process());
        assertTrue(process.alive());
        assertEquals(Fact.observed(5L), process.startTime());
        assertEquals(Fact.observed(Path.of("/usr/bin/backup")), process.executable());
        assertEquals(
                Optional.of("backup.service"),
                process.controlGroup().value().orElseThrow().unit());
        assertEquals(Fact.observed(List.of(new Ancestor(2, 1))), process.ancestors());
    }

    @Test
    void lacks_the_facts_that_it_was_not_given_and_says_why() {
        FakePeer peer = FakePeer.builder(1001).noGroups("g").noProcess("p").build();
        assertEquals("g", peer.groups().absence());
        assertEquals("p", peer.process().absence());
        FakePeer elsewhere = FakePeer.builder(1001).noPid().build();
        assertEquals(OptionalInt.empty(), elsewhere.pid());
        assertTrue(elsewhere.process().value().isEmpty());
        FakeProcess process = FakeProcess.builder(77)
                .noStartTime("s")
                .noExecutable("e")
                .noControlGroup("c")
                .noAncestors("a")
                .build();
        assertEquals("s", process.startTime().absence());
        assertEquals("e", process.executable().absence());
        assertEquals("c", process.controlGroup().absence());
        assertEquals("a", process.ancestors().absence());
    }

    @Test
    void keeps_after_its_end_what_was_read_before_and_nothing_else() {
        FakeProcess process = FakeProcess.builder(77)
                .executable("/bin/true")
                .controlGroup("/a", "")
                .build();
        FakePeer peer = FakePeer.builder(1001).process(process).build();
        assertTrue(peer.process().value().isPresent());
        assertTrue(process.executable().value().isPresent());
        peer.close();
        assertTrue(peer.process().value().isPresent());
        assertEquals("the connection is closed", peer.groups().absence());
        assertTrue(process.isClosed());
        assertFalse(process.alive());
        assertTrue(process.executable().value().isPresent());
        assertTrue(process.controlGroup().value().isEmpty());
    }

    @Test
    void a_process_that_ended_tells_no_more_than_it_told() {
        FakeProcess process = FakeProcess.builder(77).executable("/bin/true").build();
        process.end();
        assertFalse(process.alive());
        assertEquals("the process has ended", process.executable().absence());
    }

    @Test
    void counts_how_often_costly_facts_were_asked_for() {
        FakePeer peer = FakePeer.of(1001);
        assertEquals(0, peer.groupsAsked() + peer.processAsked());
        peer.groups();
        peer.groups();
        peer.process();
        assertEquals(2, peer.groupsAsked());
        assertEquals(1, peer.processAsked());
    }

    @Test
    void complains_when_another_thread_than_its_owner_asks_for_facts() {
        FakePeer peer = FakePeer.builder(1001).owner(Thread.currentThread()).build();
        assertTrue(peer.groups().value().isPresent());
        CompletableFuture.runAsync(() -> {
                    assertEquals(1001, peer.uid());
                    assertThrows(AssertionError.class, peer::groups);
                    assertThrows(AssertionError.class, peer::process);
                    assertThrows(AssertionError.class, peer::securityLabel);
                })
                .join();
    }

    @Test
    void asks_to_connect_and_to_run_a_command() {
        FakePeer peer = FakePeer.of(1001);
        assertEquals("connect", peer.connects("echo", "owner").action());
        assertEquals(Set.of("owner"), peer.connects("echo", "owner").requiredPolicies());
        assertEquals("command:update", peer.runs("board", "update").action());
        assertEquals("board", peer.runs("board", "update").listener());
    }

    @ParameterizedTest
    @ValueSource(longs = {-1, 1L << 32})
    void there_is_no_peer_with_ids_that_the_kernel_cannot_give(long id) {
        assertThrows(IllegalArgumentException.class, () -> FakePeer.of(id));
        assertThrows(IllegalArgumentException.class, () -> FakePeer.builder(1).gid(id));
        assertThrows(IllegalArgumentException.class, () -> FakePeer.builder(1).groups(id));
    }

    @Test
    void there_is_no_process_with_a_number_that_the_kernel_cannot_give() {
        assertThrows(IllegalArgumentException.class, () -> FakePeer.builder(1).pid(0));
        assertThrows(IllegalArgumentException.class, () -> FakeProcess.builder(-1));
    }
}
