/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.common.inspect;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.peercred.access.AccessControl;
import org.peercred.access.Finding;
import org.peercred.access.Finding.Area;
import org.peercred.access.FindingSource;
import org.peercred.access.PolicyStatus;
import org.peercred.access.RoleDirectory;
import org.peercred.access.RolesReport;
import org.peercred.service.ListenerDirectory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What all those who know of something amiss have found. */
public final class Findings {

    private static final Logger LOG = LoggerFactory.getLogger(Findings.class);

    private Findings() {}

    /**
     * What concerns one area.
     *
     * @param services finds those who know
     * @param area which
     * @param said problems that are left out, as they are said already
     * @return in the order in which to show it
     */
    public static List<Finding> of(Services services, Area area, List<String> said) {
        return told(services)
                .filter(finding -> finding.area() == area && !said.contains(finding.problem()))
                .toList();
    }

    /**
     * Everything: files and settings, missing parts, and what listeners, policies and roles say of themselves.
     *
     * @param services finds those who know
     * @return in the order in which to show it; empty if all is well. Nothing in it is escaped
     */
    public static List<Finding> all(Services services) {
        List<Finding> all = new ArrayList<>(told(services).toList());
        services.find(AccessControl.class)
                .ifPresentOrElse(
                        access -> access.policies()
                                .forEach(policy -> add(all, Area.POLICY, "policy " + policy.id(), policy.status())),
                        () -> all.add(missing(AccessControl.class)));
        services.find(RoleDirectory.class).ifPresent(roles -> roles.configurations()
                .forEach(one -> add(all, Area.ROLES, rolesId(one), one.status())));
        services.find(ListenerDirectory.class)
                .ifPresentOrElse(
                        directory -> directory
                                .listeners()
                                .forEach(one -> add(all, Area.LISTENER, "listener " + one.name(), one.problem())),
                        () -> all.add(missing(ListenerDirectory.class)));
        return all;
    }

    /**
     * What a configuration of roles is called here.
     *
     * @param roles the configuration
     * @return as an instance of a policy is, for instance {@code roles~board}
     */
    public static String rolesId(RolesReport roles) {
        return "roles~" + roles.name();
    }

    private static Stream<Finding> told(Services services) {
        return services.all(FindingSource.class).stream().flatMap(source -> ask(source).stream());
    }

    /** One that fails hides nothing of what the others found. */
    private static List<Finding> ask(FindingSource source) {
        String name = source.getClass().getName();
        String why = "it gave no answer";
        try {
            List<Finding> found = source.findings();
            if (found != null) {
                return List.copyOf(found);
            }
        } catch (RuntimeException e) {
            LOG.debug("The source of findings {} failed.", name, e);
            why = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
        }
        return List.of(new Finding(
                Area.CONTAINER,
                name,
                name + " cannot tell what is amiss: " + why + ".",
                "The log has more at DEBUG, of " + Findings.class.getName() + "."));
    }

    private static Finding missing(Class<?> type) {
        return new Finding(
                Area.CONTAINER, type.getSimpleName(), Services.missing(type), "Nobody is let in until then.");
    }

    private static void add(List<Finding> all, Area area, String subject, PolicyStatus status) {
        add(all, area, subject, status.problem());
    }

    /** What was found already at its file is not told again. */
    private static void add(List<Finding> all, Area area, String subject, Optional<String> problem) {
        problem.filter(text ->
                        all.stream().noneMatch(finding -> finding.problem().equals(text)))
                .ifPresent(text -> all.add(new Finding(
                        area,
                        subject,
                        text,
                        "A corrected file counts at once; docs/troubleshooting.md explains the sentence.")));
    }
}
