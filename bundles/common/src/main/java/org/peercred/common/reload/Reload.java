/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.common.reload;

import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.peercred.common.config.ConfigException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes configurations through reading and loading until they are in force, each in place of the one before. One that cannot be
 * used leaves it to its {@link Subject} to go on with the last good one. What is not known now is asked for again, later each
 * time; whatever else fails on the way, for want of memory or of a thread most likely, is tried again after a second. Of several
 * configurations the newest counts, however long an older one took. Safe to be used by any thread.
 *
 * @param <A> a configuration as it was delivered
 * @param <L> what was loaded of it
 * @param <P> what counts while not all that has to be asked for is known
 */
public final class Reload<A, L, P> {

    private static final Logger LOG = LoggerFactory.getLogger(Reload.class);

    /** A delivery; two of the same configuration are not the same one. Guarded by the lock. */
    private static final class Run<A> {
        private final A attempt;
        private boolean settled;

        Run(A attempt) {
            this.attempt = attempt;
        }
    }

    private final Subject<A, L, P> subject;
    private final Chores chores;
    private final Delivery delivery;
    private final Object lock = new Object();
    private final Set<String> told = new HashSet<>();
    private final Retries retries = new Retries();
    private Run<A> newest;
    private boolean closed;

    /**
     * Starts with no configuration.
     *
     * @param subject what lives by it
     * @param chores threads to ask others on, and to try again
     */
    public Reload(Subject<A, L, P> subject, Chores chores) {
        this.subject = subject;
        this.chores = chores;
        this.delivery = new Delivery(chores, this::take, this::again);
    }

    /**
     * Takes a configuration, the first or a change. The same one again changes nothing, if it is in force. Never throws.
     *
     * @param properties the configuration as DS hands it over
     */
    public void deliver(Map<String, ?> properties) {
        delivery.deliver(properties);
    }

    /**
     * Changes what is in force by itself, with the lock held.
     *
     * @param change calls nobody else's code, and returns what is to be done and told without the lock
     * @return false if it is too late: nothing was done
     */
    public boolean change(Supplier<Runnable> change) {
        Runnable rest;
        synchronized (lock) {
            if (closed) {
                return false;
            }
            rest = change.get();
        }
        rest.run();
        return true;
    }

    /**
     * Ends it: from now on nothing is put in force.
     *
     * @return false if that was done before
     */
    public boolean close() {
        synchronized (lock) {
            boolean first = !closed;
            closed = true;
            return first;
        }
    }

    /**
     * Whether that was done.
     *
     * @return true if nothing is put in force any more
     */
    public boolean isClosed() {
        synchronized (lock) {
            return closed;
        }
    }

    private void take(Map<String, ?> properties) {
        Run<A> run = new Run<>(subject.read(properties));
        Reading<?> reading = subject.reading(run.attempt);
        synchronized (lock) {
            boolean same = newest != null && reading.sameAs(subject.reading(newest.attempt));
            if (!delivery.take(properties) || closed || (same && subject.isWhole())) {
                return;
            }
            if (!same) {
                told.clear();
            }
            newest = run;
            retries.reset();
        }
        if (reading.value().isEmpty() || !subject.mayBlock(run.attempt)) {
            load(run);
        } else if (!loadElsewhere(run)) {
            String problem = reading.source().file() + ": the names in it are still being looked up.";
            refuse(run, problem, subject.unasked(run.attempt), true);
        }
    }

    /** Whether it has been loaded by now. Where there is no thread for that, it is tried again. */
    private boolean loadElsewhere(Run<A> run) {
        try {
            return chores.run(() -> delivery.attempt(() -> load(run)));
        } catch (Throwable e) {
            delivery.finishIn(Chores.PAUSE);
            Chores.tell(e);
            return false;
        }
    }

    private void again() {
        Run<A> run;
        synchronized (lock) {
            boolean done = newest != null && newest.settled && subject.isWhole() && subject.isAnnounced();
            if (closed || newest == null || done) {
                return;
            }
            run = newest;
        }
        load(run);
    }

    private void load(Run<A> run) {
        synchronized (lock) {
            if (!isNewest(run)) {
                return;
            }
        }
        Reading<?> reading = subject.reading(run.attempt);
        if (reading.value().isEmpty()) {
            refuse(run, reading.problem(), Optional.empty(), false);
            return;
        }
        try {
            Result<L, P> result = subject.load(run.attempt);
            if (result.whole().isPresent()) {
                accept(run, result.whole().get());
            } else {
                retry(run, result.problem(), result.partly());
            }
        } catch (ConfigException e) {
            refuse(run, e.getMessage(), Optional.empty(), false);
        } catch (RuntimeException e) {
            LOG.debug(
                    "The configuration {} could not be loaded.",
                    reading.source().file(),
                    e);
            String what = e.getClass().getSimpleName();
            String problem = reading.source().file() + ": it could not be loaded (" + what + ").";
            retry(run, problem, subject.unasked(run.attempt));
        }
    }

    private void retry(Run<A> run, String problem, Optional<P> partly) {
        synchronized (lock) {
            if (!isNewest(run)) {
                return;
            }
            delivery.finishIn(retries.next());
        }
        refuse(run, problem, partly, false);
    }

    private void accept(Run<A> run, L loaded) {
        Runnable rest = null;
        try {
            synchronized (lock) {
                if (isNewest(run)) {
                    rest = subject.accept(run.attempt, loaded, told::add);
                    run.settled = true;
                }
            }
        } catch (Throwable e) {
            subject.discard(loaded);
            throw e;
        }
        if (rest == null) {
            subject.discard(loaded);
        } else {
            rest.run();
        }
    }

    /** With {@code pending} only if nothing else became of it meanwhile. */
    private void refuse(Run<A> run, String problem, Optional<P> partly, boolean pending) {
        Runnable rest;
        synchronized (lock) {
            if (!isNewest(run) || (pending && run.settled)) {
                return;
            }
            rest = subject.refuse(run.attempt, problem, partly, told::add);
            run.settled |= !pending;
        }
        rest.run();
    }

    private boolean isNewest(Run<A> run) {
        return !closed && newest == run;
    }
}
