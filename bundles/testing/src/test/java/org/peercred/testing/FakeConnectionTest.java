/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.peercred.access.Decision;
import org.peercred.access.PolicyReport;
import org.peercred.access.PolicyScope;
import org.peercred.access.PolicyStatus;
import org.peercred.service.CommandCall;
import org.peercred.service.CommandException;
import org.peercred.service.LastWords;
import org.peercred.service.PeerCommand;

@Timeout(120)
class FakeConnectionTest {

    private final FakeConnection connection = new FakeConnection(FakePeer.of(1001), "board");

    @Test
    void allows_what_it_was_told_to_and_only_as_long() {
        Decision refused = new Decision(false, Optional.of("fake"), "the test does not allow it", 1);
        assertEquals(refused, connection.decide("command:view"));
        connection.allow("command:view", "command:update");
        assertEquals(
                new Decision(true, Optional.of("fake"), "the test allows it", 1), connection.decide("command:view"));
        assertEquals(refused, connection.decide("command:vie"));
        connection.deny("command:view");
        assertEquals(refused, connection.decide("command:view"));
    }

    @Test
    void is_a_connection_of_its_own() {
        assertEquals("board", connection.listener());
        assertEquals(1001, connection.peer().uid());
        assertNotEquals(connection.id(), new FakeConnection(FakePeer.of(1001)).id());
    }

    @Test
    void knows_roles() {
        assertEquals(Set.of(), connection.roles());
        assertEquals(Set.of("a", "b"), connection.grantRoles("a", "b").roles());
        connection.rolesFrom(() -> {
            throw new IllegalStateException("half gone");
        });
        assertThrows(IllegalStateException.class, connection::roles);
    }

    @Test
    void keeps_what_is_recorded() {
        assertThrows(AssertionError.class, connection::takeRecorded);
        Decision decision = connection.decide("command:view");
        connection.audit("command:view", decision, Map.of("result", "denied"));
        var recorded = new FakeConnection.Recorded("command:view", decision, Map.of("result", "denied"));
        assertEquals(List.of(recorded), connection.recorded());
        assertEquals(recorded, connection.takeRecorded());
        assertEquals(List.of(), connection.recorded());
    }

    @Test
    void keeps_what_is_recorded_of_requests() {
        assertTrue(connection.auditsRequests());
        connection.countRequest();
        assertEquals(1, connection.countedRequests());
        connection.auditRequest("http:GET /x", "answered", Map.of("status", "200"));
        assertEquals(
                List.of(new FakeConnection.Request("http:GET /x", "answered", Map.of("status", "200"))),
                connection.requests());
        assertEquals(List.of(), connection.recorded());
    }

    @Test
    void says_last_words() {
        assertEquals("Idle timeout\n", connection.lastWords(LastWords.Cause.IDLE, "Idle timeout"));
        assertEquals("", connection.lastWords(LastWords.Cause.STOPPED, ""));
        connection.lastWords((cause, text) -> (cause + ":" + text).getBytes(StandardCharsets.UTF_8));
        assertEquals("IDLE:Idle timeout", connection.lastWords(LastWords.Cause.IDLE, "Idle timeout"));
    }

    /** Says who called, in several lines. */
    private static final class Tell implements PeerCommand {
        @Override
        public String name() {
            return "tell";
        }

        @Override
        public String description() {
            return "";
        }

        @Override
        public void run(CommandCall call) throws CommandException {
            if (call.arguments().equals("nothing")) {
                throw new CommandException("nothing to tell");
            }
            call.reply(call.peer().uid() + "\r\n" + call.roles() + "\r" + call.listener() + "\n");
            call.reply("");
            call.reply(call.arguments());
        }
    }

    @Test
    void a_call_keeps_the_lines_of_the_reply() throws CommandException {
        assertEquals(
                List.of("1001", "[editor]", "board", "", "a  b"),
                FakeCall.with(" a  b\t")
                        .by(FakePeer.of(1001))
                        .inRoles("editor")
                        .on("board")
                        .run(new Tell()));
        assertEquals(List.of("1000", "[]", "command", "", ""), FakeCall.with("").run(new Tell()));
        CommandException failure = assertThrows(
                CommandException.class, () -> FakeCall.with("nothing").run(new Tell()));
        assertEquals("nothing to tell", failure.getMessage());
    }

    @Test
    void an_access_control_decides_as_it_is_told_and_counts_its_changes() {
        FakeAccessControl access = new FakeAccessControl();
        var request = FakePeer.of(1001).connects("echo");
        assertEquals(true, access.decide(request).allowed());
        long before = access.generation();
        access.allow(asked -> asked.peer().uid() == 1);
        assertEquals(false, access.explain(request).decision().allowed());
        assertEquals(before + 1, access.generation());
        access.reconsider();
        assertEquals(before + 2, access.generation());
        assertEquals(1, access.reconsidered());
        assertEquals(true, access.allowAll().decide(request).allowed());
        assertEquals(false, access.denyAll().decide(request).allowed());
        assertEquals(List.of(), access.policies());
        PolicyReport owner = new PolicyReport("owner", PolicyScope.EVERYTHING, PolicyStatus.ACTIVE);
        assertEquals(List.of(owner), access.show(owner).policies());
    }
}
