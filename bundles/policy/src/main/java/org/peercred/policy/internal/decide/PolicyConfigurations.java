/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.policy.internal.decide;

import java.io.IOException;
import java.time.Duration;
import java.util.Collections;
import java.util.Dictionary;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;
import org.osgi.service.cm.Configuration;
import org.osgi.service.cm.ConfigurationAdmin;
import org.osgi.service.cm.ConfigurationEvent;
import org.osgi.service.cm.SynchronousConfigurationListener;
import org.peercred.access.PolicyReport;
import org.peercred.access.PolicyScope;
import org.peercred.common.reload.Chores;
import org.peercred.policy.internal.background.Background;
import org.peercred.policy.internal.config.PolicyKind;
import org.peercred.policy.internal.config.Revision;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells {@link Decisions} which configurations of policies exist, so that a policy that is away for a moment is missed. Told
 * synchronously: a configuration is known to be deleted before its policy goes. A configuration that is new gives its policy
 * some seconds to come, since until then nothing it says was in force; those found at the start give none. Policies of other
 * bundles are missed once they were there. Safe to be used by any thread; calls nobody with a lock held.
 */
final class PolicyConfigurations implements SynchronousConfigurationListener {

    private static final Logger LOG = LoggerFactory.getLogger(PolicyConfigurations.class);
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final Duration RETRY = Duration.ofSeconds(1);

    private static final Optional<Revision> UNKNOWN = Optional.of(Revision.closed(
            "configurations", PolicyScope.EVERYTHING, "The configurations of policies cannot be listed."));

    private final Decisions decisions;
    private final Background background;
    private final Chores.Chore listing;
    private final Chores.Chore telling;
    private final AtomicBoolean untold = new AtomicBoolean();
    private final Set<PolicyReport> told = Collections.synchronizedSet(new HashSet<>());
    private volatile Optional<ServiceReference<?>> asker = Optional.empty();
    private volatile ConfigurationAdmin admin;

    PolicyConfigurations(Decisions decisions, Background background) {
        this.decisions = decisions;
        this.background = background;
        listing = background.chore(this::list);
        telling = background.chore(this::tell);
    }

    /**
     * Begins: whatever exists is known afterwards. From before this call on, events have to be passed on to this object.
     *
     * @param self a service of this bundle, for the plugins that look over what is read
     */
    void start(ServiceReference<?> self) {
        asker = Optional.of(self);
        if (admin != null) {
            list();
        }
    }

    /** Uses this service from now on. */
    void use(ConfigurationAdmin newAdmin) {
        admin = newAdmin;
        if (asker.isPresent()) {
            list();
        }
    }

    /** Uses this service no longer. What is known stays known. */
    void forget(ConfigurationAdmin oldAdmin) {
        if (admin == oldAdmin) {
            admin = null;
        }
    }

    /** A policy came, made of configurations with these PIDs. */
    void arrived(Set<String> pids) {
        if (asker.isPresent() && admin != null) {
            pids.stream().filter(Absences::isForeign).forEach(pid -> look(pid, Optional.empty()));
        }
    }

    /** A policy went. */
    void gone() {
        tellLater();
    }

    @Override
    public void configurationEvent(ConfigurationEvent event) {
        try {
            take(event);
        } catch (Throwable e) {
            // What it said is found out by looking at everything.
            listing.in(RETRY);
            Chores.tell(e);
        }
    }

    private void take(ConfigurationEvent event) {
        String pid = event.getPid();
        Optional<PolicyKind> kind = kind(event.getFactoryPid(), pid);
        if (event.getType() == ConfigurationEvent.CM_DELETED) {
            decisions.expectations((absences, present) -> absences.expectNot(absences.now(), pid));
        } else if (event.getType() == ConfigurationEvent.CM_UPDATED && (kind.isPresent() || decisions.isPresent(pid))) {
            look(pid, kind);
        }
    }

