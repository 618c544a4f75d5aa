/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.service;

import java.time.Duration;
import java.util.OptionalInt;

/**
 * An open connection as it stands.
 *
 * @param id its number
 * @param listener its listener's name
 * @param uid the peer's user id
 * @param gid the peer's group id
 * @param pid the peer's process id
 * @param open how long it has been open
 * @param lines lines received on it
 * @param received bytes received on it, by the service
 * @param sent bytes sent on it, the last words of one that is ended not counted
 */
public record ConnectionReport(
        long id,
        String listener,
        long uid,
        long gid,
        OptionalInt pid,
        Duration open,
        long lines,
        long received,
        long sent) {}
