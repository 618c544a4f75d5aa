/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.policy.internal.config;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.peercred.common.config.Config;
import org.peercred.common.linux.Ids;
import org.peercred.credentials.NameServiceException;

/**
 * Asks for the ids of names, of as many as there is an answer for, and remembers the first problem. A name service that takes
 * its time not to answer is not asked for the other names: each question might take as long. One that fails at once is, since
 * another one may know them. Used by one thread.
 */
public final class Names {

    /** Finds the id of a name. */
    @FunctionalInterface
    public interface Lookup {
        OptionalLong id(String name) throws NameServiceException;
    }

    private static final long SLOW_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

    private final Config config;
    private final LongSupplier clock;
    private final Map<String, Long> known = new HashMap<>();
    private boolean silent;
    private boolean firm;
    private String problem = "";
    private int others;

    /**
     * Starts with no name.
     *
     * @param config where the names are
     */
    public Names(Config config) {
        this(config, System::nanoTime);
    }

    /**
     * Starts with no name.
     *
     * @param config where the names are
     * @param clock counts nanoseconds
     */
    Names(Config config, LongSupplier clock) {
        this.config = config;
        this.clock = clock;
    }

    /**
     * Asks for one.
     *
     * @param key the key it is in
     * @param entry the entry it is in, which it is known by afterwards
     * @param name the name
     * @param what {@code user} or {@code group}
     * @param lookup whom to ask
     * @return its id; empty if it is not known now
     */
    public OptionalLong ask(String key, String entry, String name, String what, Lookup lookup) {
        if (silent) {
            others++;
            return OptionalLong.empty();
        }
        long start = clock.getAsLong();
        try {
            OptionalLong id = lookup.id(name);
            if (id.isPresent() && Ids.isId(id.getAsLong())) {
                known.put(entry, id.getAsLong());
                return id;
            }
            firm = true;
            String commas = name.indexOf(' ') < 0 ? "" : " (names are separated by commas)";
            failed(
                    key,
                    entry,
                    "there is no " + what + " of that name" + commas + "; it is looked for again until there is");
        } catch (NameServiceException e) {
            silent = clock.getAsLong() - start > SLOW_NANOS;
            failed(key, entry, "the name service does not answer and is asked again until it does");
        }
        return OptionalLong.empty();
    }

    private void failed(String key, String entry, String explanation) {
        if (problem.isEmpty()) {
            problem = config.invalid(key, entry, explanation).getMessage();
        } else {
            others++;
        }
    }

    /** The ids of those that are known, by entry. */
    public Map<String, Long> known() {
        return Map.copyOf(known);
    }

    /** Whether the name services said of one of them that there is no such name. */
    public boolean firm() {
        return firm;
    }

    /** What is the matter with those that are not; empty if all are known. */
    public Optional<String> problem() {
        if (problem.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(others == 0 ? problem : problem + " More names are not known: " + others + ".");
    }
}
