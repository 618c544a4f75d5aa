/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.itests;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertNotEquals;
import static org.junit.Assert.assertTrue;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.After;
import org.junit.Before;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.ops4j.pax.exam.Configuration;
import org.ops4j.pax.exam.CoreOptions;
import org.ops4j.pax.exam.Option;
import org.ops4j.pax.exam.OptionUtils;
import org.ops4j.pax.exam.junit.PaxExam;
import org.ops4j.pax.exam.spi.reactors.ExamReactorStrategy;
import org.ops4j.pax.exam.spi.reactors.PerClass;
import org.osgi.framework.Bundle;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.ServiceRegistration;

/** What people run in Karaf's web server, on the socket of the feature, each with the caller that the kernel names. */
@RunWith(PaxExam.class)
@ExamReactorStrategy(PerClass.class)
public class WebApplicationsIT extends WebKaraf {

    /** As docs/web.md says it is done. */
    private static final String JETTY_XML =
            """
            <?xml version="1.0"?>
            <!DOCTYPE Configure PUBLIC "-//Jetty//Configure//EN" "http://www.eclipse.org/jetty/configure_9_3.dtd">
            <Configure id="Server" class="org.eclipse.jetty.server.Server">
                <Call name="addBean">
                    <Arg>
                        <New class="org.eclipse.jetty.jaas.JAASLoginService">
                            <Set name="name">karaf</Set>
                            <Set name="loginModuleName">karaf</Set>
                            <Set name="roleClassNames">
                                <Array type="java.lang.String">
                                    <Item>org.apache.karaf.jaas.boot.principal.RolePrincipal</Item>
                                </Array>
                            </Set>
                        </New>
                    </Arg>
                </Call>
            </Configure>
            """;

    private static final String PASSWORD =
            "Authorization: Basic " + Base64.getEncoder().encodeToString("jo:secret".getBytes(UTF_8));

    private static final String DENIED = "Unauthorized access\n";

    private static final String THREADING = "java.lang:type=Threading/ThreadContentionMonitoringEnabled";

    private static final String EXEC = "/jolokia/exec/java.lang:type=Threading/resetPeakThreadCount";

    private static final String CXF = "cxf.version";

    private static final String ARIES = "aries.jaxrs.version";

    private static boolean installed;

    @Override
    @Configuration
    public Option[] config() {
        return OptionUtils.combine(
                super.config(),
                CoreOptions.systemProperty(CXF).value(System.getProperty(CXF)),
                CoreOptions.systemProperty(ARIES).value(System.getProperty(ARIES)));
    }

    @Before
    public void install() throws Exception {
        if (!installed) {
            EtcFile.write(etc().resolve("users.properties"), "jo = secret,viewer\n");
            EtcFile.write(etc().resolve("jetty.xml"), JETTY_XML);
            set(
                    "org.ops4j.pax.web",
                    "org.ops4j.pax.web.config.file",
                    etc().resolve("jetty.xml").toString());
            addRepository();
            console("feature:install peercred-http pax-web-war pax-web-jetty-websockets");
            installed = true;
        }
        awaitStatus(404, unix(), "/nothing");
    }

    @After
    public void restore() throws Exception {
        letOwnerIn();
        giveRole("admin", true);
        giveRole("viewer", true);
    }

    @Test
    public void jolokia_reads_for_viewers_and_writes_for_administrators() throws Exception {
        console("feature:install jolokia");
        try {
            awaitStatus(200, unix(), EXEC, PASSWORD);
            assertJolokiaAnswersByRole();
        } finally {
            // Pax Web would ask for its password wherever there is no servlet, and so for WebSockets.
            console("feature:uninstall jolokia");
        }
    }

