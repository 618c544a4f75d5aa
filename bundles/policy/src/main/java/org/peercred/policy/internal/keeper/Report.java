/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.policy.internal.keeper;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import org.peercred.access.Finding;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What is amiss, told once each in the log and on demand. Written by one thread at a time, read by any. */
final class Report {

    private static final Logger LOG = LoggerFactory.getLogger(Report.class);

    private volatile List<Finding> current = List.of();
    private Map<String, String> told = new HashMap<>();

    /** What is amiss now; what was not told yet is told. */
    void replace(List<Finding> findings) {
        Map<String, String> problems = new HashMap<>();
        findings.forEach(finding -> problems.merge(finding.subject(), finding.problem(), (a, b) -> a + " " + b));
        HashSet<String> fresh = new HashSet<>(problems.keySet());
        fresh.removeIf(subject -> problems.get(subject).equals(told.get(subject)));
        findings.stream()
                .filter(finding -> fresh.contains(finding.subject()))
                .forEach(finding -> LOG.warn("{} {}", finding.problem(), finding.remedy()));
        told.keySet().stream()
                .filter(subject -> !problems.containsKey(subject))
                .forEach(subject -> LOG.info("{} is as it should be again.", subject));
        told = problems;
        current = List.copyOf(findings);
    }

    List<Finding> current() {
        return current;
    }
}