    private void list() {
        ConfigurationAdmin current = admin;
        if (current == null) {
            return;
        }
        long ticket = decisions.beginLook();
        try {
            Map<String, Optional<Revision>> found = new HashMap<>();
            for (Configuration configuration : list(current, PolicyKind.ALL_PIDS)) {
                String pid = configuration.getPid();
                kind(configuration.getFactoryPid(), pid)
                        .ifPresent(kind -> found.put(pid, read(kind, pid, configuration)));
            }
            decisions.expectations((absences, present) -> {
                found.forEach((pid, closed) -> absences.expect(ticket, pid, closed, true));
                absences.expectOnly(ticket, found.keySet());
            });
            decisions.foreignPids().forEach(pid -> look(pid, Optional.empty()));
        } catch (Throwable e) {
            // Whatever it is: what is not known may be what denies.
            LOG.debug("The configurations of policies could not be listed.", e);
            decisions.expectations((absences, present) -> absences.expect(ticket, PolicyKind.ALL_PIDS, UNKNOWN, true));
            listing.in(RETRY);
        }
        decisions.expectations((absences, present) -> absences.end());
        tellLater();
    }

    private void look(String pid, Optional<PolicyKind> kind) {
        long ticket = decisions.beginLook();
        boolean exists = true;
        Optional<Revision> closed = Optional.empty();
        try {
            List<Configuration> found = list(admin, pid);
            exists = !found.isEmpty();
            closed = exists ? kind.flatMap(known -> read(known, pid, found.get(0))) : closed;
        } catch (Throwable e) {
            LOG.debug("The configuration {} could not be looked at: it may exist.", pid, e);
            closed = kind.flatMap(known -> Absence.unreadable(known, pid));
        }
        conclude(ticket, pid, kind.isPresent(), exists, closed);
        tellLater();
    }

    private void conclude(long ticket, String pid, boolean ours, boolean exists, Optional<Revision> closed) {
        AtomicLong young = new AtomicLong();
        decisions.expectations((absences, present) -> {
            if (!exists) {
                absences.expectNot(ticket, pid);
            } else if (ours) {
                young.set(absences.expect(ticket, pid, closed, present.contains(pid)));
            } else {
                absences.exists(ticket, pid);
            }
            absences.end();
        });
        if (young.get() != 0) {
            background.chore(() -> settle(pid, young.get())).in(PATIENCE);
        }
    }

    /** What there is now. */
    private static List<Configuration> list(ConfigurationAdmin admin, String pids)
            throws IOException, InvalidSyntaxException {
        String filter = pids.equals(PolicyKind.ALL_PIDS) ? pids : pids.replaceAll("[\\\\*()]", "\\\\$0");
        Configuration[] found = admin.listConfigurations("(service.pid=" + filter + ")");
        return found == null ? List.of() : List.of(found);
    }

    private Optional<Revision> read(PolicyKind kind, String pid, Configuration configuration) {
        try {
            Dictionary<String, Object> read = configuration.getProcessedProperties(asker.orElseThrow());
            Map<String, Object> properties = new HashMap<>();
            Collections.list(read.keys()).forEach(key -> properties.put(key, read.get(key)));
            return Absence.of(kind, properties);
        } catch (Throwable e) {
            LOG.debug("The configuration {} could not be read: it may deny anything.", pid, e);
            return Absence.unreadable(kind, pid);
        }
    }

    /** Whose configuration it is; empty if it is none of a policy of this bundle, a misnamed file for instance. */
    private static Optional<PolicyKind> kind(String factoryPid, String pid) {
        String whole = factoryPid == null ? pid : factoryPid;
        int targeted = whole.indexOf('|');
        return PolicyKind.of(targeted < 0 ? whole : whole.substring(0, targeted));
    }

    /** A policy that is not there by now counts as missing. */
    private void settle(String pid, long born) {
        decisions.expectations((absences, present) -> absences.arm(pid, born));
        tell();
    }

    private void tellLater() {
        if (untold.compareAndSet(false, true)) {
            telling.in(PATIENCE);
        }
    }

    /** The operator is told who is missing. */
    private void tell() {
        untold.set(false);
        List<PolicyReport> absent = decisions.absent();
        told.retainAll(absent);
        absent.stream()
                .filter(told::add)
                .forEach(policy -> LOG.warn(
                        "{} It denies all it covers.", policy.status().problem().orElseThrow()));
    }
}
