/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.peercred.common.config.ConfigException;
import org.peercred.credentials.internal.RealCredentials;
import org.peercred.listener.internal.audit.Audit;
import org.peercred.listener.internal.engine.Collaborators;
import org.peercred.listener.internal.lines.LineOffer;
import org.peercred.listener.internal.testing.FakeAccess;
import org.peercred.listener.internal.testing.Server;
import org.peercred.listener.internal.testing.Temporary;
import org.peercred.service.LineService;

/** A listener with an engine and an audit of its own, on a socket in a directory that is deleted afterwards. */
abstract class ListenerSupervisorFixture {

    final FakeAccess access = new FakeAccess();
    final Audit audit = new Audit();
    final EngineComponent engine = new EngineComponent(audit);
    final ListenerSupervisor control = new ListenerSupervisor(engine, () -> {}, List::of);
    Path directory;
    Path path;

    @BeforeEach
    void start() throws IOException {
        directory = Temporary.directory();
        path = directory.resolve("a");
        engine.activate(Map.of());
        engine.add(control);
        control.use(serving(Server.ECHO));
    }

    @AfterEach
    void stop() throws IOException {
        control.close();
        engine.deactivate();
        audit.close();
        Temporary.delete(directory);
    }

    void apply(String... keysAndValues) throws ConfigException {
        control.apply(settings(keysAndValues));
    }

    ListenerSettings settings(String... keysAndValues) throws ConfigException {
        Map<String, String> keys = new HashMap<>(Map.of("path", path.toString(), "name", "test"));
        for (int i = 0; i < keysAndValues.length; i += 2) {
            keys.put(keysAndValues[i], keysAndValues[i + 1]);
        }
        return Server.settings(keys);
    }

    static boolean exists(Path file) {
        return Files.exists(file, LinkOption.NOFOLLOW_LINKS);
    }

    static int mode(Path file) throws IOException {
        return (int) attribute(file, "mode") & 07777;
    }

    static Object attribute(Path file, String name) throws IOException {
        return Files.getAttribute(file, "unix:" + name, LinkOption.NOFOLLOW_LINKS);
    }

    /** All that a listener needs to serve whom {@link #access} lets in. */
    Collaborators serving(LineService service) {
        return new Collaborators(
                Optional.of(RealCredentials.provider()),
                Optional.of(access),
                Optional.empty(),
                List.of(new LineOffer(service)));
    }
}
