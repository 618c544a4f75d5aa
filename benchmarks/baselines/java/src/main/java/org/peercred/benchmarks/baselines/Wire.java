/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.benchmarks.baselines;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/** What the servers here have in common: the bytes on the wire, and the file of the socket. */
final class Wire {
    static final int MAX_LINE = 65536;

    /** A reply is longer than its line by the prefix, and a line has one byte at least. */
    static final int GROWTH = 3;

    /** Reads of a refused connection's data at most, so that it ends cleanly and cannot go on for ever. */
    static final int DRAIN = 64;

    private static final byte[] PREFIX = "> ".getBytes(US_ASCII);
    private static final byte[] DENIED = "Unauthorized access\n".getBytes(US_ASCII);
    private static final byte[] TOO_LONG = "Line too long\n".getBytes(US_ASCII);

    private Wire() {}

    static ByteBuffer denied() {
        return ByteBuffer.wrap(DENIED);
    }

    static ByteBuffer tooLong() {
        return ByteBuffer.wrap(TOO_LONG);
    }

    /**
     * Appends the replies to all complete lines between position and limit of {@code in} to {@code out}; what remains of
     * {@code in} is the beginning of a line.
     *
     * @param in buffer ready to be read
     * @param out buffer with room for {@link #GROWTH} times as many bytes as {@code in} holds
     */
    static void reply(ByteBuffer in, ByteBuffer out) {
        int line = in.position();
        int limit = in.limit();
        for (int i = line; i < limit; i++) {
            if (in.get(i) == '\n') {
                int length = i + 1 - line;
                out.put(PREFIX);
                out.put(out.position(), in, line, length);
                out.position(out.position() + length);
                line = i + 1;
            }
        }
        in.position(line);
    }

    /** Removes what a former run left at the path, and the socket again when this program ends. */
    static Path prepare(String[] arguments) throws IOException {
        if (arguments.length != 1) {
            throw new IOException("one argument is needed: the path of the socket");
        }
        Path path = Path.of(arguments[0]);
        Files.deleteIfExists(path);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            try {
                Files.deleteIfExists(path);
            } catch (IOException e) {
                System.err.println(e);
            }
        }));
        return path;
    }

    /** Everyone may connect: the uid decides, not the file's mode. */
    static void openToAll(Path path) throws IOException {
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-rw-rw-"));
    }
}
