/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.common.reload;

import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.peercred.common.config.ConfigException;

/**
 * What lives by a configuration: how that is read and loaded, and what becomes of it. Called by {@link Reload}, by any thread; of
 * what is called with the lock held, by one thread at a time.
 *
 * @param <A> a configuration as it was delivered
 * @param <L> what was loaded of it
 * @param <P> what counts while not all that has to be asked for is known
 */
public interface Subject<A, L, P> {

    /**
     * Reads a configuration, whatever is in it, without asking anybody.
     *
     * @param properties the configuration as DS hands it over
     * @return what came of it
     */
    A read(Map<String, ?> properties);

    /**
     * What came of reading.
     *
     * @param attempt what was read
     * @return its source and problem; only with a value is it loaded
     */
    Reading<?> reading(A attempt);

    /**
     * Whether loading may take longer than whoever delivers should wait.
     *
     * @param attempt what was read, and has a value
     * @return true if it has to be done on another thread
     */
    boolean mayBlock(A attempt);

    /**
     * Asks for what has to be asked for.
     *
     * @param attempt what was read, and has a value
     * @return what came of it
     * @throws ConfigException if the configuration cannot be used: that is not tried again
     */
    Result<L, P> load(A attempt) throws ConfigException;

    /**
     * What counts as long as nobody was asked.
     *
     * @param attempt what was read, and has a value
     * @return empty if all does that was in force before
     */
    Optional<P> unasked(A attempt);

    /**
     * Puts it in force. Called with the lock held: calls nobody else's code. Should it throw, it is called once more.
     *
     * @param attempt what was read
     * @param loaded what was loaded of it
     * @param fresh whether a sentence was not told yet since the configuration changed; it counts as told then
     * @return what is to be done and told without the lock
     */
    Runnable accept(A attempt, L loaded, Predicate<String> fresh);

    /**
     * Goes on without it. Called with the lock held: calls nobody else's code. Should it throw, it is called once more.
     *
     * @param attempt what was read
     * @param problem why it is not in force
     * @param partly what still counts of what was in force before; empty if all does
     * @param fresh whether a sentence was not told yet since the configuration changed; it counts as told then
     * @return what is to be done and told without the lock
     */
    Runnable refuse(A attempt, String problem, Optional<P> partly, Predicate<String> fresh);

    /**
     * Gives back what was loaded too late to be put in force.
     *
     * @param loaded that
     */
    default void discard(L loaded) {}

    /** Whether the newest configuration is in force as a whole. Called with the lock held. */
    boolean isWhole();

    /** Whether everybody knows what is in force. Called with the lock held. */
    boolean isAnnounced();
}