    private void assertJolokiaAnswersByRole() throws Exception {
        ThreadMXBean threading = ManagementFactory.getThreadMXBean();
        boolean before = threading.isThreadContentionMonitoringEnabled();
        String read = "/jolokia/read/" + THREADING;
        String write = "/jolokia/write/" + THREADING + "/" + !before;
        String post =
                "{\"type\":\"exec\",\"mbean\":\"java.lang:type=Threading\",\"operation\":\"resetPeakThreadCount\"}";
        awaitStatus(401, unix(), read);
        assertTrue(answer(read), answer(read).contains("\"value\":" + before));
        assertTrue(answer(write), answer(write).contains("\"status\":200"));
        assertEquals(!before, threading.isThreadContentionMonitoringEnabled());
        threading.setThreadContentionMonitoringEnabled(before);
        assertTrue(answer(EXEC), answer(EXEC).contains("\"status\":200"));
        try (WebClient client = WebClient.connect(unix())) {
            WebClient.Reply reply = client.post("/jolokia/", post, PASSWORD);
            assertEquals(200, reply.status());
            assertTrue(reply.body(), reply.body().contains("\"status\":200"));
        }

        giveRole("admin", false);
        awaitStatus(403, unix(), EXEC, PASSWORD);
        assertTrue(answer(read), answer(read).contains("\"value\":" + before));
        for (String readable :
                List.of("/jolokia/version", "/jolokia/search/java.lang:type=*", "/jolokia/list/java.nio")) {
            assertTrue(answer(readable), answer(readable).contains("\"status\":200"));
        }
        assertEquals(DENIED, WebClient.get(unix(), write, PASSWORD).body());
        for (String path : List.of("/jolokia/", "/jolokia/read/" + THREADING)) {
            try (WebClient client = WebClient.connect(unix())) {
                WebClient.Reply reply = client.post(path, post, PASSWORD);
                assertEquals(403, reply.status());
                assertEquals(DENIED, reply.body());
            }
        }
        assertEquals(before, threading.isThreadContentionMonitoringEnabled());

        giveRole("viewer", false);
        awaitStatus(403, unix(), read, PASSWORD);
    }

    @Test
    public void the_constraints_of_a_war_count_for_the_callers_roles() throws Exception {
        Bundle war = bundleContext.installBundle("guarded.war", GuardedWar.at("/guarded"));
        war.start();
        try {
            String caller = "user=" + user() + " type=PEERCRED viewer=true reader=true auditor=false";
            awaitStatus(200, unix(), "/guarded/viewer/a");
            for (String open : List.of("/guarded/viewer/a", "/guarded/sealed/a", "/guarded/a")) {
                assertEquals(open, caller, WebClient.get(unix(), open).body());
            }
            assertEquals(403, WebClient.status(unix(), "/guarded/auditor/a"));
            assertEquals(403, WebClient.status(unix(), "/guarded/auditor/a", PASSWORD));

            assertEquals(401, WebClient.status(port(), "/guarded/viewer/a"));
            assertEquals(
                    "user=jo type=BASIC viewer=true reader=true auditor=false",
                    WebClient.get(port(), "/guarded/viewer/a", PASSWORD).body());
            assertEquals(403, WebClient.status(port(), "/guarded/auditor/a", PASSWORD));
            assertNotEquals(200, WebClient.status(port(), "/guarded/sealed/a", PASSWORD));

            try (WebClient open = WebClient.connect(unix())) {
                assertEquals(200, open.get("/guarded/viewer/a").status());
                giveRole("viewer", false);
                awaitStatus(403, unix(), "/guarded/viewer/a");
                assertEquals(403, open.get("/guarded/viewer/a").status());
                assertEquals(
                        caller.replace("true", "false"), open.get("/guarded/a").body());
            }
        } finally {
            war.uninstall();
        }
    }

    @Test
    public void events_come_one_by_one_until_their_reader_is_revoked() throws Exception {
        ServiceRegistration<?> published = publish(new Events(), "/events/*");
        awaitStatus(200, unix(), "/events/ready");
        try (WebClient reader = Events.subscribe(unix())) {
            for (String event : List.of("one", "two", "three")) {
                Events.tell(event);
                assertEquals(event + " for " + user(), Events.next(reader));
            }
            letNobodyIn();
            assertEquals("", reader.rest());
            await().atMost(PATIENCE_SECONDS, TimeUnit.SECONDS).until(() -> {
                Events.tell("late");
                return Events.subscribers() == 0;
            });
            awaitStatus(403, unix(), "/events/ready");
            assertEquals(200, WebClient.status(port(), "/events/ready"));
        } finally {
            published.unregister();
        }
    }

    @Test
    public void a_web_socket_knows_its_caller_until_that_is_revoked() throws Exception {
        ServiceRegistration<?> published = publishWebSocket(new Talk());
        try {
            await().atMost(PATIENCE_SECONDS, TimeUnit.SECONDS)
                    .ignoreExceptions()
                    .untilAsserted(
                            () -> WebSocketClient.connect(unix(), "/talk").close());
            assertEquals(user(), Talk.ENDED.poll(PATIENCE_SECONDS, TimeUnit.SECONDS));
            try (WebSocketClient caller = WebSocketClient.connect(unix(), "/talk");
                    WebSocketClient stranger = WebSocketClient.connect(port(), "/talk")) {
                for (String text : List.of("hello", "again")) {
                    caller.say(text);
                    assertEquals(user() + " said " + text, caller.hear());
                }
                letNobodyIn();
                caller.rest();
                assertEquals(user(), Talk.ENDED.poll(PATIENCE_SECONDS, TimeUnit.SECONDS));
                stranger.say("hello");
                assertEquals("nobody said hello", stranger.hear());
            }
        } finally {
            published.unregister();
        }
    }

