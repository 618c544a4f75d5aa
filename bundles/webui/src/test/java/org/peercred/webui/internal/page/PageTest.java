/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.webui.internal.page;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.peercred.access.AccessControl;
import org.peercred.access.AuditEvent;
import org.peercred.access.AuditLog;
import org.peercred.access.Finding;
import org.peercred.access.FindingSource;
import org.peercred.access.RoleDirectory;
import org.peercred.common.testing.FakeAudit;
import org.peercred.common.testing.FakeControl;
import org.peercred.common.testing.FakeDirectory;
import org.peercred.common.testing.FakeRoles;
import org.peercred.credentials.UserDatabase;
import org.peercred.service.ListenerDirectory;
import org.peercred.testing.FakeUserDatabase;
import org.peercred.webui.internal.Web;

/** What the page is told, and who may do what on it. */
@Timeout(120)
class PageTest {

    private static final List<String> LOOKS =
            List.of("overview", "connections", "policies", "roles", "findings", "rates", "decisions");
    private static final String API = "/peercred/api/";
    private static final String DISCONNECT = API + "disconnect";

    private final FakeDirectory directory = new FakeDirectory();
    private final FakeAudit audit = new FakeAudit();
    private Web web;

    @BeforeEach
    void start() throws Exception {
        web = new Web();
        web.services.add(ListenerDirectory.class, directory);
        web.services.add(AccessControl.class, new FakeControl());
        web.services.add(RoleDirectory.class, new FakeRoles());
        web.services.add(AuditLog.class, audit);
        web.services.add(UserDatabase.class, new FakeUserDatabase().user("alice", 1001, 50));
    }

    @AfterEach
    void stop() throws Exception {
        web.close();
        assertEquals(0, web.services.held());
    }

    private boolean isOpen(long id) {
        return directory.connections.stream().anyMatch(connection -> connection.id() == id);
    }

    @Test
    void a_viewer_sees_everything_and_others_nothing() throws Exception {
        for (String look : LOOKS) {
            assertEquals(200, web.get(API + look).statusCode(), look);
            assertEquals(200, web.get(API + look + ".json").statusCode(), look);
        }
        assertEquals(200, web.get("/peercred/page.js").statusCode());
        for (Set<String> roles : List.of(Set.<String>of(), Set.of("admin"), Set.of("manager"))) {
            web.roles = roles;
            for (String look : LOOKS) {
                assertEquals(403, web.get(API + look).statusCode(), look);
            }
            assertEquals(403, web.get(API + "events").statusCode());
            assertEquals(403, web.get("/peercred/").statusCode());
            assertEquals(403, web.get("/peercred/page.js").statusCode());
        }
    }

    @Test
    void tells_of_listeners_connections_policies_and_roles() throws Exception {
        String overview = web.get(API + "overview").body();
        assertTrue(overview.contains("\"user\":\"alice\",\"manager\":false,\"token\":\""), overview);
        assertTrue(
                overview.contains("{\"listener\":\"echo\",\"listening\":true,\"socket\":\"/run/e.sock\","
                        + "\"requiredPolicies\":[],\"open\":2,\"allowed\":10,\"denied\":20,\"limited\":30,\"lines\":40,"
                        + "\"received\":5000,\"sent\":6000,\"requests\":0,\"problem\":\"It waits.\"}"),
                overview);
        String connections = web.get(API + "connections").body();
        assertTrue(
                connections.contains(
                        "{\"connection\":2,\"listener\":\"echo\",\"uid\":1001,\"user\":\"alice\",\"gid\":1001,"
                                + "\"pid\":4343,\"openSeconds\":180000,\"lines\":8,\"received\":800,\"sent\":8000}"),
                connections);
        assertTrue(connections.contains("\"uid\":1002,\"user\":null,\"gid\":1002,\"pid\":null,"), connections);
        String policies = web.get(API + "policies").body();
        assertTrue(
                policies.contains(
                        "{\"policy\":\"uid~ops\",\"state\":\"last-good\",\"listeners\":[\"command\",\"echo\"],"
                                + "\"actions\":[\"connect\"],\"problem\":\"etc/a.cfg: allow = x: no such user.\"}"),
                policies);
        String roles = web.get(API + "roles").body();
        assertTrue(
                roles.contains("{\"roles\":\"team\",\"state\":\"active\",\"file\":\"etc/t.cfg\","
                        + "\"listeners\":[\"echo\",\"notices\"],\"members\":{\"none\":[],\"reader\":[\"user:alice\",\"gid:50\"],"
                        + "\"writer\":[\"owner\"]},\"problem\":null}"),
                roles);
    }

