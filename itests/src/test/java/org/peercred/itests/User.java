/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.itests;

import static org.junit.Assert.assertTrue;
import static org.junit.Assume.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Who runs a process. Root may be anybody, and everybody else only themselves.
 *
 * @param uid the user's id, and the group's
 */
record User(int uid) {

    static final User ROOT = new User(0);
    static final User SELF = new User(selfUid());

    /** Two that own nothing on this machine; where the tests do not run as root, there is only one's own self. */
    static final User DAEMON = SELF.equals(ROOT) ? new User(61_000) : SELF;

    static final User STRANGER = new User(61_001);

    /** Skips a test that cannot be done as somebody else than root, and says so; in continuous integration it fails instead. */
    static void needsRoot(String why) {
        boolean isRoot = SELF.equals(ROOT);
        if (!isRoot) {
            System.err.println("needs root: " + why);
            assertTrue("in continuous integration no test may be skipped; this one needs root: " + why, !inCi());
        }
        assumeTrue("needs root: " + why, isRoot);
    }

    /** The command line with which this user runs a command. */
    List<String> command(String... words) {
        List<String> all = new ArrayList<>();
        if (!equals(SELF)) {
            all.addAll(List.of("setpriv", "--reuid=" + uid, "--regid=" + uid, "--clear-groups"));
        }
        all.addAll(List.of(words));
        return all;
    }

    private static boolean inCi() {
        return "true".equals(System.getenv("CI"));
    }

    private static int selfUid() {
        try {
            return (Integer) Files.getAttribute(Path.of("/proc/self"), "unix:uid");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
