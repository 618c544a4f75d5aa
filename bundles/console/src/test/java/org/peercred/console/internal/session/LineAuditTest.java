/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.console.internal.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.peercred.access.AuditEvent;
import org.peercred.testing.FakeConnection;
import org.peercred.testing.FakePeer;

class LineAuditTest {

    private final FakeConnection connection = new FakeConnection(FakePeer.of(1001));
    private final LineAudit audit = new LineAudit(new Masking(List.of()));

    @ParameterizedTest
    @ValueSource(
            strings = {
                "jaas:user-add alice secret",
                "jaas:user-add --kye=secret alice",
                "jaas:user-add -k secret alice x"
            })
    void what_is_masked_in_a_line_is_not_told_by_the_words_of_its_failure(String line) {
        FakeConnection.Recorded recorded =
                record(line, Outcome.of(new IllegalArgumentException("bad word: --kye=secret, secre or t")));
        assertFalse(recorded.toString().contains("secre"), recorded.toString());
        assertEquals(
                "it failed in words that may hold what is masked",
                recorded.decision().reason());
        assertEquals(AuditEvent.RESULT_ERROR, recorded.details().get(AuditEvent.RESULT));
    }

    @Test
    void why_another_line_has_failed_is_told() {
        Outcome failed = Outcome.of(new IllegalArgumentException("no such bundle: 77"));
        assertEquals(
                "no such bundle: 77",
                record("bundle:stop 77", failed).decision().reason());
    }

    @Test
    void an_exit_status_is_told_of_every_line() {
        FakeConnection.Recorded recorded = record("jaas:user-add alice secret", Outcome.of(3));
        assertEquals("exit status 3", recorded.decision().reason());
    }

    @Test
    void what_was_secret_before_the_run_or_is_so_afterwards_is_masked() {
        Map<String, Object> before = Map.of(".variables", Set.of("x"), "x", "jaas:user-add");
        Map<String, Object> after = Map.of(".variables", Set.of("y"), "y", "jaas:user-add");
        AtomicReference<Map<String, Object>> now = new AtomicReference<>(before);
        Consumer<Outcome> record =
                audit.begin(connection, MaskingTest.session(now::get), "eval $x alice secret; eval $y bob geheim");
        now.set(after);
        record.accept(Outcome.OK);
        assertEquals(
                "eval $x ***** *****; eval $y ***** *****",
                connection.takeRecorded().details().get("line"));
    }

    private FakeConnection.Recorded record(String line, Outcome outcome) {
        audit.begin(connection, MaskingTest.session(), line).accept(outcome);
        return connection.takeRecorded();
    }
}
