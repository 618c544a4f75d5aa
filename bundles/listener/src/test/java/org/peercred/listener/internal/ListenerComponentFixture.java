/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.osgi.framework.ServiceReference;
import org.peercred.credentials.PeerCredentialProvider;
import org.peercred.credentials.internal.RealCredentials;
import org.peercred.listener.internal.audit.Audit;
import org.peercred.listener.internal.testing.Client;
import org.peercred.listener.internal.testing.FakeAccess;
import org.peercred.listener.internal.testing.LogFile;
import org.peercred.listener.internal.testing.Server;
import org.peercred.listener.internal.testing.Temporary;
import org.peercred.service.LineService;

/** The component as DS drives it. */
abstract class ListenerComponentFixture {

    final FakeAccess access = new FakeAccess();
    final PeerCredentialProvider provider = RealCredentials.provider();
    final Audit audit = new Audit();
    final EngineComponent engine = new EngineComponent(audit);
    final FakeFramework framework = new FakeFramework();
    final ServiceReference<LineService> echo = framework.reference("echo", 1);
    final ListenerComponent component = new ListenerComponent(engine);
    LogFile log;
    Path directory;
    Path path;

    @BeforeEach
    void start() throws IOException {
        log = new LogFile();
        directory = Temporary.directory();
        path = directory.resolve("socket");
        engine.activate(Map.of());
    }

    @AfterEach
    void stop() throws IOException {
        component.deactivate();
        engine.deactivate();
        audit.close();
        Temporary.delete(directory);
    }

    void activate(String... more) {
        component.activate(framework.context(), keys(more));
    }

    void all(String... more) {
        activate(more);
        component.bindAccess(access);
        component.bindProvider(provider);
        component.bindLines(echo, Server.ECHO);
    }

    void assertServes() throws IOException {
        try (Client client = Client.connect(path)) {
            assertEquals("> hello", client.ask("hello"));
        }
    }

    Map<String, ?> keys(String... more) {
        Map<String, Object> keys = new HashMap<>();
        keys.put("service.pid", "org.peercred.listener~test");
        keys.put("service.factoryPid", "org.peercred.listener");
        keys.put("felix.fileinstall.filename", "file:/etc/org.peercred.listener-test.cfg");
        keys.put("path", path.toString());
        for (int i = 0; i < more.length; i += 2) {
            keys.put(more[i], more[i + 1]);
        }
        return keys;
    }
}
