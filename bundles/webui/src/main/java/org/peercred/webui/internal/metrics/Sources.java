/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.webui.internal.metrics;

import java.util.List;
import java.util.Optional;
import org.peercred.access.AccessControl;
import org.peercred.access.FindingSource;
import org.peercred.common.inspect.Services;
import org.peercred.service.EngineStatistics;
import org.peercred.service.ListenerDirectory;

/**
 * The services that know what is shown, as they were at one moment.
 *
 * @param directory the listeners; empty while there is none
 * @param engine what the engine has measured; empty while there is none
 * @param access the policies; empty while there is none, and everybody is turned away
 * @param findings who knows of something amiss
 */
public record Sources(
        Optional<ListenerDirectory> directory,
        Optional<EngineStatistics> engine,
        Optional<AccessControl> access,
        List<FindingSource> findings) {

    /**
     * Looks them up.
     *
     * @param services finds them
     * @return those that are there now
     */
    public static Sources of(Services services) {
        return new Sources(
                services.find(ListenerDirectory.class),
                services.find(EngineStatistics.class),
                services.find(AccessControl.class),
                services.all(FindingSource.class));
    }
}
