/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal.testing;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.awaitility.Awaitility;
import org.peercred.service.LineService;
import org.peercred.service.LineSession;
import org.peercred.service.PeerConnection;
import org.peercred.service.Replies;

/** A service that owes every answer until the test gives it. */
public final class DeferringService implements LineService {

    public final List<String> asked = new CopyOnWriteArrayList<>();
    public final List<Replies.Deferred> owed = new CopyOnWriteArrayList<>();

    @Override
    public LineSession open(PeerConnection connection) {
        return (line, replies) -> {
            asked.add(StandardCharsets.UTF_8.decode(line).toString());
            owed.add(replies.defer());
        };
    }

    /** Waits until so many lines have been asked. */
    public void await(int count) {
        Awaitility.await().until(() -> owed.size() >= count);
    }

    public void complete(int index, String text) {
        owed.get(index).complete(text.getBytes(StandardCharsets.UTF_8));
    }
}
