/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.testing;

/** Checks that a test names users, groups and processes that there can be. */
final class Ids {

    private static final long HIGHEST = 0xFFFFFFFFL;

    private Ids() {}

    static long checked(String what, long id) {
        if (id < 0 || id > HIGHEST) {
            throw new IllegalArgumentException(what + " " + id + " is not between 0 and " + HIGHEST + ".");
        }
        return id;
    }

    static int checkedPid(int pid) {
        if (pid < 1) {
            throw new IllegalArgumentException("The process id " + pid + " is not 1 or greater.");
        }
        return pid;
    }
}
