/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal.socket;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.peercred.common.linux.Errno;
import org.peercred.common.linux.FileStatus;
import org.peercred.common.text.ForeignText;

/**
 * The sockets that systemd handed over when it started this process, as
 * <a href="https://man7.org/linux/man-pages/man3/sd_listen_fds.3.html">sd_listen_fds(3)</a> finds them. They stay open for as long as
 * the process lives: a listener gets a duplicate, and can close it and ask again, while clients wait in the kernel's queue. May be used by
 * any thread.
 */
public final class PassedSockets {

    /** What a listener's path begins with that asks for one of these; the name follows. */
    public static final String PREFIX = "systemd:";

    private static final int FIRST = 3;
    private static final int MOST = 65_536;
    private static final String UNNAMED = "unknown";

    private static final int F_SETFD = 2;
    private static final int FD_CLOEXEC = 1;
    private static final int F_GETFL = 3;
    private static final int F_SETFL = 4;
    private static final int O_NONBLOCK = 04000;
    private static final int F_DUPFD_CLOEXEC = 1030;

    /**
     * One of them.
     *
     * @param number the descriptor
     * @param name what the socket unit calls it
     * @param file what it led to when this process began to look; empty if it was closed by then
     */
    private record Passed(int number, String name, Optional<FileStatus> file) {}

    private final LibC libc;
    /** Why there are none; the empty string if there are some. */
    private final String refusal;

    private final List<Passed> all;
    /** Names of those that listeners have. */
    private final Set<String> taken = new TreeSet<>();

    private PassedSockets(LibC libc, String refusal, List<Passed> all) {
        this.libc = libc;
        this.refusal = refusal;
        this.all = all;
    }

    /**
     * Finds them, and keeps them from programs that this process starts.
     *
     * @param libc the system calls
     * @param environment the value of a variable, {@code null} for none
     * @return what there is, which may be nothing
     */
    public static PassedSockets of(LibC libc, UnaryOperator<String> environment) {
        return of(libc, environment, FIRST);
    }

    /**
     * The same where they begin at another descriptor, as in a process that others have started.
     *
     * @param libc the system calls
     * @param environment the value of a variable, {@code null} for none
     * @param first the number of the first
     * @return what there is, which may be nothing
     */
    public static PassedSockets of(LibC libc, UnaryOperator<String> environment, int first) {
        try {
            List<Passed> all = new ArrayList<>();
            for (String name : names(environment)) {
                int number = first + all.size();
                libc.fcntl(number, F_SETFD, FD_CLOEXEC);
                all.add(new Passed(number, name, file(number)));
            }
            return new PassedSockets(libc, "", all);
        } catch (SocketPathException e) {
            return new PassedSockets(libc, e.getMessage(), List.of());
        }
    }

    /** The names of all, in the order of their descriptors. */
    private static List<String> names(UnaryOperator<String> environment) throws SocketPathException {
        String count = environment.apply("LISTEN_FDS");
        if (count == null) {
            throw new SocketPathException("this process was handed no socket: LISTEN_FDS is not set");
        }
        long own = ProcessHandle.current().pid();
        String pid = environment.apply("LISTEN_PID");
        if (pid == null || number(pid, Integer.MAX_VALUE) != own) {
            throw new SocketPathException("the sockets were handed to another process: LISTEN_PID = "
                    + (pid == null ? "" : ForeignText.escape(pid)) + ", and this is process " + own);
        }
        int number = number(count, MOST);
        if (number < 0) {
            throw new SocketPathException(
                    "LISTEN_FDS = " + ForeignText.escape(count) + " is no number from 0 to " + MOST);
        }
        String written = environment.apply("LISTEN_FDNAMES");
        if (written == null) {
            return Collections.nCopies(number, UNNAMED);
        }
        List<String> names = List.of(written.split(":", -1));
        if (names.size() != number) {
            throw new SocketPathException("LISTEN_FDNAMES has " + names.size() + " names for " + number
                    + " sockets, so that it cannot be told which is which");
        }
        return names.stream().map(name -> name.isEmpty() ? UNNAMED : name).toList();
    }

