/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.console.internal.ssh;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What each user has typed: of each a file, so that nobody finds another's lines with the arrow keys. */
final class HistoryFile {

    private static final Logger LOG = LoggerFactory.getLogger(HistoryFile.class);

    private HistoryFile() {}

    /** The file of a user, in a directory that only this process's user may look into. */
    static Path of(long uid) {
        Path directory = Path.of(System.getProperty("karaf.data", "data"), "console.history");
        try {
            Files.createDirectory(
                    directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        } catch (FileAlreadyExistsException e) {
            // From before.
        } catch (IOException e) {
            LOG.warn("What is typed in the console is not kept: {} cannot be made: {}", directory, e.toString());
        }
        return directory.resolve(String.valueOf(uid));
    }
}
