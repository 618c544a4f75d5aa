/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.credentials.internal;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.peercred.credentials.ControlGroup;

/**
 * The directory {@code /proc/PID} of one process. Every IOException's message is half a sentence for an operator.
 *
 * @param directory the directory
 */
record ProcFiles(Path directory) {

    private static final String DELETED = " (deleted)";

    /** The types of units that hold processes, without slices, which systemd keeps free of them. */
    private static final List<String> UNIT_TYPES = List.of(".service", ".scope", ".socket", ".mount", ".swap");

    /**
     * The parent's pid, field 4 of {@code stat}.
     *
     * @return 0 if it has none here
     * @throws IOException if it cannot be read
     */
    int parent() throws IOException {
        return Integer.parseInt(statField(4));
    }

    /**
     * Clock ticks between boot and the process's start, field 22 of {@code stat}.
     *
     * @return ticks
     * @throws IOException if it cannot be read
     */
    long startTime() throws IOException {
        return Long.parseUnsignedLong(statField(22));
    }

    private String statField(int number) throws IOException {
        return statField(new String(read("stat"), StandardCharsets.ISO_8859_1), number);
    }

    /**
     * One field of a line of {@code stat}. The second field is a name that the process chose itself, and it may hold blanks
     * and parentheses: all others are found by counting from the last closing one.
     *
     * @param line the file's content
     * @param number counted from 1 as in proc_pid_stat(5), 3 or greater
     * @return the field
     * @throws IOException if there is no such field
     */
    static String statField(String line, int number) throws IOException {
        int end = line.lastIndexOf(')');
        String[] fields = line.substring(end + 1).strip().split(" ", -1);
        if (end < 0 || fields.length <= number - 3) {
            throw new IOException("/proc/PID/stat has an unknown form");
        }
        return fields[number - 3];
    }

    /**
     * The program that the process executes. The path alone proves little: the file may have been deleted or replaced since,
     * and in another mount namespace, which anyone can make, the same path names another file. So the path counts only if it
     * leads to the very file that is executed, from here.
     *
     * @return an absolute path
     * @throws IOException if it cannot be read or names another file
     */
    Path executable() throws IOException {
        Path link = directory.resolve("exe");
        Path target;
        try {
            target = Files.readSymbolicLink(link);
        } catch (AccessDeniedException e) {
            throw new IOException(
                    "the kernel does not show this process's executable to this user (CAP_SYS_PTRACE would be needed)",
                    e);
        } catch (NoSuchFileException e) {
            throw new IOException("the process has no executable", e);
        }
        if (target.toString().endsWith(DELETED)) {
            throw new IOException("the program that it executes was deleted or replaced since it was started");
        }
        try {
            if (target.isAbsolute() && Files.isSameFile(link, target)) {
                return target;
            }
        } catch (NoSuchFileException e) {
            throw new IOException("the program that it executes is not visible here", e);
        } catch (AccessDeniedException e) {
            throw new IOException("the program that it executes lies where this user may not look", e);
        }
        throw new IOException("the program that it executes is another file than the one at " + target + " here");
    }

    /**
     * The place in the version 2 tree, from {@code cgroup}.
     *
     * @return the control group
     * @throws IOException if it cannot be read or there is none
     */
    ControlGroup controlGroup() throws IOException {
        return controlGroup(new String(read("cgroup"), StandardCharsets.UTF_8));
    }

    static ControlGroup controlGroup(String content) throws IOException {
        String path = content.lines()
                .filter(line -> line.startsWith("0::/"))
                .map(line -> line.substring("0::".length()))
                .findFirst()
                .orElseThrow(() -> new IOException("the system has no version 2 control groups"));
        return new ControlGroup(path, unit(path));
    }

    /**
     * The unit that systemd put the process in: the first part of the path that is no slice. Parts below it are made by the
     * unit's own processes, which may be anyone's (a user's own manager runs inside {@code user@1000.service}) and may have
     * any name; taking one of them for a unit would let a user pass for a system service.
     */
    private static Optional<String> unit(String path) {
        for (String part : path.substring(1).split("/", -1)) {
            // systemd puts an underscore before a name that would clash with one of the kernel's own files.
            String name = part.startsWith("_") ? part.substring(1) : part;
            if (!name.endsWith(".slice")) {
                return UNIT_TYPES.stream().anyMatch(type -> name.endsWith(type) && name.length() > type.length())
                        ? Optional.of(name)
                        : Optional.empty();
            }
        }
        return Optional.empty();
    }

    private byte[] read(String name) throws IOException {
        try {
            return Files.readAllBytes(directory.resolve(name));
        } catch (NoSuchFileException e) {
            throw new IOException("/proc does not show this process", e);
        } catch (AccessDeniedException e) {
            throw new IOException("the kernel does not show /proc/PID/" + name + " of this process to this user", e);
        }
    }
}
