/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal.testing;

import java.io.IOException;
import java.nio.file.Path;
import java.util.function.Predicate;

/** Where systemd would hear of a service: a datagram socket of another process. Every wait is bounded. */
public final class NotifyReceiver implements AutoCloseable {

    private static final String PROGRAM =
            """
            sys.stdout.reconfigure(encoding='utf-8')
            s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
            s.bind('\\0' + path[1:] if path.startswith('@') else path)
            print('bound')
            sys.stdin.readline()
            while True:
                print(s.recv(65536).decode().replace('\\n', '|'))
            """;

    private final Python process;

    private NotifyReceiver(Python process) {
        this.process = process;
    }

    /**
     * Receives all that is sent there.
     *
     * @param address a path, or an abstract name that begins with {@code @}
     */
    public static NotifyReceiver at(String address) throws Exception {
        return deaf(address).listen();
    }

    /** Receives nothing before it is told to. */
    public static NotifyReceiver deaf(String address) throws Exception {
        Python process = Python.run(Path.of(address), PROGRAM);
        if (!"bound".equals(process.line())) {
            process.close();
            throw new IOException(address + " cannot be bound");
        }
        return new NotifyReceiver(process);
    }

    /** Begins to receive. */
    public NotifyReceiver listen() throws IOException {
        process.tell("");
        return this;
    }

    /** The next message, its lines separated by {@code |}. */
    public String next() throws Exception {
        return process.line();
    }

    /** The next message of a kind; others are passed over. */
    public String next(Predicate<String> wanted) throws Exception {
        String message = next();
        while (!wanted.test(message)) {
            message = next();
        }
        return message;
    }

    @Override
    public void close() {
        process.close();
    }
}
