/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.policy.internal.decide;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.BooleanSupplier;
import org.peercred.access.AccessControl;
import org.peercred.access.AccessPolicy;
import org.peercred.access.AccessRequest;
import org.peercred.access.Decision;
import org.peercred.access.Explanation;
import org.peercred.access.PolicyListener;
import org.peercred.access.PolicyReport;
import org.peercred.policy.internal.keeper.Doubt;

/**
 * The policies that are there or ought to be, and the decisions made of them. Every change publishes a new {@link Generation}; a
 * decision reads one volatile field and works on what it found. Foreign code (policies, listeners) is never called with a lock
 * held, so none can hold up a change or a decision of another thread. A change that fails half-way, for want of memory, closes
 * everything until another succeeds.
 */
public final class Decisions implements AccessControl, Alternatives {

    /** Its lock guards all that is changed here. */
    private final Registrations registrations = new Registrations();

    private final Publication publication = new Publication();
    private final Absences absences = new Absences();
    private List<Voter> absent = List.of();
    private Doubted doubted = Doubted.NONE;
    private final Announcements announcements = new Announcements(publication::current);
    private volatile Runnable alarm = () -> {};

    /** Starts with no policy: everything is refused. */
    public Decisions() {}

    @Override
    public Decision decide(AccessRequest request) {
        return publication
                .current()
                .applicable(request.listener(), request.action())
                .decide(request);
    }

    @Override
    public Explanation explain(AccessRequest request) {
        return publication
                .current()
                .applicable(request.listener(), request.action())
                .explain(request);
    }

    @Override
    public long generation() {
        return publication.current().number();
    }

    @Override
    public List<PolicyReport> policies() {
        return publication.current().voters().stream().map(Voter::report).toList();
    }

    @Override
    public void reconsider() {
        change(() -> {
            Map<Object, AccessPolicy> present;
            synchronized (registrations) {
                present = registrations.policies();
            }
            List<Runnable> news = new ArrayList<>();
            present.forEach((key, policy) -> news.add(registrations.look(key, policy, Optional.empty())));
            synchronized (registrations) {
                news.forEach(Runnable::run);
                publish();
            }
            return true;
        });
    }

    @Override
    public AccessControl instead(String pid, AccessPolicy policy) {
        Voter voter = Voter.of(policy);
        synchronized (registrations) {
            Doubted others = doubted.without(pid);
            Set<String> present = registrations.present();
            present.add(pid);
            List<Voter> voters = new ArrayList<>(others.standIns());
            voters.addAll(absences.voters(present));
            voters.addAll(registrations.votersWithout(pid, others));
            voters.add(voter);
            return new Alternative(new Generation(publication.current().number(), voters));
        }
    }

    @Override
    public AccessControl unchanged() {
        return new Alternative(publication.current());
    }

    @Override
    public List<RoleUse> roleUses() {
        return publication.current().voters().stream()
                .map(voter -> new RoleUse(voter.report().id(), voter.report().scope(), voter.byRole()))
                .filter(use -> !use.granted().isEmpty())
                .toList();
    }

    /** Makes a change and tells of it, if it says that it was one. */
    private void change(BooleanSupplier change) {
        try {
            if (!change.getAsBoolean()) {
                return;
            }
        } catch (Throwable e) {
            fail();
            throw e;
        }
        try {
            announcements.announce();
        } catch (Throwable e) {
            alarm.run();
            throw e;
        }
    }

    /**
     * Whom to tell that a change failed, and that {@link #reconsider} is needed to open again.
     *
     * @param whom allocates nothing and throws nothing
     */
    void onFailure(Runnable whom) {
        alarm = whom;
    }

    private void fail() {
        synchronized (registrations) {
            publication.fail();
        }
        alarm.run();
    }

    /** Refuses everything from now on: what there is can no longer be told. */
    void giveUp() {
        synchronized (registrations) {
            publication.failForEver();
        }
        alarm.run();
    }

    /** Takes a policy in that no configuration made. */
    public void add(Object key, AccessPolicy policy) {
        add(key, policy, Set.of());
    }

