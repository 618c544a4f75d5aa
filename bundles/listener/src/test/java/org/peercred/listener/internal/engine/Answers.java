/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal.engine;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.awaitility.Awaitility;
import org.peercred.service.LineConnection;
import org.peercred.service.LineService;
import org.peercred.service.LineSession;
import org.peercred.service.Replies;

/** A service that owes every answer until the test gives it. */
final class Answers implements LineService {

    final List<String> asked = new CopyOnWriteArrayList<>();
    final List<Replies.Deferred> owed = new CopyOnWriteArrayList<>();

    @Override
    public LineSession open(LineConnection connection) {
        return (line, replies) -> {
            asked.add(StandardCharsets.UTF_8.decode(line).toString());
            owed.add(replies.defer());
        };
    }

    /** Waits until so many lines have been asked. */
    void await(int count) {
        Awaitility.await().until(() -> owed.size() >= count);
    }

    void complete(int index, String text) {
        owed.get(index).complete(text.getBytes(StandardCharsets.UTF_8));
    }
}
