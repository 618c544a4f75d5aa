/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.itests;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.awaitility.Awaitility.await;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import javax.servlet.Servlet;
import javax.servlet.http.HttpServlet;
import javax.servlet.http.HttpServletRequest;
import javax.servlet.http.HttpServletResponse;
import org.junit.After;
import org.junit.Before;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.ops4j.pax.exam.junit.PaxExam;
import org.ops4j.pax.exam.spi.reactors.ExamReactorStrategy;
import org.ops4j.pax.exam.spi.reactors.PerMethod;
import org.osgi.framework.Bundle;
import org.osgi.framework.FrameworkUtil;

/** The web applications of a Karaf as it is downloaded, over a socket. */
@RunWith(PaxExam.class)
@ExamReactorStrategy(PerMethod.class)
public class WebIT extends StockKaraf {

    private static final int PATIENCE_SECONDS = 60;

    private Path socket;
    private SocketAddress port;

    /** Says who is calling, as an application of anybody's would. */
    private static final class Who extends HttpServlet {

        private static final long serialVersionUID = 1L;

        @Override
        protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
            response.getWriter()
                    .print("user=" + request.getRemoteUser() + " type=" + request.getAuthType() + " admin="
                            + request.isUserInRole("admin") + " viewer=" + request.isUserInRole("viewer") + " uid="
                            + request.getAttribute("org.peercred.uid") + " pid="
                            + request.getAttribute("org.peercred.pid"));
        }
    }

    @Before
    public void install() throws Exception {
        port = new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(getHttpPort()));
        socket = Path.of(System.getProperty("karaf.data"), "http.sock");
        addRepository();
        console("feature:install peercred-http");
        // What is registered while a web server comes up, Pax Web may forget.
        awaitStatus(UnixDomainSocketAddress.of(socket), 404);
        bundleContext.registerService(
                Servlet.class,
                new Who(),
                FrameworkUtil.asDictionary(Map.of("osgi.http.whiteboard.servlet.pattern", "/who")));
        awaitStatus(UnixDomainSocketAddress.of(socket), 200);
    }

    @After
    public void uninstall() {
        console("feature:uninstall peercred-http");
        await().atMost(PATIENCE_SECONDS, TimeUnit.SECONDS).until(() -> !Files.exists(socket));
    }

    @Test
    public void an_application_knows_its_caller_with_and_without_a_port_and_after_every_restart() throws Exception {
        SocketAddress unix = UnixDomainSocketAddress.of(socket);
        String expected = "user=" + System.getProperty("user.name") + " type=PEERCRED admin=true viewer=true uid="
                + ownUid() + " pid=" + ProcessHandle.current().pid();
        assertEquals(expected, body(get(unix, "/who")));
        assertEquals(
                expected,
                body(get(
                        unix,
                        "/who",
                        "Authorization: Basic a2FyYWY6a2FyYWY=",
                        "X-Remote-User: stranger",
                        "X-Forwarded-For: 1.2.3.4",
                        "Forwarded: for=1.2.3.4")));
        awaitStatus(port, 200);
        assertTrue(body(get(port, "/who")).startsWith("user=null type=null admin=false"));

        Bundle bundle = bundle("org.peercred.http");
        for (int i = 0; i < 3; i++) {
            bundle.stop();
            awaitStatus(unix, 503);
            assertEquals(200, status(get(port, "/who")));
            bundle.start();
            awaitStatus(unix, 200);
        }

        set("org.ops4j.pax.web", "org.osgi.service.http.enabled", "false");
        await().atMost(PATIENCE_SECONDS, TimeUnit.SECONDS).until(() -> status(getOrNothing(port, "/who")) == 0);
        awaitStatus(unix, 200);
        assertEquals(expected, body(get(unix, "/who")));
        set("org.ops4j.pax.web", "org.osgi.service.http.enabled", "true");
        awaitStatus(port, 200);
        awaitStatus(unix, 200);
    }

    @Test
    public void rules_and_roles_count_for_the_next_request() throws Exception {
        SocketAddress unix = UnixDomainSocketAddress.of(socket);
        set("org.peercred.policy.http~applications", "rules", "GET /who = viewer");
        awaitStatus(unix, 200);
        set("org.peercred.roles~http", "viewer", "uid:4000000");
        awaitStatus(unix, 403);
        assertEquals("Unauthorized access\n", body(get(unix, "/who")));
        set("org.peercred.roles~http", "viewer", "owner");
        awaitStatus(unix, 200);
        assertEquals(403, status(get(unix, "/other")));
        assertEquals(400, status(get(unix, "/who/..;/who")));
        assertEquals(400, status(get(unix, "//who")));
        set("org.peercred.policy.http~applications", "rules", "GET /who");
        Path log = Path.of(System.getProperty("karaf.data"), "log", "karaf.log");
        await().atMost(PATIENCE_SECONDS, TimeUnit.SECONDS).until(() -> Files.readString(log)
                .contains("Policy http~applications goes on with its last good configuration: "
                        + "etc/org.peercred.policy.http-applications.cfg: rules = GET /who: "));
        assertEquals(200, status(get(unix, "/who")));
        assertEquals(403, status(get(unix, "/other")));
    }

    @Test
    public void the_feature_brings_its_files_and_a_second_installation_finds_them() throws Exception {
        assertEquals(
                new TreeSet<>(List.of(
                        "org.peercred.listener-http.cfg",
                        "org.peercred.policy.http-applications.cfg",
                        "org.peercred.policy.owner.cfg",
                        "org.peercred.policy.superuser.cfg",
                        "org.peercred.roles-http.cfg")),
                new TreeSet<>(ourFiles()));
        console("feature:uninstall peercred-http");
        await().atMost(PATIENCE_SECONDS, TimeUnit.SECONDS).until(() -> !Files.exists(socket));
        console("feature:install peercred-http");
        // By whom does not matter: the test's servlet is gone where Karaf has refreshed its bundle with the web
        // server's.
        await().atMost(PATIENCE_SECONDS, TimeUnit.SECONDS)
                .pollInterval(100, TimeUnit.MILLISECONDS)
                .until(() -> status(getOrNothing(UnixDomainSocketAddress.of(socket), "/who")) != 0);
    }

    @Test
    public void jolokia_needs_no_password_where_its_realm_takes_tokens_and_passwords_are_as_before() throws Exception {
        SocketAddress unix = UnixDomainSocketAddress.of(socket);
        String look = "/jolokia/version";
        String change = "/jolokia/exec/java.lang:type=Memory/gc";
        Files.writeString(etc().resolve("users.properties"), "tester = secret,viewer\n");
        console("feature:install jolokia");
        awaitStatus(unix, look, 401);
        assertPasswords(look);

        set("org.peercred.http", "jaas.realm", "kraf");
        Path log = Path.of(System.getProperty("karaf.data"), "log", "karaf.log");
        await().atMost(PATIENCE_SECONDS, TimeUnit.SECONDS).until(() -> Files.readString(log)
                .contains("etc/org.peercred.http.cfg: jaas.realm = kraf: there is no realm of that name. Requests carry"
                        + " no token until there is."));
        assertEquals(401, status(get(unix, look)));

        set("org.peercred.http", "jaas.realm", "karaf");
        awaitStatus(unix, look, 200);
        assertTrue(body(get(unix, look)).contains("\"agent\""));
        assertEquals(200, status(get(unix, look, authorization("nobody:nothing"))));
        assertTrue(body(get(unix, change)).contains("\"status\":200"));
        assertPasswords(look);

        Bundle modules = bundle("org.apache.karaf.jaas.modules");
        modules.stop();
        awaitStatus(unix, look, 401);
        modules.start();
        awaitStatus(unix, look, 200);
        assertPasswords(look);

        set("org.peercred.roles~http", "admin", "uid:4000000");
        awaitStatus(unix, change, 403);
        assertEquals(200, status(get(unix, look)));
        set("org.peercred.http", "jaas.realm", "");
        awaitStatus(unix, look, 401);
        assertPasswords(look);
        // It would keep the web server that this feature has brought.
        console("feature:uninstall jolokia");
    }

    /** That the port lets in by Karaf's users and by nothing else. */
    private void assertPasswords(String path) throws IOException {
        assertEquals(401, status(get(port, path)));
        assertEquals(401, status(get(port, path, authorization("tester:wrong"))));
        assertEquals(401, status(get(port, path, authorization(System.getProperty("user.name") + ":secret"))));
        assertEquals(200, status(get(port, path, authorization("tester:secret"))));
    }

    private static String authorization(String nameAndPassword) {
        return "Authorization: Basic " + Base64.getEncoder().encodeToString(nameAndPassword.getBytes(ISO_8859_1));
    }

    private Bundle bundle(String name) {
        return Arrays.stream(bundleContext.getBundles())
                .filter(candidate -> candidate.getSymbolicName().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private void set(String pid, String key, String value) {
        console("config:edit \"" + pid + "\"", "config:property-set " + key + " \"" + value + "\"", "config:update");
    }

    private static void awaitStatus(SocketAddress address, int status) {
        awaitStatus(address, "/who", status);
    }

    private static void awaitStatus(SocketAddress address, String path, int status) {
        await().atMost(PATIENCE_SECONDS, TimeUnit.SECONDS)
                .pollInterval(100, TimeUnit.MILLISECONDS)
                .untilAsserted(() -> assertEquals(status, status(getOrNothing(address, path))));
    }

    private static int status(String response) {
        return response.startsWith("HTTP/1.1 ") ? Integer.parseInt(response.substring(9, 12)) : 0;
    }

    private static String body(String response) {
        return response.substring(response.indexOf("\r\n\r\n") + 4);
    }

    private static String getOrNothing(SocketAddress address, String path) {
        try {
            return get(address, path);
        } catch (IOException e) {
            return "";
        }
    }

    /** One request on a connection of its own, and all that comes back. */
    private static String get(SocketAddress address, String path, String... headers) throws IOException {
        boolean unix = address instanceof UnixDomainSocketAddress;
        try (SocketChannel channel = unix ? SocketChannel.open(StandardProtocolFamily.UNIX) : SocketChannel.open()) {
            channel.connect(address);
            StringBuilder request =
                    new StringBuilder("GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n");
            for (String header : headers) {
                request.append(header).append("\r\n");
            }
            channel.write(ByteBuffer.wrap(request.append("\r\n").toString().getBytes(ISO_8859_1)));
            ByteArrayOutputStream all = new ByteArrayOutputStream();
            ByteBuffer some = ByteBuffer.allocate(65536);
            while (channel.read(some) >= 0) {
                all.write(some.array(), 0, some.position());
                some.clear();
            }
            return all.toString(ISO_8859_1);
        }
    }
}
