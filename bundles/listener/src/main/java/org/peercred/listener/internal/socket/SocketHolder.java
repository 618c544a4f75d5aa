/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal.socket;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import org.peercred.common.text.ForeignText;

/**
 * The process that listens on somebody else's socket, as the kernel has kept it since listen(2). Another may use the socket by
 * now, a child of it for instance.
 *
 * @param pid its number; 0 where it is in a PID namespace that cannot be seen from here
 * @param uid its user
 */
public record SocketHolder(int pid, long uid) {

    private static final int SOL_SOCKET = 1;
    private static final int SO_PEERCRED = 17;
    private static final int CREDENTIALS = 12;

    /**
     * Asks the kernel.
     *
     * @param libc the system calls
     * @param descriptor a socket that is connected to the one in question
     * @return who listens; empty if the kernel does not tell
     */
    static Optional<SocketHolder> behind(LibC libc, int descriptor) {
        NativeBuffer memory = new NativeBuffer(CREDENTIALS + Integer.BYTES);
        ByteBuffer bytes = memory.bytes().putInt(CREDENTIALS, CREDENTIALS);
        int result =
                libc.getsockopt(descriptor, SOL_SOCKET, SO_PEERCRED, memory.address(), memory.address() + CREDENTIALS);
        return result != 0 || bytes.getInt(CREDENTIALS) != CREDENTIALS
                ? Optional.empty()
                : Optional.of(new SocketHolder(bytes.getInt(0), Integer.toUnsignedLong(bytes.getInt(Integer.BYTES))));
    }

    /**
     * Says who it is.
     *
     * @param place the socket's path, or its abstract name
     * @param user the user's name; empty if it is not known
     * @return half a sentence
     */
    public String sentence(String place, Optional<String> user) {
        if (pid == ProcessHandle.current().pid()) {
            return "this Karaf itself, process " + pid + ", is listening on " + place;
        }
        String whose = " of user " + uid
                + user.map(name -> " (" + ForeignText.escape(name) + ")").orElse("");
        return "another program is listening on " + place + ": "
                + (pid == 0
                        ? "a process in a PID namespace that cannot be seen from here,"
                        : "process " + pid + program())
                + whose;
    }

    private String program() {
        try {
            byte[] name = Files.readAllBytes(Path.of("/proc/" + pid + "/comm"));
            return " (" + ForeignText.replace(new String(name, StandardCharsets.UTF_8)) + ")";
        } catch (NoSuchFileException e) {
            return ", which has ended since,";
        } catch (IOException e) {
            return "";
        }
    }
}