    @Test
    void what_a_client_chose_cannot_be_taken_for_anything_else() throws Exception {
        audit.record(new AuditEvent(
                Instant.EPOCH,
                AuditEvent.Type.COMMAND,
                "echo",
                7,
                1001,
                50,
                OptionalInt.of(3),
                "command:<img src=x onerror=alert(1)>\"\\\n\u202e",
                Optional.empty(),
                "",
                Map.of("result", "ok")));
        HttpResponse<String> decisions = web.get(API + "decisions");
        assertTrue(
                decisions
                        .body()
                        .contains("\"action\":\"command:<img src=x onerror=alert(1)>\\\"\\\\\\\\u000a\\\\u202e\""),
                decisions.body());
        assertEquals(
                "application/json;charset=utf-8",
                decisions.headers().firstValue("Content-Type").orElseThrow().replace(" ", ""));
        assertEquals(
                "nosniff",
                decisions.headers().firstValue("X-Content-Type-Options").orElseThrow());
        String policies = web.get(API + "policies").body();
        assertTrue(policies.contains("allow = \\\\u001b[2Jy"), policies);
    }

    @Test
    void no_more_decisions_are_told_at_once_than_are_of_use() throws Exception {
        for (int i = 1; i <= 400; i++) {
            audit.record(FakeAudit.event(AuditEvent.Type.ALLOWED, "echo", i, 1001));
        }
        String decisions = web.get(API + "decisions").body();
        assertTrue(decisions.contains("\"connection\":101,"), decisions);
        assertTrue(decisions.contains("\"connection\":400,"), decisions);
        assertFalse(decisions.contains("\"connection\":100,"), decisions);
    }

    @Test
    void the_page_may_load_nothing_and_run_nothing_but_its_own_files() throws Exception {
        HttpResponse<String> page = web.get("/peercred/");
        String policy = page.headers().firstValue("Content-Security-Policy").orElseThrow();
        assertTrue(policy.startsWith("default-src 'none'; script-src 'self'; style-src 'self'; "), policy);
        assertTrue(policy.contains("frame-ancestors 'self'"), policy);
        assertFalse(policy.contains("unsafe"), policy);
        assertEquals("no-referrer", page.headers().firstValue("Referrer-Policy").orElseThrow());
        assertEquals("no-store", page.headers().firstValue("Cache-Control").orElseThrow());
        assertFalse(page.body().contains("style="), page.body());
        assertFalse(page.body().matches("(?is).*<script(?![^>]*\\bsrc=)[^>]*>.*"), page.body());
        assertFalse(page.body().matches("(?is).*\\son[a-z]+=.*"), page.body());
        assertFalse(page.body().matches("(?is).*(?:src|href)=\"[a-z]*:?//.*"), page.body());
    }

    @Test
    void there_are_no_files_but_those_of_the_page() throws Exception {
        for (String path :
                List.of("/peercred/Page.class", "/peercred/..%2fPage.class", "/peercred/none", API + "none")) {
            int status = web.get(path).statusCode();
            assertTrue(status == 404 || status == 400, path + ": " + status);
        }
    }

