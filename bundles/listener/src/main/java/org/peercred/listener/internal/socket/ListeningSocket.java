/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal.socket;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import jnr.unixsocket.UnixServerSocketChannel;
import jnr.unixsocket.UnixSocketAddress;
import org.peercred.common.linux.Errno;
import org.peercred.common.linux.FileStatus;

/**
 * A bound, listening, non-blocking Unix domain socket and its file. The file never has a wider mode than asked: Linux creates
 * it with the descriptor's mode less the umask (<a href="https://man7.org/linux/man-pages/man7/unix.7.html">unix(7)</a>), so
 * the mode is narrowed before bind and widened only afterwards. Not thread-safe.
 */
public final class ListeningSocket implements OpenSocket {

    private static final int F_SETFD = 2;
    private static final int FD_CLOEXEC = 1;
    private static final int PRIVATE = 0600;
    private static final int UNCHANGED = -1;

    private final LibC libc;
    private final Path path;
    private final UnixServerSocketChannel channel;
    private final FileStatus file;
    private int mode;
    private int uid;
    private int gid;

    private ListeningSocket(LibC libc, Path path, UnixServerSocketChannel channel, FileStatus file) {
        this.libc = libc;
        this.path = path;
        this.channel = channel;
        this.file = file;
        this.mode = file.permissions();
        this.uid = (int) file.uid();
        this.gid = (int) file.gid();
    }

    /**
     * Binds and listens.
     *
     * @param libc the system calls
     * @param path absolute, printable ASCII, at most 107 bytes
     * @param access owner, group and mode of the file
     * @param backlog for listen(2)
     * @param removeStale whether a socket there on which nobody listens is removed
     * @return the socket
     * @throws SocketPathException if something else stands at the path, or the kernel refuses; nothing is left behind
     */
    public static ListeningSocket bind(LibC libc, Path path, Access access, int backlog, boolean removeStale)
            throws SocketPathException {
        new StaleSocket(libc).clear(path, removeStale);
        UnixServerSocketChannel channel = null;
        try {
            channel = UnixServerSocketChannel.open();
            channel.configureBlocking(false);
            int descriptor = channel.getFD();
            libc.fcntl(descriptor, F_SETFD, FD_CLOEXEC);
            if (libc.fchmod(descriptor, access.changesOwner() ? access.mode() & PRIVATE : access.mode()) != 0) {
                throw new IOException("fchmod: " + Errno.name(LibC.errno()));
            }
            channel.socket().bind(new UnixSocketAddress(path.toFile()), backlog);
            FileStatus file = SocketFiles.at(path)
                    .filter(FileStatus::isSocket)
                    .orElseThrow(() -> new SocketPathException(path + " vanished at once"));
            ListeningSocket socket = new ListeningSocket(libc, path, channel, file);
            try {
                socket.apply(access);
            } catch (SocketPathException e) {
                socket.close();
                throw e;
            }
            return socket;
        } catch (IOException e) {
            closeQuietly(channel);
            throw new SocketPathException(path + " cannot be bound: " + e.getMessage());
        } catch (SocketPathException | RuntimeException | Error e) {
            // A file that was bound already is a dead socket from now on, which the next bind recognises.
            closeQuietly(channel);
            throw e;
        }
    }

    /**
     * Looks whether it could be bound, and changes nothing. A program that listens at the path sees somebody connect and leave.
     *
     * @param libc the system calls
     * @param path absolute, printable ASCII, at most 107 bytes
     * @param removeStale whether a socket there on which nobody listens would be removed
     * @throws SocketPathException if something else stands at the path, or its directory is not there or may not be written to
     */
    public static void probe(LibC libc, Path path, boolean removeStale) throws SocketPathException {
        new StaleSocket(libc).look(path, removeStale);
        Path directory = path.getParent();
        if (!Files.isDirectory(directory)) {
            throw new SocketPathException(path + " cannot be bound: there is no directory " + directory);
        }
        if (!Files.isWritable(directory) || !Files.isExecutable(directory)) {
            throw new SocketPathException(
                    path + " cannot be bound: the user of this process may not write to the directory " + directory);
        }
    }

    @Override
    public boolean isShared() {
        return false;
    }

    /**
     * Sets owner, group and mode of the file, in an order in which nobody is let in who should not be. An owner or group that
     * is not asked for is the one that the file was born with.
     */
    @Override
    public void apply(Access access) throws SocketPathException {
        int newUid = (int) access.uid().orElse(file.uid());
        int newGid = (int) access.gid().orElse(file.gid());
        try (PinnedPath pinned = PinnedPath.open(libc, path)) {
            if (!pinned.isSameFileAs(file)) {
                throw new SocketPathException(path + " has been replaced by another file");
            }
            if (newUid != uid || newGid != gid) {
                pinned.chmod(access.mode() & PRIVATE);
                try {
                    pinned.chown(newUid == uid ? UNCHANGED : newUid, newGid == gid ? UNCHANGED : newGid);
                } catch (SocketPathException e) {
                    pinned.chmod(mode);
                    throw e;
                }
                uid = newUid;
                gid = newGid;
            }
            pinned.chmod(access.mode());
            mode = access.mode();
        }
    }

    /** The kernel caps it at net.core.somaxconn. */
    @Override
    public void backlog(int backlog) {
        libc.listen(descriptor(), backlog);
    }

    @Override
    public int descriptor() {
        return channel.getFD();
    }

    /** The file's path. */
    public Path path() {
        return path;
    }

    @Override
    public String place() {
        return path.toString();
    }

    @Override
    public boolean isFor(String wanted) {
        return path.equals(Path.of(wanted));
    }

    /** Whether the file at the path is still the one that was bound here. */
    @Override
    public boolean isInPlace() {
        try {
            Optional<FileStatus> now = SocketFiles.at(path);
            return now.isPresent() && now.get().isSameFileAs(file);
        } catch (SocketPathException e) {
            return false;
        }
    }

    /** Removes the file, if it is still ours, so that nobody connects any more. */
    @Override
    public void unlink() {
        if (isInPlace()) {
            try {
                Files.deleteIfExists(path);
            } catch (IOException e) {
                // It stays behind as a dead socket, which the next bind recognises and removes.
            }
        }
    }

    /** Removes the file, if it is still ours, and closes the socket; again, does nothing. */
    @Override
    public void close() {
        // Once it is closed, the file's inode number may be another's.
        if (channel.isOpen()) {
            unlink();
            closeQuietly(channel);
        }
    }

    private static void closeQuietly(UnixServerSocketChannel channel) {
        try {
            if (channel != null) {
                channel.close();
            }
        } catch (IOException e) {
            // The descriptor is gone either way, see close(2).
        }
    }
}
