/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.common.reload;

import java.util.Optional;

/**
 * What came of loading a configuration.
 *
 * @param whole what it says; empty if not all that had to be asked for is known now
 * @param partly what counts of it meanwhile; empty if nothing is said of that, or all is known
 * @param problem what is not known, whole sentences that name file, key and value; the empty string if all is
 * @param <L> what was loaded
 * @param <P> what counts while not all is known
 */
public record Result<L, P>(Optional<L> whole, Optional<P> partly, String problem) {

    /**
     * All is known.
     *
     * @param loaded what was loaded
     * @return that
     * @param <L> what was loaded
     * @param <P> what would count while not all is known
     */
    public static <L, P> Result<L, P> whole(L loaded) {
        return new Result<>(Optional.of(loaded), Optional.empty(), "");
    }

    /**
     * Something is not known now, and is asked for again.
     *
     * @param problem what
     * @param partly what counts meanwhile
     * @return that
     * @param <L> what would be loaded
     * @param <P> what counts while not all is known
     */
    public static <L, P> Result<L, P> wanting(String problem, Optional<P> partly) {
        return new Result<>(Optional.empty(), partly, problem);
    }
}