    /** A number of plain digits up to a maximum; -1 if it is none. */
    private static int number(String text, int maximum) {
        if (!text.matches("[0-9]{1,10}")) {
            return -1;
        }
        long number = Long.parseLong(text);
        return number > maximum ? -1 : (int) number;
    }

    private static Optional<FileStatus> file(int descriptor) {
        try {
            return SocketFiles.behind(Path.of("/proc/self/fd/" + descriptor));
        } catch (SocketPathException e) {
            return Optional.empty();
        }
    }

    /** Whether there are any, good or bad. */
    public boolean isEmpty() {
        return all.isEmpty();
    }

    /**
     * Checks that a listener can have one.
     *
     * @param name what the socket unit calls it
     * @throws SocketPathException if there is none of that name, more than one, or one that is no listening Unix stream socket; half a
     *     sentence
     */
    public void check(String name) throws SocketPathException {
        place(find(name));
    }

    /**
     * Gives a listener one, until it is closed.
     *
     * @param name what the socket unit calls it
     * @return a duplicate, non-blocking
     * @throws SocketPathException as {@link #check}, or if another listener has it, or the kernel has no descriptor left
     */
    public PassedSocket take(String name) throws SocketPathException {
        Passed passed = find(name);
        String place = place(passed);
        synchronized (taken) {
            if (!taken.add(name)) {
                throw new SocketPathException("another listener has the socket that systemd calls " + name);
            }
        }
        int duplicate = libc.fcntl(passed.number(), F_DUPFD_CLOEXEC, FIRST);
        int flags = duplicate < 0 ? -1 : libc.fcntl(duplicate, F_GETFL, 0);
        if (flags < 0 || libc.fcntl(duplicate, F_SETFL, flags | O_NONBLOCK) != 0) {
            String errno = Errno.name(LibC.errno());
            if (duplicate >= 0) {
                libc.close(duplicate);
            }
            release(name);
            throw new SocketPathException(
                    "descriptor " + passed.number() + ", which systemd handed over, cannot be duplicated: " + errno);
        }
        return new PassedSocket(libc, duplicate, PREFIX + name, place, () -> release(name));
    }

    private void release(String name) {
        synchronized (taken) {
            taken.remove(name);
        }
    }

    private Passed find(String name) throws SocketPathException {
        if (!refusal.isEmpty()) {
            throw new SocketPathException(refusal);
        }
        List<Passed> named =
                all.stream().filter(passed -> passed.name().equals(name)).toList();
        if (named.size() == 1) {
            return named.get(0);
        }
        if (named.isEmpty()) {
            throw new SocketPathException(
                    all.isEmpty()
                            ? "this process was handed no socket: LISTEN_FDS = 0"
                            : "systemd handed over no socket of that name; there is "
                                    + all.stream()
                                            .map(passed -> ForeignText.escape(passed.name()))
                                            .distinct()
                                            .collect(Collectors.joining(", ")));
        }
        throw new SocketPathException("systemd handed over " + named.size()
                + " sockets of that name; each needs a socket unit of its own with another FileDescriptorName=");
    }

    /** Where it is, once it is known to be what a listener needs. */
    private String place(Passed passed) throws SocketPathException {
        SocketKind kind = new SocketKind(libc, passed.number());
        kind.requireListeningUnixStream();
        Optional<FileStatus> now = file(passed.number());
        if (now.isEmpty() || passed.file().filter(now.get()::isSameFileAs).isEmpty()) {
            // Some other listener's by now, perhaps: its clients would be let in by this one's policies.
            throw new SocketPathException("descriptor " + passed.number()
                    + ", which systemd handed over, was closed and is another file's by now");
        }
        return kind.place();
    }
}
