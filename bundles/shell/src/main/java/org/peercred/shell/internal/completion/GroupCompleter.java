/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.shell.internal.completion;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.peercred.common.inspect.Services;

/** Local groups. */
@Service
public final class GroupCompleter extends Choices {

    @Override
    Map<String, String> choices(Services services) {
        Map<String, String> groups = new HashMap<>();
        NameFile.idsByName(Path.of("/etc/group")).forEach((name, id) -> groups.put(name, "gid " + id));
        return groups;
    }

    @Override
    boolean severalAllowed() {
        return true;
    }
}
