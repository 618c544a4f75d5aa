/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.webui.internal.page;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import javax.servlet.http.HttpServletResponse;

/** The files of the page, read once. What is not listed here is not there, whatever a path says. Immutable. */
final class StaticFiles {

    private static final String HTML = "text/html; charset=utf-8";
    private static final String CSS = "text/css; charset=utf-8";
    private static final String SCRIPT = "text/javascript; charset=utf-8";

    private static final Map<String, String> TYPES = Map.ofEntries(
            Map.entry("index.htm", HTML),
            Map.entry("page.css", CSS),
            Map.entry("console.css", CSS),
            Map.entry("page.js", SCRIPT),
            Map.entry("server.js", SCRIPT),
            Map.entry("dom.js", SCRIPT),
            Map.entry("figures.js", SCRIPT),
            Map.entry("listeners.js", SCRIPT),
            Map.entry("connections.js", SCRIPT),
            Map.entry("decisions.js", SCRIPT),
            Map.entry("stream.js", SCRIPT),
            Map.entry("policies.js", SCRIPT),
            Map.entry("check.js", SCRIPT),
            Map.entry("rates.js", SCRIPT),
            Map.entry("chart.js", SCRIPT));

    private final Map<String, Reply> files = new TreeMap<>();

    /** Reads them all. */
    StaticFiles() {
        TYPES.forEach((name, type) -> files.put("/" + name, new Reply(HttpServletResponse.SC_OK, type, read(name))));
        files.put("/", files.get("/index.htm"));
    }

    /**
     * A file.
     *
     * @param path below the page's place
     * @return empty if there is none of that name
     */
    Optional<Reply> find(String path) {
        return Optional.ofNullable(files.get(path));
    }

    private static String read(String name) {
        try (InputStream file = StaticFiles.class.getResourceAsStream(name)) {
            if (file == null) {
                throw new IllegalStateException("the bundle has no " + name);
            }
            return new String(file.readAllBytes(), UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