    @Test
    void a_manager_ends_a_connection_and_a_viewer_does_not() throws Exception {
        HttpResponse<String> refused = web.post(DISCONNECT, "id=17");
        assertEquals(403, refused.statusCode());
        assertEquals("{\"error\":\"This needs the role manager.\"}", refused.body());
        assertTrue(isOpen(17));
        web.roles = Set.of("viewer", "manager");
        assertTrue(web.get(API + "overview").body().contains("\"manager\":true"));
        HttpResponse<String> ended = web.post(DISCONNECT, "id=17");
        assertEquals(200, ended.statusCode(), ended.body());
        assertEquals("{\"ended\":17}", ended.body());
        assertFalse(isOpen(17));
        HttpResponse<String> again = web.post(DISCONNECT, "id=17");
        assertEquals(400, again.statusCode());
        assertEquals("{\"error\":\"No connection 17 is open.\"}", again.body());
        assertEquals(
                "{\"error\":\"The number of a connection is a number, not \\\"x\\\".\"}",
                web.post(DISCONNECT, "id=x").body());
    }

    @Test
    void nothing_is_done_without_the_token_of_this_very_user() throws Exception {
        web.roles = Set.of("viewer", "manager");
        assertEquals(403, web.send(web.form(DISCONNECT, "id=17")).statusCode());
        assertEquals(
                403,
                web.send(web.form(DISCONNECT, "id=17").header(Tokens.HEADER, "x"))
                        .statusCode());
        String overview = web.get(API + "overview").body();
        String token = overview.replaceFirst("(?s).*\"token\":\"([^\"]*)\".*", "$1");
        assertNotEquals(overview, token);
        web.user = "mallory";
        assertEquals(
                403,
                web.send(web.form(DISCONNECT, "id=17").header(Tokens.HEADER, token))
                        .statusCode());
        assertTrue(isOpen(17));
        web.user = "alice";
        assertEquals(
                200,
                web.send(web.form(DISCONNECT, "id=17").header(Tokens.HEADER, token))
                        .statusCode());
        assertFalse(isOpen(17));
    }

    @Test
    void pages_of_other_sites_can_do_and_read_nothing() throws Exception {
        web.roles = Set.of("viewer", "manager");
        String overview = web.get(API + "overview").body();
        String token = overview.replaceFirst("(?s).*\"token\":\"([^\"]*)\".*", "$1");
        for (Map.Entry<String, String> foreign : List.of(
                Map.entry("Sec-Fetch-Site", "cross-site"),
                Map.entry("Sec-Fetch-Site", "same-site"),
                Map.entry("Sec-Fetch-Site", "none"),
                Map.entry("Origin", "http://example.org"),
                Map.entry("Origin", "null"))) {
            HttpResponse<String> response = web.send(web.form(DISCONNECT, "id=17")
                    .header(Tokens.HEADER, token)
                    .header(foreign.getKey(), foreign.getValue()));
            assertEquals(403, response.statusCode(), foreign.toString());
            assertTrue(isOpen(17));
        }
        assertEquals(
                403,
                web.send(web.request(API + "overview").header("Sec-Fetch-Site", "cross-site"))
                        .statusCode());
        assertEquals(
                200,
                web.send(web.request(API + "overview").header("Sec-Fetch-Site", "none"))
                        .statusCode());
        assertEquals(
                200,
                web.send(web.form(DISCONNECT, "id=17")
                                .header(Tokens.HEADER, token)
                                .header("Origin", "http://" + web.authority()))
                        .statusCode());
    }

    @Test
    void a_look_changes_nothing_and_a_deed_is_no_look() throws Exception {
        web.roles = Set.of("viewer", "manager");
        assertEquals(404, web.get(DISCONNECT + "?id=17").statusCode());
        assertEquals(405, web.post(API + "overview", "").statusCode());
        assertEquals(405, web.post("/peercred/", "").statusCode());
        assertTrue(isOpen(17));
    }

