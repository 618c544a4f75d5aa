/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.itests;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.awaitility.Awaitility.await;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.io.IOException;
import java.net.SocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
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

/** The web applications of a Karaf as it is downloaded, over a socket. */
@RunWith(PaxExam.class)
@ExamReactorStrategy(PerMethod.class)
public class WebIT extends WebKaraf {

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
        addRepository();
        console("feature:install peercred-http");
        // What is registered while a web server comes up, Pax Web may forget.
        awaitStatus(404, unix(), "/who");
        publish(new Who(), "/who");
        awaitStatus(200, unix(), "/who");
    }

    @After
    public void uninstall() {
        console("feature:uninstall peercred-http");
        await().atMost(PATIENCE_SECONDS, TimeUnit.SECONDS).until(() -> !Files.exists(socketFile()));
    }

    @Test
    public void an_application_knows_its_caller_with_and_without_a_port_and_after_every_restart() throws Exception {
        SocketAddress unix = unix();
        SocketAddress port = port();
        String expected = "user=" + user() + " type=PEERCRED admin=true viewer=true uid=" + ownUid() + " pid="
                + ProcessHandle.current().pid();
        assertEquals(expected, WebClient.get(unix, "/who").body());
        assertEquals(
                expected,
                WebClient.get(
                                unix,
                                "/who",
                                "Authorization: Basic a2FyYWY6a2FyYWY=",
                                "X-Remote-User: stranger",
                                "X-Forwarded-For: 1.2.3.4",
                                "Forwarded: for=1.2.3.4")
                        .body());
        awaitStatus(200, port, "/who");
        assertTrue(WebClient.get(port, "/who").body().startsWith("user=null type=null admin=false"));

        Bundle bundle = bundle("org.peercred.http");
        for (int i = 0; i < 3; i++) {
            bundle.stop();
            awaitStatus(503, unix, "/who");
            assertEquals(200, WebClient.status(port, "/who"));
            bundle.start();
            awaitStatus(200, unix, "/who");
        }

        set("org.ops4j.pax.web", "org.osgi.service.http.enabled", "false");
        await().atMost(PATIENCE_SECONDS, TimeUnit.SECONDS).until(() -> WebClient.status(port, "/who") == 0);
        awaitStatus(200, unix, "/who");
        assertEquals(expected, WebClient.get(unix, "/who").body());
        set("org.ops4j.pax.web", "org.osgi.service.http.enabled", "true");
        awaitStatus(200, port, "/who");
        awaitStatus(200, unix, "/who");
    }

    @Test
    public void rules_and_roles_count_for_the_next_request() throws Exception {
        SocketAddress unix = unix();
        set("org.peercred.policy.http~applications", "rules", "GET /who = viewer");
        awaitStatus(200, unix, "/who");
        set("org.peercred.roles~http", "viewer", "uid:4000000");
        awaitStatus(403, unix, "/who");
        assertEquals("Unauthorized access\n", WebClient.get(unix, "/who").body());
        set("org.peercred.roles~http", "viewer", "owner");
        awaitStatus(200, unix, "/who");
        assertEquals(403, WebClient.status(unix, "/other"));
        assertEquals(400, WebClient.status(unix, "/who/..;/who"));
        assertEquals(400, WebClient.status(unix, "//who"));
        set("org.peercred.policy.http~applications", "rules", "GET /who");
        Path log = Path.of(System.getProperty("karaf.data"), "log", "karaf.log");
        await().atMost(PATIENCE_SECONDS, TimeUnit.SECONDS).until(() -> Files.readString(log)
                .contains("Policy http~applications goes on with its last good configuration: "
                        + "etc/org.peercred.policy.http-applications.cfg: rules = GET /who: "));
        assertEquals(200, WebClient.status(unix, "/who"));
        assertEquals(403, WebClient.status(unix, "/other"));
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
        await().atMost(PATIENCE_SECONDS, TimeUnit.SECONDS).until(() -> !Files.exists(socketFile()));
        console("feature:install peercred-http");
        // By whom does not matter: the test's servlet is gone where Karaf has refreshed its bundle with the web
        // server's.
        await().atMost(PATIENCE_SECONDS, TimeUnit.SECONDS)
                .pollInterval(100, TimeUnit.MILLISECONDS)
                .until(() -> WebClient.status(unix(), "/who") != 0);
    }

    @Test
    public void jolokia_needs_no_password_where_its_realm_takes_tokens_and_passwords_are_as_before() throws Exception {
        SocketAddress unix = unix();
        String look = "/jolokia/version";
        String change = "/jolokia/exec/java.lang:type=Memory/gc";
        Files.writeString(etc().resolve("users.properties"), "tester = secret,viewer\n");
        console("feature:install jolokia");
        awaitStatus(401, unix, look);
        assertPasswords(look);

        set("org.peercred.http", "jaas.realm", "kraf");
        Path log = Path.of(System.getProperty("karaf.data"), "log", "karaf.log");
        await().atMost(PATIENCE_SECONDS, TimeUnit.SECONDS).until(() -> Files.readString(log)
                .contains("etc/org.peercred.http.cfg: jaas.realm = kraf: there is no realm of that name. Requests carry"
                        + " no token until there is."));
        assertEquals(401, WebClient.status(unix, look));

        set("org.peercred.http", "jaas.realm", "karaf");
        awaitStatus(200, unix, look);
        assertTrue(WebClient.get(unix, look).body().contains("\"agent\""));
        assertEquals(200, WebClient.status(unix, look, authorization("nobody:nothing")));
        assertTrue(WebClient.get(unix, change).body().contains("\"status\":200"));
        assertPasswords(look);

        Bundle modules = bundle("org.apache.karaf.jaas.modules");
        modules.stop();
        awaitStatus(401, unix, look);
        modules.start();
        awaitStatus(200, unix, look);
        assertPasswords(look);

        giveRole("admin", false);
        awaitStatus(403, unix, change);
        assertEquals(200, WebClient.status(unix, look));
        set("org.peercred.http", "jaas.realm", "");
        awaitStatus(401, unix, look);
        assertPasswords(look);
        // It would keep the web server that this feature has brought.
        console("feature:uninstall jolokia");
    }

    /** That the port lets in by Karaf's users and by nothing else. */
    private void assertPasswords(String path) throws Exception {
        assertEquals(401, WebClient.status(port(), path));
        assertEquals(401, WebClient.status(port(), path, authorization("tester:wrong")));
        assertEquals(401, WebClient.status(port(), path, authorization(user() + ":secret")));
        assertEquals(200, WebClient.status(port(), path, authorization("tester:secret")));
    }

    private static String authorization(String nameAndPassword) {
        return "Authorization: Basic " + Base64.getEncoder().encodeToString(nameAndPassword.getBytes(ISO_8859_1));
    }
}