    @Test
    public void a_request_brings_its_token_to_whoever_answers_it_and_a_web_socket_ends_it() throws Exception {
        String caller = "user=" + user() + " type=PEERCRED viewer=true realm=" + realmOfOwner();
        ServiceRegistration<?> servlet = publish(new Relay(), "/relay/*");
        ServiceRegistration<?> handshakes = bundleContext.registerService(
                "javax.servlet.ServletRequestListener",
                new Claim.Handshake(),
                FrameworkUtil.asDictionary(Map.of("osgi.http.whiteboard.listener", "true")));
        ServiceRegistration<?> socket = publishWebSocket(new Claim());
        try (Changes files = new Changes()) {
            awaitStatus(200, unix(), "/relay/who");
            files.write("org.peercred.http.cfg", "jaas.realm = karaf\n");
            for (String way : List.of("who", "forward", "include", "dispatch")) {
                await().atMost(PATIENCE_SECONDS, TimeUnit.SECONDS)
                        .untilAsserted(() -> assertEquals(
                                way,
                                caller,
                                WebClient.get(unix(), "/relay/" + way).body()));
            }
            await().atMost(PATIENCE_SECONDS, TimeUnit.SECONDS)
                    .ignoreExceptions()
                    .untilAsserted(
                            () -> WebSocketClient.connect(unix(), "/claim").close());
            try (WebSocketClient client = WebSocketClient.connect(unix(), "/claim")) {
                client.say("who am I?");
                assertEquals(user() + " was " + realmOfOwner() + " and is []", client.hear());
            }
        } finally {
            socket.unregister();
            handshakes.unregister();
            servlet.unregister();
        }
    }

    /** What Karaf's realm makes of the user who runs it. */
    private static List<String> realmOfOwner() {
        return Stream.of(user(), "admin", "manager", "viewer").sorted().toList();
    }

    @Test
    public void a_rest_resource_knows_its_caller_and_is_read_and_written_by_role() throws Exception {
        console(
                "feature:repo-add mvn:org.apache.cxf.karaf/apache-cxf/" + System.getProperty(CXF) + "/xml/features",
                "feature:repo-add mvn:org.apache.aries.jax.rs/org.apache.aries.jax.rs.features/"
                        + System.getProperty(ARIES) + "/xml",
                "feature:install aries-jax-rs-whiteboard");
        ServiceRegistration<?> published = bundleContext.registerService(
                Object.class, new CallerResource(), FrameworkUtil.asDictionary(Map.of("osgi.jaxrs.resource", true)));
        try (Changes files = new Changes()) {
            awaitStatus(200, unix(), "/caller");
            assertEquals(
                    "read by nobody admin=false viewer=false scheme=BASIC secure=false",
                    WebClient.get(port(), "/caller", PASSWORD).body());
            files.write(
                    "org.peercred.policy.http-applications.cfg",
                    "listeners = http\nrules = GET /caller = viewer; GET /caller/guarded = viewer; POST /caller = admin\n");
            awaitStatus(403, unix(), "/nothing");
            String caller = "by UserPrincipal " + user() + " admin=%s viewer=true scheme=null secure=false";
            assertEquals(
                    "read " + caller.formatted(true),
                    WebClient.get(unix(), "/caller").body());
            assertEquals(
                    "this written " + caller.formatted(true),
                    post("/caller", "this").body());

            // Whoever wants this annotation to count has to have something that looks at it, over TCP as well.
            assertEquals(
                    "read all the same",
                    WebClient.get(unix(), "/caller/guarded").body());

            giveRole("admin", false);
            await().atMost(PATIENCE_SECONDS, TimeUnit.SECONDS)
                    .untilAsserted(
                            () -> assertEquals(DENIED, post("/caller", "that").body()));
            assertEquals(
                    "read " + caller.formatted(false),
                    WebClient.get(unix(), "/caller").body());
            giveRole("viewer", false);
            awaitStatus(403, unix(), "/caller");
        } finally {
            published.unregister();
            console("feature:uninstall aries-jax-rs-whiteboard");
        }
    }

    private static WebClient.Reply post(String path, String text) throws IOException {
        try (WebClient client = WebClient.connect(unix())) {
            return client.post(path, text, "Content-Type: text/plain");
        }
    }

    private ServiceRegistration<?> publishWebSocket(Object endpoint) {
        return bundleContext.registerService(
                Object.class,
                endpoint,
                FrameworkUtil.asDictionary(Map.of("org.ops4j.pax.web.http.whiteboard.websocket", true)));
    }

    private static String answer(String path) throws IOException {
        return WebClient.get(unix(), path, PASSWORD).body();
    }
}
