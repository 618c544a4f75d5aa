/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.itests;

import java.util.LinkedHashMap;
import java.util.Map;

/** Commands, and the exit statuses that docs/json.md promises for them. */
final class Statuses {

    private Statuses() {}

    /**
     * Some for each status.
     *
     * @param owner the user of the container
     * @return by command
     */
    static Map<String, Integer> of(User owner) {
        Map<String, Integer> statuses = new LinkedHashMap<>();
        statuses.put("peercred:check -o json --uid " + owner.uid() + " --listener echo", 0);
        statuses.put("peercred:check -o json --file etc/org.peercred.listener-echo.cfg", 0);
        statuses.put("peercred:check -o json --uid 65533 --listener echo", 1);
        statuses.put("peercred:disconnect -o json 999999999", 1);
        statuses.put("peercred:check -o json --uid nobody-of-this-name", 2);
        statuses.put("peercred:check -o json --file /nowhere/org.peercred.audit.cfg", 2);
        statuses.put("peercred:check --uid 65533 --listener echo", 1);
        statuses.put("peercred:check --uid nobody-of-this-name", 1);
        return statuses;
    }
}
