/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.webui.internal.page;

import java.util.Map;
import java.util.Optional;
import org.peercred.common.inspect.Refusal;
import org.peercred.common.inspect.Services;
import org.peercred.common.text.ForeignText;
import org.peercred.service.ListenerDirectory;
import org.peercred.webui.internal.view.CheckView;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What can be done on the page, by name. Immutable. */
final class Deeds {

    private static final Logger LOG = LoggerFactory.getLogger(Deeds.class);

    /**
     * Something that can be done.
     *
     * @param needsManager whether a viewer may not
     * @param work does it
     */
    record Deed(boolean needsManager, Looks.Look work) {}

    private final Map<String, Deed> deeds = Map.of(
            "check", new Deed(false, (services, visit) -> CheckView.of(services, visit::field)),
            "disconnect", new Deed(true, Deeds::disconnect));

    Optional<Deed> find(String name) {
        return Optional.ofNullable(deeds.get(name));
    }

    private static Object disconnect(Services services, Visit visit) throws Refusal {
        long id = number(visit.field("id"));
        if (!services.need(ListenerDirectory.class).disconnect(id)) {
            throw new Refusal("No connection " + id + " is open.");
        }
        LOG.info("Connection {} is ended by {} on the page.", id, who(visit));
        return Map.of("ended", id);
    }

    private static String who(Visit visit) {
        return visit.user().isEmpty() ? "a user without a name" : ForeignText.escape(visit.user());
    }

    private static long number(String id) throws Refusal {
        try {
            return Long.parseLong(id);
        } catch (NumberFormatException e) {
            throw new Refusal("The number of a connection is a number, not \"" + id + "\".");
        }
    }
}