    @Test
    void a_check_shows_every_verdict() throws Exception {
        HttpResponse<String> check = web.post(API + "check", "uid=alice&listener=command&action=");
        assertEquals(200, check.statusCode(), check.body());
        assertTrue(
                check.body().contains("\"peer\":{\"pid\":null,\"uid\":1001,\"user\":\"alice\",\"gid\":50,"),
                check.body());
        assertTrue(
                check.body().contains("\"listener\":\"command\",\"action\":\"connect\",\"allowed\":false"),
                check.body());
        assertTrue(
                check.body().contains("\"roles\":[\"reader\",\"writer\"],\"requiredPolicies\":[\"owner\"]"),
                check.body());
        assertTrue(check.body().contains("{\"step\":\"socket\",\"what\":\"/\",\"verdict\":\"allow\""), check.body());
        assertTrue(
                check.body().contains("{\"step\":\"connect\",\"what\":\"other\",\"verdict\":null,\"decides\":false,"),
                check.body());
        assertTrue(
                check.body().contains("{\"step\":\"connect\",\"what\":\"uid~team\",\"verdict\":\"allow\","),
                check.body());
    }

    @Test
    void what_cannot_be_checked_is_said_in_one_sentence() throws Exception {
        Map<String, String> refusals = Map.of(
                "uid=1001&listener=none", "There is no listener \\\"none\\\".",
                "uid=1001&action=eat", "An action is connect, or command:NAME, not eat.",
                "uid=nobody-here", "There is no user named \\\"nobody-here\\\".",
                "pid=0x1", "A process id is a number from 1 to 2147483647, not 0x1.",
                "", "Say who: either a process, or a user with groups where they matter.",
                "pid=1&uid=2", "Say who: either a process, or a user with groups where they matter.");
        for (Map.Entry<String, String> one : refusals.entrySet()) {
            HttpResponse<String> response = web.post(API + "check", one.getKey());
            assertEquals(400, response.statusCode(), one.getKey());
            assertEquals("{\"error\":\"" + one.getValue() + "\"}", response.body());
        }
    }

    @Test
    void what_is_missing_is_named_and_the_rest_is_shown() throws Exception {
        web.services.add(
                FindingSource.class,
                () -> List.of(new Finding(Finding.Area.CONTAINER, "LANG", "It is not set.", "Set it.")));
        web.services.remove(ListenerDirectory.class);
        HttpResponse<String> connections = web.get(API + "connections");
        assertEquals(503, connections.statusCode());
        assertTrue(connections.body().startsWith("{\"error\":\"The service ListenerDirectory is missing; "));
        assertEquals(200, web.get(API + "overview").statusCode());
        String findings = web.get(API + "findings").body();
        assertTrue(
                findings.startsWith("[{\"area\":\"container\",\"subject\":\"LANG\",\"problem\":\"It is not set.\","
                        + "\"remedy\":\"Set it.\"},"),
                findings);
        assertTrue(findings.contains("The service ListenerDirectory is missing; "), findings);
    }

    @Test
    void in_the_web_console_it_stands_in_a_frame_and_does_what_whoever_is_let_in_there_may() throws Exception {
        web.roles = Set.of();
        HttpResponse<String> frame = web.get("/system/console/peercred");
        assertEquals(200, frame.statusCode());
        assertTrue(frame.body().contains("src=\"peercred/index.htm\""), frame.body());
        HttpResponse<String> page = web.get("/system/console/peercred/index.htm");
        assertEquals(200, page.statusCode());
        assertTrue(page.headers().firstValue("Content-Security-Policy").isPresent());
        assertEquals(200, web.get("/system/console/peercred/console.css").statusCode());
        String overview = web.get("/system/console/peercred/api/overview.json").body();
        String token = overview.replaceFirst("(?s).*\"token\":\"([^\"]*)\".*", "$1");
        String disconnect = "/system/console/peercred/api/disconnect.json";
        assertEquals(403, web.send(web.form(disconnect, "id=17")).statusCode());
        assertEquals(
                200,
                web.send(web.form(disconnect, "id=17").header(Tokens.HEADER, token))
                        .statusCode());
        assertFalse(isOpen(17));
        assertEquals(501, web.get("/system/console/peercred/api/events.json").statusCode());
    }
}
