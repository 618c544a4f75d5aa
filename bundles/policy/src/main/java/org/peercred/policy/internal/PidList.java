/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.policy.internal;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import org.peercred.common.config.Config;
import org.peercred.common.config.ConfigException;
import org.peercred.credentials.ProcessPinner;
import org.peercred.credentials.SystemCallException;

/**
 * The processes an operator listed: process ids, and files that hold one.
 *
 * @param config where the list came from
 * @param numbers process ids
 * @param files pid files
 * @param kernel whom to ask
 */
record PidList(Config config, List<Integer> numbers, List<Path> files, Kernel kernel) {

    /** The key. */
    static final String KEY = "allow";

    private static final String FILE = "file:";

    /**
     * Whom to ask about processes.
     *
     * @param pinner pins them
     * @param daemonUid whose pid files count, besides root's
     * @param clock tells when they started
     */
    record Kernel(ProcessPinner pinner, long daemonUid, BootClock clock) {}

    /**
     * A pid file and the process it names.
     *
     * @param path the file
     * @param file what it says
     * @param pinning the process
     */
    record Entry(Path path, PidFile file, Pinning pinning) {}

    static PidList read(Config config, Kernel kernel) throws ConfigException {
        Set<Integer> numbers = new LinkedHashSet<>();
        Set<Path> files = new LinkedHashSet<>();
        for (String entry : config.list(KEY, List.of())) {
            if (entry.startsWith(FILE)) {
                files.add(Paths.absolute(config, KEY, entry, entry.substring(FILE.length())));
            } else if (entry.matches("\\d+")) {
                numbers.add(number(config, entry));
            } else {
                throw config.invalid(KEY, entry, "a process id or file:/path/of/a.pid is expected");
            }
        }
        return new PidList(config, List.copyOf(numbers), List.copyOf(files), kernel);
    }

    private static int number(Config config, String entry) throws ConfigException {
        int pid = entry.length() > 9 ? 0 : Integer.parseInt(entry);
        if (pid < 1 || pid > PidFile.MAX_PID) {
            throw config.invalid(KEY, entry, "process ids go from 1 to " + PidFile.MAX_PID);
        }
        return pid;
    }

    /** Pins the processes that are named by number, as of now. */
    List<Pinning> pinNumbers() throws UnavailableException {
        List<Pinning> pinnings = new ArrayList<>();
        Optional<FileStamp> stamp = config.path().flatMap(FileStamp::followed);
        for (int number : numbers) {
            if (config.path().isPresent() && stamp.isEmpty()) {
                pinnings.add(
                        Pinning.none(OptionalInt.of(number), config.source().file() + " is not there any more"));
                continue;
            }
            Pinning.Written written = stamp.map(
                            s -> new Pinning.Written(config.source().file(), OptionalLong.of(s.written())))
                    .orElse(Pinning.Written.NOWHERE);
            try {
                pinnings.add(Pinning.of(number, written, kernel.pinner(), kernel.clock()));
            } catch (SystemCallException e) {
                pinnings.forEach(Pinning::close);
                throw unavailable(Integer.toString(number), e);
            }
        }
        return pinnings;
    }

    /** Reads one pid file and pins the process it names. */
    Entry pinFile(Path path) throws UnavailableException {
        PidFile file = PidFile.read(path, kernel.daemonUid());
        if (file.pid().isEmpty() || file.stamp().isEmpty()) {
            return new Entry(path, file, Pinning.none(OptionalInt.empty(), file.problem()));
        }
        Pinning.Written written = new Pinning.Written(
                path.toString(), OptionalLong.of(file.stamp().get().written()));
        try {
            int pid = file.pid().getAsInt();
            return new Entry(path, file, Pinning.of(pid, written, kernel.pinner(), kernel.clock()));
        } catch (SystemCallException e) {
            throw unavailable(FILE + path, e);
        }
    }

    /** What the operator should know about a pid file; empty if there is nothing wrong with it. */
    Optional<String> note(Entry entry) {
        return entry.file().suspicious()
                ? Optional.of(config.source().file() + ": " + KEY + " = " + FILE + entry.path() + ": "
                        + entry.file().problem() + ", and grants nothing.")
                : Optional.empty();
    }

    private UnavailableException unavailable(String entry, SystemCallException e) {
        String cause = e.errno() + " from the kernel; it is tried again";
        return new UnavailableException(config.invalid(KEY, entry, cause).getMessage());
    }
}
