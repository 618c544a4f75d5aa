/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.command.internal;

import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.peercred.access.AccessRequest;
import org.peercred.access.Decision;
import org.peercred.service.LineService;
import org.peercred.testing.FakeConnection;
import org.peercred.testing.FakePeer;
import org.peercred.testing.LineDriver;

/** A client who may run some commands. The thread that calls is the event loop, and the only one that may read facts. */
final class Client {

    final FakePeer peer;
    final FakeConnection connection;
    private final LineDriver driver;

    /** How many more events fail for want of memory. */
    int failing;

    Client(LineService service, long uid, String... commands) {
        peer = FakePeer.builder(uid)
                .gid(50)
                .groups(50, 100)
                .owner(Thread.currentThread())
                .build();
        connection = new FakeConnection(peer, "command") {
            @Override
            public void audit(String action, Decision decision, Map<String, String> details) {
                if (failing-- > 0) {
                    throw new OutOfMemoryError("a test of running out of memory");
                }
                super.audit(action, decision, details);
            }
        };
        grant(commands);
        driver = LineDriver.open(service, connection);
    }

    void grant(String... commands) {
        connection.allow(actions(commands));
    }

    void revoke(String... commands) {
        connection.deny(actions(commands));
    }

    private static String[] actions(String... commands) {
        return Arrays.stream(commands).map(AccessRequest::command).toArray(String[]::new);
    }

    String ask(String line) {
        return driver.ask(line);
    }

    CompletableFuture<String> send(String line) {
        return driver.send(line);
    }

    CompletableFuture<String> send(byte[] line) {
        return driver.send(line);
    }

    static String await(CompletableFuture<String> answer) {
        try {
            return answer.get(60, TimeUnit.SECONDS);
        } catch (InterruptedException | ExecutionException | TimeoutException e) {
            throw new AssertionError("There is no answer.", e);
        }
    }

    void disconnect() {
        driver.disconnect();
    }

    /** What was recorded, once. */
    FakeConnection.Recorded recorded() {
        return connection.takeRecorded();
    }
}
