/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.policy.internal.keeper;

import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.peercred.common.text.ForeignText;
import org.peercred.policy.internal.keeper.InForce.Entry;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Removes configurations whose files have been away for a while. Used by one thread at a time. */
final class Orphans {

    private static final Logger LOG = LoggerFactory.getLogger(Keeper.class);

    private final Home home;

    /** Since when their files have been away, by PID. */
    private final Map<String, Long> gone = new HashMap<>();

    Orphans(Home home) {
        this.home = home;
    }

    /**
     * Removes those whose time has come.
     *
     * @param orphans all whose files are not there now
     * @param moment when it is
     * @param remedy removes them; empty while that cannot be done
     * @param outcome what comes of it
     */
    void bury(List<Entry> orphans, Moment moment, Optional<Remedy> remedy, Outcome outcome) {
        gone.keySet().retainAll(orphans.stream().map(Entry::pid).collect(Collectors.toSet()));
        for (Entry orphan : orphans) {
            long since = gone.computeIfAbsent(orphan.pid(), pid -> moment.now());
            boolean old = moment.started() ? moment.isLongAgo(since) : moment.isSettled(Stamp.of(home.directory()));
            if (old && remedy.isPresent() && !home.has(orphan)) {
                remove(orphan, remedy.get(), outcome);
            } else {
                outcome.await();
            }
            if (!moment.started() && !outcome.isClear(orphan.pid())) {
                String problem = Sentences.orphaned(
                        orphan.pid(), orphan.file().orElseThrow().toString());
                outcome.doubt(orphan.pid(), problem, true);
            }
        }
    }

    private static void remove(Entry orphan, Remedy remedy, Outcome outcome) {
        String file = orphan.file().orElseThrow().toString();
        try {
            remedy.remove(orphan.configuration());
            outcome.clear(orphan.pid());
            LOG.warn(
                    "The configuration {} was still in force although its file {} is gone; it is removed.",
                    ForeignText.escape(orphan.pid()),
                    ForeignText.escape(file));
        } catch (IOException | RuntimeException e) {
            LOG.debug("The configuration {} could not be removed.", orphan.pid(), e);
            outcome.find(Sentences.ghost(orphan.pid(), file, e));
        }
    }
}
