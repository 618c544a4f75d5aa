/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal.socket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.peercred.listener.internal.testing.Python;
import org.peercred.listener.internal.testing.Server;
import org.peercred.listener.internal.testing.Temporary;

/** A place for a socket file, in a directory that is deleted afterwards. */
abstract class SocketFixture {

    static final LibC LIBC = Server.LIBC;

    Path directory;
    Path path;

    @BeforeEach
    void create() throws IOException {
        directory = Temporary.directory();
        path = directory.resolve("socket");
    }

    @AfterEach
    void delete() throws IOException {
        Temporary.delete(directory);
    }

    static Access mode(int mode) {
        return new Access(mode, OptionalLong.empty(), OptionalLong.empty());
    }

    ListeningSocket bind(Access access) throws SocketPathException {
        return ListeningSocket.bind(LIBC, path, access, 10, true);
    }

    void assertRefused(String message) {
        SocketPathException refusal = assertThrows(SocketPathException.class, () -> bind(mode(0600)));
        assertEquals(message, refusal.getMessage());
    }

    boolean exists() {
        return Files.exists(path, LinkOption.NOFOLLOW_LINKS);
    }

    int mode() throws IOException {
        return (int) attribute("mode") & 07777;
    }

    Object attribute(String name) throws IOException {
        return Files.getAttribute(path, "unix:" + name, LinkOption.NOFOLLOW_LINKS);
    }

    /** A program that has bound a socket there and then does something more, also what it is told later. */
    Python other(String more) throws IOException {
        return Python.run(
                path,
                "s = socket.socket(socket.AF_UNIX); s.bind(path)\n" + more
                        + "\nprint('ready')\nfor line in sys.stdin: exec(line)\n");
    }
}
