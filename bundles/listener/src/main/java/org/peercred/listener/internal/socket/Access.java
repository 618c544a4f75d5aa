/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal.socket;

import java.util.OptionalLong;

/**
 * Who may reach a socket file.
 *
 * @param mode permission bits
 * @param uid its owner; empty to leave it as it is
 * @param gid its group; empty to leave it as it is
 */
public record Access(int mode, OptionalLong uid, OptionalLong gid) {

    boolean changesOwner() {
        return uid.isPresent() || gid.isPresent();
    }
}
