/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.shell.internal.completion;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.peercred.access.AuditLog;
import org.peercred.common.inspect.Services;
import org.peercred.service.ListenerDirectory;

/** Local users by name, and by number those who are connected or were heard of lately. */
@Service
public final class UserCompleter extends Choices {

    @Override
    Map<String, String> choices(Services services) {
        Map<String, String> users = new HashMap<>();
        services.find(AuditLog.class).stream()
                .flatMap(log -> log.latest().stream())
                .forEach(entry -> users.put(Long.toString(entry.event().uid()), "in the audit log"));
        services.find(ListenerDirectory.class).stream()
                .flatMap(directory -> directory.connections().stream())
                .forEach(connection -> users.put(Long.toString(connection.uid()), "connected"));
        NameFile.idsByName(Path.of("/etc/passwd")).forEach((name, id) -> users.put(name, "uid " + id));
        return users;
    }
}
