/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.credentials.internal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/** A listening socket in a directory of its own, to which every user may connect. */
final class Server implements AutoCloseable {

    private final Path directory;
    private final Path path;
    private final int descriptor;

    Server() throws IOException {
        directory = Files.createTempDirectory("peercred-credentials");
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
        path = directory.resolve("socket");
        descriptor = Sockets.listen(path);
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwxrwxrwx"));
    }

    Path path() {
        return path;
    }

    /** A place for files that are deleted with the server. */
    Path directory() {
        return directory;
    }

    /** The next connection, which the caller closes. */
    int accept() throws IOException {
        return Sockets.accept(descriptor);
    }

    @Override
    public void close() throws IOException {
        Sockets.close(descriptor);
        try (var files = Files.list(directory)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(directory);
    }
}
