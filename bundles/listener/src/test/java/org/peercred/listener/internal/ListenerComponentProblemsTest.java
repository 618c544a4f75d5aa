/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A listener says what it waits for. */
@Timeout(120)
class ListenerComponentProblemsTest extends ListenerComponentFixture {

    @Test
    void says_what_it_waits_for_when_that_takes_long() throws Exception {
        activate();
        Awaitility.await()
                .until(() -> log.count("Listener test waits for the credential provider and the access control and a"
                                + " service that matches (peercred.service=echo); until then nobody is served.")
                        == 1);
    }

    @Test
    void says_nothing_when_the_rest_comes_in_time() throws Exception {
        all();
        Awaitility.await().during(Duration.ofMillis(3500)).until(() -> log.count("Listener test waits") == 0);
    }

    @Test
    void says_that_a_required_policy_does_not_exist_and_which_was_meant() throws Exception {
        access.policies = List.of("owner", "superuser");
        all("required.policies", "ownr, superuser");
        String sentence =
                "etc/org.peercred.listener-test.cfg: required.policies = ownr: there is no such policy, and nobody is"
                        + " let in until there is; did you mean owner?";
        assertEquals(Optional.empty(), problem(), "it has the time to come that a start takes");
        Awaitility.await().until(() -> problem().equals(Optional.of(sentence)));
        component.policiesChanged(2);
        component.modified(keys("required.policies", "ownr, superuser"));
        assertEquals(1, log.count(sentence));
        access.policies = List.of("ownr", "superuser");
        component.policiesChanged(3);
        assertEquals(Optional.empty(), problem());
        access.policies = List.of("owner", "superuser");
        component.policiesChanged(4);
        Awaitility.await().until(() -> problem().equals(Optional.of(sentence)));
        component.modified(keys("required.policies", "owner, superuser"));
        assertEquals(Optional.empty(), problem());
        assertEquals(2, log.count(sentence));
    }

    @Test
    void says_that_a_required_policy_is_not_in_force_or_does_not_cover_it() throws Exception {
        access.policies = List.of("owner", "uid~team");
        access.rejected = Set.of("owner");
        access.elsewhere = Set.of("uid~team");
        all("required.policies", "owner, uid~team");
        String file = "etc/org.peercred.listener-test.cfg: required.policies = ";
        String notInForce = file + "owner: that policy is not in force, and nobody is let in until it is;"
                + " peercred:policies says why.";
        String notCovered = file + "uid~team: that policy does not cover connect on listener test, and nobody is let in"
                + " until it does.";
        Awaitility.await().until(() -> problem().equals(Optional.of(notInForce + " " + notCovered)));
        access.rejected = Set.of();
        component.policiesChanged(2);
        Awaitility.await().until(() -> problem().equals(Optional.of(notCovered)));
        access.elsewhere = Set.of();
        component.policiesChanged(3);
        assertEquals(Optional.empty(), problem());
    }

    @Test
    void says_nothing_of_required_rules_for_requests_that_are_in_force() throws Exception {
        access.policies = List.of("http~rules");
        access.ofRequests = Set.of("http~rules");
        access.rejected = Set.of("http~rules");
        all("required.policies", "http~rules");
        String file = "etc/org.peercred.listener-test.cfg: required.policies = ";
        Awaitility.await().until(() -> problem()
                .equals(Optional.of(file + "http~rules: that policy is not in force, and nobody is let in"
                        + " until it is; peercred:policies says why.")));
        access.rejected = Set.of();
        component.policiesChanged(2);
        assertEquals(Optional.empty(), problem());
    }

    @Test
    void shows_that_its_service_does_not_exist_and_which_there_are() throws Exception {
        all("service.target", "(peercred.service=ech)");
        assertEquals(
                Optional.of(
                        "Listener test waits for a service that matches (peercred.service=ech); until then nobody is"
                                + " served. There is echo."),
                problem());
        component.modified(keys("service.target", "(peercred.service=echo)"));
        assertEquals(Optional.empty(), problem());
        component.unbindLines(echo);
        component.unbindAccess(access);
        assertEquals(
                Optional.of("Listener test waits for the access control and a service that matches"
                        + " (peercred.service=echo); until then nobody is served."),
                problem());
    }

    @Test
    void what_others_call_their_policies_does_not_play_with_the_log() throws Exception {
        access.policies = List.of("owne\u2028r");
        all("required.policies", "owner");
        Awaitility.await().until(() -> problem().orElse("").contains("did you mean owne\\u2028r?"));
        assertEquals(1, log.count("did you mean owne\\u2028r?"), log.text());
    }

    private Optional<String> problem() {
        return new ListenerDirectoryComponent(engine).listeners().get(0).problem();
    }
}
