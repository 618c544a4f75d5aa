/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.common.testing;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.peercred.access.AccessControl;
import org.peercred.access.AccessRequest;
import org.peercred.access.Decision;
import org.peercred.access.Explanation;
import org.peercred.access.Explanation.Opinion;
import org.peercred.access.PolicyReport;
import org.peercred.access.PolicyScope;
import org.peercred.access.PolicyStatus;
import org.peercred.access.PolicyStatus.State;
import org.peercred.access.Verdict;

/** Allows uid 1001 on listeners that require no policy, denies uid 0 by the policy superuser; remembers what it was asked. */
public final class FakeControl implements AccessControl {

    public final List<AccessRequest> requests = new ArrayList<>();
    public final List<PolicyReport> policies = new ArrayList<>(List.of(
            new PolicyReport("owner", new PolicyScope(Set.of("*"), Set.of("connect")), PolicyStatus.ACTIVE),
            new PolicyReport(
                    "uid~ops",
                    new PolicyScope(Set.of("echo", "command"), Set.of("connect")),
                    new PolicyStatus(State.LAST_GOOD, Optional.of("etc/a.cfg: allow = x: no such user."))),
            new PolicyReport(
                    "uid~team",
                    PolicyScope.EVERYTHING,
                    new PolicyStatus(State.REJECTED, Optional.of("etc/b.cfg: allow = \u001b[2Jy: no such user.")))));

    public long refusesToConnect = -1;
    public List<Opinion> opinions;

    @Override
    public Decision decide(AccessRequest request) {
        return explain(request).decision();
    }

    @Override
    public Explanation explain(AccessRequest request) {
        requests.add(request);
        if (request.action().equals(AccessRequest.CONNECT) && request.peer().uid() == refusesToConnect) {
            Decision refused = new Decision(false, Optional.of("superuser"), "no entry", 1);
            return new Explanation(refused, List.of(new Opinion("superuser", true, Verdict.deny("no entry"))));
        }
        long uid = request.peer().uid();
        boolean listed = uid == 1001;
        Verdict uidVerdict = listed ? Verdict.allow("the uid is on the list") : Verdict.abstain("not on the list");
        Verdict rootVerdict = uid == 0 ? Verdict.deny("UID mismatch (0 != 1000)") : Verdict.abstain("not root");
        Decision decision = !request.requiredPolicies().isEmpty()
                ? new Decision(false, Optional.of("owner"), "required policy owner is missing", 1)
                : uid == 0
                        ? new Decision(false, Optional.of("superuser"), rootVerdict.reason(), 1)
                        : new Decision(listed, Optional.of("uid~team"), uidVerdict.reason(), 1);
        return new Explanation(
                decision,
                opinions != null
                        ? opinions
                        : List.of(
                                new Opinion("other", false, Verdict.abstain("does not cover it")),
                                new Opinion("superuser", true, rootVerdict),
                                new Opinion("uid~team", true, uidVerdict)));
    }

    @Override
    public long generation() {
        return 7;
    }

    @Override
    public List<PolicyReport> policies() {
        return List.copyOf(policies);
    }

    @Override
    public void reconsider() {}
}
