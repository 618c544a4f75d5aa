/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.policy.internal.pid;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.peercred.common.config.Config;
import org.peercred.common.config.ConfigException;
import org.peercred.common.config.Problems;
import org.peercred.common.linux.Ids;
import org.peercred.credentials.ProcessPinner;
import org.peercred.credentials.SystemCallException;
import org.peercred.policy.internal.config.Paths;
import org.peercred.policy.internal.config.PolicyKind;
import org.peercred.policy.internal.config.UnavailableException;

/**
 * The processes an operator listed: process ids, and files that hold one.
 *
 * @param config where the list came from
 * @param numbers process ids
 * @param files pid files
 * @param kernel whom to ask
 */
record PidList(Config config, List<Integer> numbers, List<Path> files, Kernel kernel) {

    private static final String FILE = "file:";

    /**
     * Whom to ask about processes.
     *
     * @param pinner pins them
     * @param daemonUid whose pid files count, besides root's
     * @param chronicle knows which of them their files mean
     */
    record Kernel(ProcessPinner pinner, long daemonUid, Chronicle chronicle) {}

    /**
     * A pid file and the process it names.
     *
     * @param path the file
     * @param file what it says
     * @param pinning the process
     */
    record Entry(Path path, PidFile file, Pinning pinning) {

        /** What is wrong with it, half a sentence; empty if nothing is, or there is no such file or process. */
        Optional<String> problem() {
            if (file.suspicious() || file.garbled()) {
                return Optional.of(file.problem());
            }
            return pinning.suspicious() ? Optional.of(pinning.problem()) : Optional.empty();
        }
    }

    static PidList read(Config config, Kernel kernel) throws ConfigException {
        Set<Integer> numbers = new LinkedHashSet<>();
        Set<Path> files = new LinkedHashSet<>();
        Problems problems = new Problems();
        for (String entry : PolicyKind.ALLOW.in(config)) {
            problems.check(() -> {
                if (entry.startsWith(FILE)) {
                    files.add(Paths.absolute(config, PolicyKind.ALLOW, entry, entry.substring(FILE.length())));
                } else {
                    numbers.add(number(config, entry));
                }
            });
        }
        problems.end();
        return new PidList(config, List.copyOf(numbers), List.copyOf(files), kernel);
    }

    private static int number(Config config, String entry) throws ConfigException {
        if (entry.equals("*")) {
            String everyone = "for every process write a uid policy that allows 0-" + Ids.MAX;
            throw config.invalid(PolicyKind.ALLOW, entry, "a list does not know *; " + everyone);
        }
        if (!Ids.isNumber(entry)) {
            throw config.invalid(PolicyKind.ALLOW, entry, "a process id or file:/path/of/a.pid is expected");
        }
        int pid = entry.length() > 9 ? 0 : Integer.parseInt(entry);
        if (pid < 1 || pid > PidFile.MAX_PID) {
            throw config.invalid(PolicyKind.ALLOW, entry, "process ids go from 1 to " + PidFile.MAX_PID);
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
            Optional<Pinning.Written> written = stamp.map(file ->
                    new Pinning.Written(config.source().file(), config.path().orElseThrow(), file));
            try {
                pinnings.add(Pinning.of(number, written, kernel.pinner(), kernel.chronicle()));
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
        Pinning.Written written =
                new Pinning.Written(path.toString(), path, file.stamp().get());
        try {
            int pid = file.pid().getAsInt();
            return new Entry(path, file, Pinning.of(pid, Optional.of(written), kernel.pinner(), kernel.chronicle()));
        } catch (SystemCallException e) {
            throw unavailable(FILE + path, e);
        }
    }

    /** Looks at a pid file, whether it has changed or not. */
    Optional<FileStamp> look(Path path) {
        Optional<FileStamp> stamp = FileStamp.of(path);
        kernel.chronicle().seen(path, stamp);
        return stamp;
    }

    /** What the operator should know about a pid file; empty if there is nothing wrong with it. */
    Optional<String> note(Entry entry) {
        return entry.problem().map(problem -> note(FILE + entry.path(), problem));
    }

    /** What the operator should know about a number. */
    Optional<String> note(Pinning number) {
        return number.suspicious()
                ? Optional.of(note(Integer.toString(number.pid().orElseThrow()), number.problem()))
                : Optional.empty();
    }

    private String note(String entry, String problem) {
        return config.source().file() + ": " + PolicyKind.ALLOW + " = " + entry + ": " + problem
                + ", and grants nothing.";
    }

    private UnavailableException unavailable(String entry, SystemCallException e) {
        String cause = e.errno() + " from the kernel; it is tried again";
        return new UnavailableException(
                config.invalid(PolicyKind.ALLOW, entry, cause).getMessage());
    }
}
