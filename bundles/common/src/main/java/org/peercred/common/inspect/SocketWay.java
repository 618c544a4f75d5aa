/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.common.inspect;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.peercred.common.linux.FileStatus;
import org.peercred.service.ListenerReport;

/**
 * The way that a client's kernel goes from the root directory to a socket file: each directory must be searchable, those that
 * symbolic links lead through too, and the socket itself writable. What is seen is what this container sees, by owner, group and
 * mode; access control lists and other mount namespaces are not looked at. For one thread.
 */
public final class SocketWay {

    /** Abstract sockets are no files; they begin so in a listener's path. */
    private static final String ABSTRACT = "@";

    /** What a listener's path begins with that has not got the socket of systemd's that it asks for. */
    private static final String SYSTEMD = "systemd:";

    /** As many symbolic links as the kernel follows. */
    private static final int MOST_LINKS = 40;

    private static final Path PROTECTED_LINKS = Path.of("/proc/sys/fs/protected_symlinks");

    /**
     * A place on the way.
     *
     * @param subject its path, or what there is instead
     * @param passes whether the client gets past it
     * @param reason why, half a sentence
     */
    public record Step(String subject, boolean passes, String reason) {}

    private final FileRights rights;
    private final boolean linksAreProtected;
    private final List<Step> steps = new ArrayList<>();
    private final Deque<Path> names = new ArrayDeque<>();
    private Path at = Path.of("/");
    private int links;

    private SocketWay(FileRights rights, boolean linksAreProtected) {
        this.rights = rights;
        this.linksAreProtected = linksAreProtected;
    }

    /**
     * Walks it to where a listener should be.
     *
     * @param listener the listener
     * @param rights the client's
     * @return the steps, of which the last is the socket or the place where the way ends; at least one
     */
    public static List<Step> to(ListenerReport listener, FileRights rights) {
        List<Step> steps = new ArrayList<>(to(listener.path(), rights));
        if (!listener.listening() && steps.get(steps.size() - 1).passes()) {
            String reason = "the listener " + listener.name() + " does not listen there";
            steps.set(steps.size() - 1, new Step(steps.get(steps.size() - 1).subject(), false, reason));
        }
        return List.copyOf(steps);
    }

    /**
     * Walks it.
     *
     * @param socket the path of a listener's socket; empty if it has none
     * @param rights the client's
     * @return the steps, of which the last is the socket or the place where the way ends; at least one
     */
    public static List<Step> to(String socket, FileRights rights) {
        return to(socket, rights, areLinksProtected());
    }

    /**
     * The same, for a kernel where {@code fs.protected_symlinks} is set or not.
     *
     * @param socket as above
     * @param rights as above
     * @param linksAreProtected whether it is set
     * @return as above
     */
    public static List<Step> to(String socket, FileRights rights, boolean linksAreProtected) {
        if (socket.isEmpty()) {
            return List.of(new Step("(no socket)", false, "the listener has no socket"));
        }
        if (socket.startsWith(ABSTRACT)) {
            return List.of(new Step(socket, true, "an abstract socket is no file: every local process can reach it"));
        }
        if (socket.startsWith(SYSTEMD)) {
            return List.of(new Step(socket, false, "the listener has no such socket of systemd's"));
        }
        SocketWay way = new SocketWay(rights, linksAreProtected);
        try {
            way.walk(Path.of(socket));
        } catch (NoSuchFileException e) {
            way.end(e.getFile(), "it does not exist");
        } catch (IOException | RuntimeException e) {
            way.end(way.at.toString(), "it cannot be looked at (" + e.getClass().getSimpleName() + ")");
        }
        return List.copyOf(way.steps);
    }

    private void end(String subject, String reason) {
        steps.add(new Step(subject, false, reason));
    }

    private void walk(Path socket) throws IOException {
        push(socket);
        enter(Path.of("/"));
        while (!names.isEmpty()) {
            Path name = names.pop();
            if (name.toString().equals("..")) {
                enter(at.getParent() == null ? at : at.getParent());
                continue;
            }
            Path next = name.toString().equals(".") ? at : at.resolve(name);
            FileStatus file = FileStatus.of(next);
            if (file.isSymbolicLink()) {
                if (!follow(next, file)) {
                    return;
                }
            } else if (names.isEmpty()) {
                arrive(next, file);
            } else if (file.isDirectory()) {
                enter(next);
            } else {
                end(next.toString(), "it is no directory");
                return;
            }
        }
    }

    private void push(Path path) {
        for (int i = path.getNameCount() - 1; i >= 0; i--) {
            names.push(path.getName(i));
        }
    }

    private void enter(Path directory) throws IOException {
        at = directory;
        FileRights.Answer answer = rights.search(FileStatus.of(directory));
        steps.add(new Step(directory.toString(), answer.yes(), answer.reason()));
    }

    private void arrive(Path path, FileStatus file) {
        if (!file.isSocket()) {
            end(path.toString(), "it is no socket");
            return;
        }
        FileRights.Answer answer = rights.write(file);
        steps.add(new Step(path.toString(), answer.yes(), answer.reason()));
    }

    private boolean follow(Path link, FileStatus file) throws IOException {
        links++;
        if (links > MOST_LINKS) {
            end(link.toString(), "too many symbolic links");
            return false;
        }
        // The kernel looks only at a link that the path ends in, not at one to a directory on the way.
        if (names.isEmpty() && linksAreProtected && !rights.mayFollow(file, FileStatus.of(at))) {
            end(
                    link.toString(),
                    "a symbolic link of another user in a directory that all can write to is not followed");
            return false;
        }
        Path target = Files.readSymbolicLink(link);
        push(target);
        if (target.isAbsolute()) {
            enter(Path.of("/"));
        }
        return true;
    }

    private static boolean areLinksProtected() {
        try {
            return !Files.readString(PROTECTED_LINKS).strip().equals("0");
        } catch (IOException e) {
            // Without it in /proc, nothing is protected by it.
            return false;
        }
    }
}
