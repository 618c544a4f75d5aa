/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal.audit.file;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import org.peercred.common.linux.Errno;
import org.peercred.listener.internal.socket.LibC;
import org.peercred.listener.internal.socket.NativeBuffer;

/** A regular file, open for appending. Whatever fails, it is either open as it was, or closed. Not thread-safe. */
final class OpenFile {

    private static final int O_WRONLY_APPEND_NONBLOCK_CLOEXEC = 01 | 02000 | 04000 | 02000000;
    private static final int O_CREAT_EXCL = 0100 | 0200;
    private static final int MODE = 0640;
    private static final int S_IFMT = 0170000;
    private static final int S_IFREG = 0100000;
    private static final String ATTRIBUTES = "unix:dev,ino,mode,uid,size";

    private final FileCalls calls;
    private final Path path;
    private final NativeBuffer name;
    private final int descriptor;
    private final Object device;
    private final Object inode;
    private long size;

    private OpenFile(FileCalls calls, Path path) throws IOException {
        this.calls = calls;
        this.path = path;
        name = name(path);
        int created =
                calls.open(name.address(), O_WRONLY_APPEND_NONBLOCK_CLOEXEC | LibC.O_NOFOLLOW | O_CREAT_EXCL, MODE);
        boolean isNew = created >= 0;
        descriptor = isNew || lastError() != Errno.EEXIST ? created : openThere();
        if (descriptor < 0) {
            throw failure(lastError());
        }
        try {
            Map<String, Object> attributes = Files.readAttributes(link(), ATTRIBUTES);
            device = attributes.get("dev");
            inode = attributes.get("ino");
            size = (Long) attributes.get("size");
            if (!isNew) {
                check(attributes);
                endLastLine();
            }
        } catch (Throwable e) {
            calls.close(descriptor);
            throw e;
        }
    }

    /**
     * Opens it, or creates it with the mode {@code rw-r-----} less the umask, and its directory where that is missing.
     *
     * @throws IOException if that cannot be, or what is there is no regular file of this user's or root's
     */
    static OpenFile open(FileCalls calls, Path path) throws IOException {
        Path directory = path.getParent();
        if (directory != null && !Files.isDirectory(directory)) {
            Files.createDirectories(directory);
        }
        return new OpenFile(calls, path);
    }

    /** Its size, as far as is known. */
    long size() {
        return size;
    }

    /** Whether its path still leads to it. Where only a directory that may not be searched keeps that from being told, it does. Learns of it when somebody else has cut it. */
    boolean isInPlace() {
        try {
            Map<String, Object> attributes = Files.readAttributes(path, ATTRIBUTES, NOFOLLOW_LINKS);
            if (!device.equals(attributes.get("dev")) || !inode.equals(attributes.get("ino"))) {
                return false;
            }
            size = (Long) attributes.get("size");
            return true;
        } catch (AccessDeniedException e) {
            return true;
        } catch (IOException e) {
            // Gone, or so is its directory, or the disk: opening it again tells, where writing to what is left may not.
            return false;
        }
    }

    /** Appends some bytes, and returns how many: fewer where the disk is full. */
    int write(NativeBuffer bytes, int length) throws IOException {
        long count = calls.write(descriptor, bytes.address(), length);
        while (count < 0 && lastError() == Errno.EINTR) {
            count = calls.write(descriptor, bytes.address(), length);
        }
        if (count <= 0) {
            throw failure(count < 0 ? lastError() : Errno.EIO);
        }
        size += count;
        return (int) count;
    }

    /** Has the disk take what was written. */
    void sync() throws IOException {
        if (calls.fsync(descriptor) != 0) {
            throw failure(lastError());
        }
    }

    void close() {
        calls.close(descriptor);
    }

    private int openThere() {
        return calls.open(name.address(), O_WRONLY_APPEND_NONBLOCK_CLOEXEC | LibC.O_NOFOLLOW, 0);
    }

    /** Who could plant a file here could also read it. */
    private void check(Map<String, Object> attributes) throws IOException {
        if (((Integer) attributes.get("mode") & S_IFMT) != S_IFREG) {
            throw new IOException("it is no regular file");
        }
        int owner = (Integer) attributes.get("uid");
        if (owner != 0 && owner != calls.geteuid()) {
            throw new IOException("it belongs to the user " + Integer.toUnsignedString(owner));
        }
    }

    /** What a process wrote that was killed, or whose disk was full, may have no end. */
    private void endLastLine() throws IOException {
        if (size == 0) {
            return;
        }
        ByteBuffer last = ByteBuffer.allocate(1);
        try (FileChannel channel = FileChannel.open(link(), StandardOpenOption.READ)) {
            channel.read(last, size - 1);
        }
        if (last.get(0) != '\n') {
            NativeBuffer end = new NativeBuffer(1);
            end.bytes().put((byte) '\n');
            write(end, 1);
        }
    }

    private Path link() {
        return Path.of("/proc/self/fd/" + descriptor);
    }

    private static IOException failure(int errno) {
        if (errno == Errno.ELOOP) {
            return new IOException("it is a symbolic link, which is not followed");
        }
        if (errno == Errno.ENXIO) {
            return new IOException("it is no regular file");
        }
        String message = jnr.constants.platform.Errno.valueOf(errno) + " (" + Errno.name(errno) + ")";
        boolean full = errno == Errno.ENOSPC || errno == Errno.EDQUOT;
        return full ? new NoSpaceException(message) : new IOException(message);
    }

    private static int lastError() {
        return LibC.errno();
    }

    /** The path as the kernel takes it: its bytes as they are, whatever they mean as characters. */
    private static NativeBuffer name(Path path) {
        String escaped = path.toUri().getRawPath();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(escaped.length());
        for (int i = 0; i < escaped.length(); i++) {
            char c = escaped.charAt(i);
            if (c == '%') {
                bytes.write(Integer.parseInt(escaped.substring(i + 1, i + 3), 16));
                i += 2;
            } else {
                bytes.write(c);
            }
        }
        bytes.write(0);
        NativeBuffer name = new NativeBuffer(bytes.size());
        name.bytes().put(bytes.toByteArray());
        return name;
    }
}
