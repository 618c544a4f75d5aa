/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.console.internal.ssh;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;

/** A file that is there whole or not at all, and never with other permissions than asked. */
final class WrittenFile {

    private WrittenFile() {}

    /**
     * Puts a file in the place of one that may be there.
     *
     * @param file which
     * @param text its contents, in UTF-8
     * @param permissions as {@link PosixFilePermissions#fromString} has them, at most those that the umask leaves
     * @throws IOException if it cannot be written; the one that was there stays
     */
    static void replace(Path file, String text, String permissions) throws IOException {
        Path made = Files.createTempFile(
                file.toAbsolutePath().getParent(),
                file.getFileName().toString(),
                ".new",
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions)));
        try {
            Files.writeString(made, text, StandardCharsets.UTF_8);
            Files.move(made, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(made);
        }
    }
}
