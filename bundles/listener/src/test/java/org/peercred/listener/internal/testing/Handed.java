/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal.testing;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import jnr.ffi.LibraryLoader;
import org.peercred.listener.internal.socket.Access;
import org.peercred.listener.internal.socket.LibC;
import org.peercred.listener.internal.socket.ListeningSocket;
import org.peercred.listener.internal.socket.NativeBuffer;
import org.peercred.listener.internal.socket.SocketPathException;

/** Descriptors that this process was handed, one number after the other, and the environment that tells of them. */
public final class Handed implements AutoCloseable {

    /** Where the first is: the real place, 3, is taken in a process that runs tests. */
    public static final int FIRST = 900;

    private static final int F_DUPFD = 0;
    private static final int F_SETFL = 4;
    private static final int AF_UNIX = 1;
    private static final int SOCK_STREAM = 1;

    /** What the engine itself has no use for. */
    public interface Bind {
        int bind(int socket, long address, int length);
    }

    private static final Bind BIND = LibraryLoader.create(Bind.class).load("c");

    private final LibC libc = Server.LIBC;
    private final List<Integer> numbers = new ArrayList<>();
    private final List<String> names = new ArrayList<>();
    private final List<ListeningSocket> sockets = new ArrayList<>();

    /** A socket that systemd made at a path, and calls so. */
    public Handed listening(String name, Path path) throws SocketPathException {
        Access access = new Access(0666, OptionalLong.empty(), OptionalLong.empty());
        ListeningSocket socket = ListeningSocket.bind(libc, path, access, 4096, false);
        sockets.add(socket);
        // As systemd hands them over.
        libc.fcntl(socket.descriptor(), F_SETFL, 0);
        return give(name, libc.fcntl(socket.descriptor(), F_DUPFD, FIRST + numbers.size()));
    }

    /** A socket with an abstract name. */
    public Handed listeningAbstract(String name, String abstractName) throws IOException {
        int descriptor = libc.socket(AF_UNIX, SOCK_STREAM, 0);
        NativeBuffer address = new NativeBuffer(3 + abstractName.length());
        address.bytes().putShort(0, (short) AF_UNIX);
        for (int i = 0; i < abstractName.length(); i++) {
            address.bytes().put(3 + i, (byte) abstractName.charAt(i));
        }
        if (BIND.bind(descriptor, address.address(), address.capacity()) != 0 || libc.listen(descriptor, 5) != 0) {
            throw new IOException(LibC.nameOf(LibC.errno()));
        }
        return moved(name, descriptor);
    }

    /** Any socket. */
    public Handed socket(String name, int domain, int type) {
        return moved(name, libc.socket(domain, type, 0));
    }

    /** A file. */
    public Handed file(String name, Path path) {
        return moved(name, libc.open(path.toString(), 0, 0));
    }

    private Handed moved(String name, int descriptor) {
        int number = libc.fcntl(descriptor, F_DUPFD, FIRST + numbers.size());
        libc.close(descriptor);
        return give(name, number);
    }

    private Handed give(String name, int number) {
        if (number != FIRST + numbers.size()) {
            throw new AssertionError("descriptor " + (FIRST + numbers.size()) + " cannot be had: " + number);
        }
        numbers.add(number);
        names.add(name);
        return this;
    }

    /** Closes one behind the back of whoever uses it. */
    public Handed lose(int which) {
        libc.close(numbers.get(which));
        return this;
    }

    /** Puts one in the place of another, or in that of one that was closed. */
    public void replace(int which, int by) {
        lose(which);
        int number = libc.fcntl(numbers.get(by), F_DUPFD, numbers.get(which));
        if (number != numbers.get(which)) {
            throw new AssertionError(number + " in place of " + numbers.get(which));
        }
    }

    /** What systemd says of them. */
    public Map<String, String> environment() {
        Map<String, String> environment = new HashMap<>();
        environment.put("LISTEN_PID", String.valueOf(ProcessHandle.current().pid()));
        environment.put("LISTEN_FDS", String.valueOf(numbers.size()));
        environment.put("LISTEN_FDNAMES", String.join(":", names));
        return environment;
    }

    @Override
    public void close() {
        numbers.forEach(libc::close);
        sockets.forEach(ListeningSocket::close);
    }
}
