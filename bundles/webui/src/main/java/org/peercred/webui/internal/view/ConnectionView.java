/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.webui.internal.view;

import java.util.Map;
import org.peercred.common.inspect.Accounts;
import org.peercred.common.json.Json;
import org.peercred.service.ConnectionReport;

/** An open connection as the page is told of it. */
public final class ConnectionView {

    private ConnectionView() {}

    /**
     * What is told.
     *
     * @param connection the connection
     * @param accounts knows names
     * @return for {@link Json}
     */
    public static Map<String, Object> of(ConnectionReport connection, Accounts accounts) {
        return Json.object(
                "connection", connection.id(),
                "listener", connection.listener(),
                "uid", connection.uid(),
                "user", Names.user(connection.uid(), accounts),
                "gid", connection.gid(),
                "pid", connection.pid(),
                "openSeconds", connection.open().toSeconds(),
                "lines", connection.lines(),
                "received", connection.received(),
                "sent", connection.sent());
    }
}
