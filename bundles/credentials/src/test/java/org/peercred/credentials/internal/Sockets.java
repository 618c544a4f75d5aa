/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.credentials.internal;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import jnr.ffi.LibraryLoader;
import jnr.ffi.Memory;
import jnr.ffi.Platform;
import jnr.ffi.Pointer;
import jnr.ffi.Runtime;
import org.peercred.common.linux.Errno;

/** Raw sockets for tests: nothing between the test and the kernel but the C library. */
final class Sockets {

    private static final int AF_UNIX = 1;
    private static final int AF_INET = 2;
    private static final int SOCK_STREAM = 1;
    private static final int SOCK_CLOEXEC = 0x80000;

    private static final Calls CALLS = LibraryLoader.create(Calls.class)
            .failImmediately()
            .load(Platform.getNativePlatform().getStandardCLibraryName());
    private static final Runtime RUNTIME = Runtime.getRuntime(CALLS);

    private Sockets() {}

    /** The calls. */
    public interface Calls {
        int socket(int domain, int type, int protocol);

        int bind(int descriptor, long address, int length);

        int listen(int descriptor, int backlog);

        int connect(int descriptor, long address, int length);

        int accept4(int descriptor, long address, long length, int flags);

        int socketpair(int domain, int type, int protocol, long pair);

        int pipe(long pair);

        int poll(long descriptors, long count, int timeoutMillis);

        int dup(int descriptor);

        int close(int descriptor);

        int kill(int pid, int signal);
    }

    /** Two connected sockets, or the two ends of a pipe. */
    record Pair(int first, int second) implements AutoCloseable {
        @Override
        public void close() {
            Sockets.close(first);
            Sockets.close(second);
        }
    }

    static Pair pair() throws IOException {
        Pointer memory = Memory.allocateDirect(RUNTIME, 8, true);
        check(CALLS.socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, memory.address()), "socketpair");
        return new Pair(memory.getInt(0), memory.getInt(4));
    }

    static Pair pipe() throws IOException {
        Pointer memory = Memory.allocateDirect(RUNTIME, 8, true);
        check(CALLS.pipe(memory.address()), "pipe");
        return new Pair(memory.getInt(0), memory.getInt(4));
    }

    static int unconnected() throws IOException {
        return check(CALLS.socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0), "socket");
    }

    static int tcp() throws IOException {
        return check(CALLS.socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), "socket");
    }

    static int listen(Path path) throws IOException {
        int descriptor = unconnected();
        Pointer address = address(path);
        check(CALLS.bind(descriptor, address.address(), 110), "bind");
        check(CALLS.listen(descriptor, 64), "listen");
        return descriptor;
    }

    static int connect(Path path) throws IOException {
        int descriptor = unconnected();
        check(CALLS.connect(descriptor, address(path).address(), 110), "connect");
        return descriptor;
    }

    /** Waits for a connection, ten seconds at most. */
    static int accept(int listener) throws IOException {
        Pointer poll = Memory.allocateDirect(RUNTIME, 8, true);
        poll.putInt(0, listener);
        poll.putShort(4, (short) 1);
        if (check(CALLS.poll(poll.address(), 1, 10_000), "poll") == 0) {
            throw new IOException("Nobody connected within ten seconds.");
        }
        return check(CALLS.accept4(listener, 0, 0, SOCK_CLOEXEC), "accept4");
    }

    static int duplicate(int descriptor) throws IOException {
        return check(CALLS.dup(descriptor), "dup");
    }

    static void close(int descriptor) {
        int ignored = CALLS.close(descriptor);
    }

    /** Kills all processes of a group; one that is empty by now is no error. */
    static void killGroup(int leader) {
        int ignored = CALLS.kill(-leader, 9);
    }

    private static Pointer address(Path path) {
        byte[] bytes = path.toString().getBytes(StandardCharsets.UTF_8);
        Pointer memory = Memory.allocateDirect(RUNTIME, 110, true);
        memory.putShort(0, (short) AF_UNIX);
        memory.put(2, bytes, 0, bytes.length);
        return memory;
    }

    private static int check(int outcome, String call) throws IOException {
        if (outcome < 0) {
            throw new IOException(call + " failed: " + Errno.name(RUNTIME.getLastError()));
        }
        return outcome;
    }
}
