/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.credentials.internal;

/** Gives a number that a process had to another process, as happens by chance on a busy system. */
final class Recycler implements AutoCloseable {

    private static final String RECYCLE =
            """
            for attempt in range(500):
                open('/proc/sys/kernel/ns_last_pid', 'w').write(str(%1$d - 1))
                pid = os.fork()
                if pid == 0:
                    while True: signal.pause()
                if pid == %1$d:
                    break
                os.kill(pid, 9)
                os.waitpid(pid, 0)
            say(pid)
            """;

    private final Client client;

    Recycler(Server server) throws Exception {
        client = new Client(server);
    }

    /** Starts a stranger under a number that is free now. */
    void recycle(int pid) throws Exception {
        String given = client.tell(RECYCLE.formatted(pid));
        if (!given.equals(Integer.toString(pid))) {
            throw new IllegalStateException("The kernel gave " + given + " instead of " + pid + ".");
        }
    }

    @Override
    public void close() {
        client.close();
    }
}
