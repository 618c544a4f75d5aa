/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.credentials.internal;

/** Gives a number that a process had to another process, as happens by chance on a busy system. */
final class Recycler implements AutoCloseable {

    /** clone3(2) with set_tid names the number; it is free once the kernel has let go of its last owner. */
    private static final String RECYCLE =
            """
            wanted = (ctypes.c_int * 1)(%d)
            SIGCHLD, CLONE3, EEXIST = 17, 435, 17
            arguments = (ctypes.c_ulonglong * 10)(0, 0, 0, 0, SIGCHLD, 0, 0, 0, ctypes.addressof(wanted), 1)
            for attempt in range(1000):
                pid = libc.syscall(CLONE3, ctypes.byref(arguments), ctypes.sizeof(arguments))
                if pid == 0:
                    %s
                    while True: signal.pause()
                if pid > 0 or ctypes.get_errno() != EEXIST:
                    break
                time.sleep(0.01)
            say(pid if pid > 0 else os.strerror(ctypes.get_errno()))
            """;

    private final Client client;

    Recycler(Server server) throws Exception {
        client = new Client(server);
    }

    /** Starts a stranger under a number that is free now. */
    void recycle(int pid) throws Exception {
        recycle(pid, "pass");
    }

    /** Starts a stranger under a number that is free now, which connects to the server. May be called once. */
    void recycleAndConnect(int pid) throws Exception {
        recycle(pid, "connect()");
    }

    private void recycle(int pid, String first) throws Exception {
        String given = client.tell(RECYCLE.formatted(pid, first));
        if (!given.equals(Integer.toString(pid))) {
            throw new IllegalStateException("The kernel gave " + given + " instead of " + pid + ".");
        }
    }

    @Override
    public void close() {
        client.close();
    }
}
