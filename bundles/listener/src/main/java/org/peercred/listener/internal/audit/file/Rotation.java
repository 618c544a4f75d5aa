/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal.audit.file;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** Renames a file that has its size: it becomes number 1, what was number 1 becomes 2, and so on. */
final class Rotation {

    private Rotation() {}

    /**
     * Renames a file, and those that were renamed before. A number that is free ends the chain, so that nothing moves further than it
     * has to.
     *
     * @param path the file
     * @param most how many renamed ones are kept; what is older is deleted
     * @throws IOException if it cannot be renamed; then it is where it was
     */
    static void rotate(Path path, int most) throws IOException {
        for (int extra = most + 1; exists(numbered(path, extra)); extra++) {
            Files.delete(numbered(path, extra));
        }
        int free = 1;
        while (free < most && exists(numbered(path, free))) {
            free++;
        }
        for (int number = free; number > 1; number--) {
            move(numbered(path, number - 1), numbered(path, number));
        }
        move(path, numbered(path, 1));
    }

    private static void move(Path from, Path to) throws IOException {
        Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
    }

    private static boolean exists(Path path) {
        return Files.exists(path, LinkOption.NOFOLLOW_LINKS);
    }

    private static Path numbered(Path path, int number) {
        return path.resolveSibling(path.getFileName() + "." + number);
    }
}