    /**
     * Takes a policy in.
     *
     * @param key what it will be known by, for instance its service reference
     * @param policy the policy
     * @param pids the PIDs of the configurations it was made of
     */
    public void add(Object key, AccessPolicy policy, Set<String> pids) {
        synchronized (registrations) {
            registrations.enter(key);
        }
        change(() -> {
            Runnable news = registrations.look(key, Voter.observed(policy, () -> changed(key)), Optional.of(pids));
            synchronized (registrations) {
                news.run();
                pids.forEach(absences::arrived);
                publish();
            }
            return true;
        });
        boolean changedMeanwhile;
        synchronized (registrations) {
            changedMeanwhile = registrations.entered(key);
        }
        if (changedMeanwhile) {
            changed(key);
        }
    }

    /**
     * Looks at a policy again. Where it shows the same immutable view as before nothing has changed, and nobody is told.
     *
     * @param key what it was added by
     */
    public void changed(Object key) {
        change(() -> lookAgain(key));
    }

    private boolean lookAgain(Object key) {
        Optional<AccessPolicy> policy;
        synchronized (registrations) {
            policy = registrations.policy(key);
            if (policy.isEmpty()) {
                registrations.missed(key);
                return false;
            }
        }
        Runnable news = registrations.look(key, policy.get(), Optional.empty());
        synchronized (registrations) {
            Optional<Voter> before = registrations.voter(key);
            news.run();
            Optional<Voter> after = registrations.voter(key);
            if (after.isEmpty() || before.isEmpty() || after.get().sameAs(before.get())) {
                return false;
            }
            publish();
            return true;
        }
    }

    /**
     * Takes a policy out.
     *
     * @param key what it was added by
     */
    public void remove(Object key) {
        Optional<AccessPolicy> policy;
        synchronized (registrations) {
            policy = registrations.policy(key);
        }
        if (policy.isEmpty()) {
            return;
        }
        change(() -> {
            synchronized (registrations) {
                registrations.voter(key).ifPresent(last -> registrations
                        .pids(key)
                        .forEach(pid -> absences.gone(pid, Absence.of(last.report(), pid))));
                registrations.remove(key);
                publish();
                return true;
            }
        });
        Voter.forgotten(policy.get());
    }

    /** Refuses everything from now on, whatever else comes: of what is taken apart piece by piece, no piece decides alone. */
    void close() {
        synchronized (registrations) {
            publication.close();
        }
    }

    /** Begins to look at configurations of policies. */
    long beginLook() {
        synchronized (registrations) {
            return absences.begin();
        }
    }

    /**
     * Says which configurations of policies exist. A policy whose configuration exists and that is not there is stood in for.
     *
     * @param news says it; is given the PIDs of the policies that are there, and calls nobody
     */
    void expectations(BiConsumer<Absences, Set<String>> news) {
        change(() -> {
            synchronized (registrations) {
                Set<String> present = registrations.present();
                news.accept(absences, present);
                if (absences.voters(present).equals(absent)) {
                    return false;
                }
                publish();
                return true;
            }
        });
    }

    /** Whether some policy that is there was made of the configuration with this PID. */
    boolean isPresent(String pid) {
        synchronized (registrations) {
            return registrations.present().contains(pid);
        }
    }

    /** The PIDs of configurations of which others make policies, as far as they were seen. */
    Set<String> foreignPids() {
        synchronized (registrations) {
            Set<String> pids = new HashSet<>(absences.foreign());
            registrations.present().stream().filter(Absences::isForeign).forEach(pids::add);
            return pids;
        }
    }

    /** What stands in for policies that are not there. */
    List<PolicyReport> absent() {
        synchronized (registrations) {
            return absent.stream().map(Voter::report).toList();
        }
    }

    /**
     * Says which configurations must not count as they are.
     *
     * @param doubts by PID
     */
    void doubt(Map<String, Doubt> doubts) {
        change(() -> {
            synchronized (registrations) {
                // Should the next line fail, whatever else comes opens nothing.
                doubted = Doubted.UNKNOWN;
                doubted = Doubted.of(doubts);
                publish();
                return true;
            }
        });
    }

    /** Takes a listener in and tells it where things stand: it may have decided before it was known here. */
    public void add(PolicyListener listener) {
        announcements.add(listener);
    }

    public void remove(PolicyListener listener) {
        announcements.remove(listener);
    }

    /** How many combinations of listener and action are worked out and kept. */
    int combinations() {
        return publication.current().size();
    }

    private void publish() {
        List<Voter> standIns = absences.voters(registrations.present());
        List<Voter> voters = new ArrayList<>(doubted.standIns());
        voters.addAll(standIns);
        voters.addAll(registrations.voters(doubted));
        publication.publish(voters);
        absent = standIns;
    }
}
