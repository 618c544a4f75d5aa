/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.itests;

import static org.awaitility.Awaitility.await;
import static org.junit.Assert.assertEquals;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.osgi.framework.Bundle;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.ServiceRegistration;

/** A Karaf as it is downloaded, with its web applications on a socket. */
public abstract class WebKaraf extends StockKaraf {

    static final int PATIENCE_SECONDS = 60;

    private static final int NOBODY = 4_000_000;

    /** The socket that the feature brings. */
    protected static SocketAddress unix() {
        return UnixDomainSocketAddress.of(socketFile());
    }

    protected static Path socketFile() {
        return Path.of(System.getProperty("karaf.data"), "http.sock");
    }

    /** The port of the web server, as it is configured now. */
    protected SocketAddress port() throws Exception {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(getHttpPort()));
    }

    protected static String user() {
        return System.getProperty("user.name");
    }

    /** Takes a role from everybody on the socket, or gives it to the user who runs Karaf, as the feature does. */
    protected static void giveRole(String role, boolean toOwner) throws Exception {
        set("org.peercred.roles~http", role, toOwner ? "owner" : "uid:" + NOBODY);
    }

    /** Denies everybody the socket, those who are connected as well. */
    protected static void letNobodyIn() throws IOException {
        EtcFile.write(
                shut(),
                """
                allow = %d
                otherwise = deny
                listeners = http
                """
                        .formatted(NOBODY));
    }

    /** Undoes {@link #letNobodyIn}. */
    protected static void letOwnerIn() throws IOException {
        Files.deleteIfExists(shut());
    }

    private static Path shut() {
        return etc().resolve("org.peercred.policy.uid-shut.cfg");
    }

    protected static void awaitStatus(int status, SocketAddress address, String path, String... headers) {
        await().atMost(PATIENCE_SECONDS, TimeUnit.SECONDS)
                .pollInterval(100, TimeUnit.MILLISECONDS)
                .untilAsserted(() -> assertEquals(status, WebClient.status(address, path, headers)));
    }

    /**
     * Offers a servlet to the web server. No signature here names a type of the web server's: JUnit looks them all up, before a test has
     * installed one.
     *
     * @param pattern which requests are for it
     */
    protected ServiceRegistration<?> publish(Object servlet, String pattern) {
        Map<String, Object> properties = new TreeMap<>();
        properties.put("osgi.http.whiteboard.servlet.name", servlet.getClass().getName());
        properties.put("osgi.http.whiteboard.servlet.pattern", pattern);
        properties.put("osgi.http.whiteboard.servlet.asyncSupported", true);
        return bundleContext.registerService("javax.servlet.Servlet", servlet, FrameworkUtil.asDictionary(properties));
    }

    protected Bundle bundle(String name) {
        return Arrays.stream(bundleContext.getBundles())
                .filter(candidate -> candidate.getSymbolicName().equals(name))
                .findFirst()
                .orElseThrow();
    }
}
