/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.shell.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.karaf.shell.api.action.Command;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.peercred.access.AccessControl;
import org.peercred.access.AuditEvent;
import org.peercred.access.AuditLog;
import org.peercred.access.ConfigurationCheck;
import org.peercred.access.DryRun;
import org.peercred.access.Finding;
import org.peercred.access.Finding.Area;
import org.peercred.access.FindingSource;
import org.peercred.access.RoleDirectory;
import org.peercred.common.inspect.Accounts;
import org.peercred.common.inspect.Services;
import org.peercred.common.testing.FakeAudit;
import org.peercred.common.testing.FakeControl;
import org.peercred.common.testing.FakeDirectory;
import org.peercred.common.testing.FakeRoles;
import org.peercred.credentials.UserDatabase;
import org.peercred.service.ListenerDirectory;
import org.peercred.shell.internal.Shell.Result;

/** {@code -o json}, held against docs/json.md. */
@Timeout(120)
class JsonOutputTest {

    private static final Pattern HEADING = Pattern.compile("## `peercred:(?<command>[a-z]+( --[a-z]+)?)`.*");
    private static final Pattern ROW = Pattern.compile("\\| `(?<key>[^`]+)` \\| (?<type>[^|]+) \\|.*");

    private final FakeDirectory directory = new FakeDirectory();
    private final FakeAudit audit = new FakeAudit();

    @TempDir
    Path home;

    private Shell shell;

    @BeforeEach
    void start() {
        shell = new Shell();
        directory.on("@");
        shell.services.add(ListenerDirectory.class, directory);
        shell.services.add(AccessControl.class, new FakeControl());
        shell.services.add(RoleDirectory.class, new FakeRoles());
        shell.services.add(UserDatabase.class, Shell.users());
        shell.services.add(AuditLog.class, audit);
        shell.services.add(
                FindingSource.class,
                () -> List.of(new Finding(Area.LISTENER, "etc/a.cfg", "Nobody reads etc/\u202ea.cfg.", "Rename it.")));
        audit.record(new AuditEvent(
                Instant.EPOCH,
                AuditEvent.Type.COMMAND,
                "echo",
                7,
                1001,
                50,
                OptionalInt.of(4242),
                "command:view",
                Optional.of("owner"),
                "it is \u001b[2J so",
                Map.of("result", "ok")));
    }

    @AfterEach
    void stop() {
        shell.close();
        assertEquals(0, shell.services.held(), "services not given back");
    }

    private Object json(String line) {
        // Options come before arguments in Karaf.
        Result result = shell.run(line.replaceFirst("^(\\S+)", "$1 -o json"));
        assertEquals(1, result.lines().size(), result.output());
        return StrictJson.read(result.lines().get(0));
    }

    @SuppressWarnings("unchecked")
    private List<Map<String, Object>> array(String line) {
        return (List<Map<String, Object>>) json(line);
    }

    /** Each key that docs/json.md names, with its type, by command. */
    private static Map<String, Map<String, String>> documented() throws Exception {
        Map<String, Map<String, String>> commands = new TreeMap<>();
        Map<String, String> keys = new TreeMap<>();
        for (String line : Files.readAllLines(Path.of("../../docs/json.md"))) {
            Matcher heading = HEADING.matcher(line);
            Matcher row = ROW.matcher(line);
            if (line.startsWith("## ")) {
                keys = new TreeMap<>();
            }
            if (heading.matches()) {
                commands.put(heading.group("command"), keys);
            } else if (row.matches()) {
                assertNull(keys.put(row.group("key"), row.group("type").strip()), line);
            }
        }
        return commands;
    }

    /** Checks that a value is as documented, and notes its keys. */
    private static void hold(Object value, String path, Map<String, String> keys, Map<String, String> seen) {
        if (value instanceof Map<?, ?> object && !String.valueOf(keys.get(path)).endsWith("by text")) {
            object.forEach((key, member) -> {
                String below = path.isEmpty() ? (String) key : path + "." + key;
                String type = keys.get(below);
                assertTrue(type != null || keys.keySet().stream().anyMatch(k -> k.startsWith(below + ".")), below);
                seen.put(below, "");
                hold(member, below, keys, seen);
            });
            return;
        }
        String type = keys.get(path);
        if (value instanceof List<?> list && !String.valueOf(type).startsWith("list of")) {
            list.forEach(element -> hold(element, path, keys, seen));
            return;
        }
        String plain = type == null ? "" : type.replace(" or null", "");
        boolean fits = value == null
                ? type != null && type.endsWith(" or null")
                : switch (plain) {
                    case "text" -> value instanceof String;
                    case "number" -> value instanceof Long;
                    case "boolean" -> value instanceof Boolean;
                    case "list of texts" -> ((List<?>) value).stream().allMatch(String.class::isInstance);
                    case "list of numbers" -> ((List<?>) value).stream().allMatch(Long.class::isInstance);
                    case "texts by text" ->
                        ((Map<?, ?>) value).values().stream().allMatch(String.class::isInstance);
                    case "lists of texts by text" -> value instanceof Map;
                    default -> false;
                };
        assertTrue(fits, path + " is " + value + ", documented as " + type);
    }

    @Test
    void the_page_names_every_command_and_every_key_with_its_type_and_no_other() throws Exception {
        Map<String, Map<String, String>> documented = documented();
        Map<String, String> lines = new TreeMap<>(Map.of(
                "audit", "",
                "check", " --uid alice --all",
                "check --file", "",
                "connections", "",
                "disconnect", " 17 99",
                "doctor", "",
                "listeners", "",
                "policies", "",
                "roles", "",
                "stats", ""));
        assertEquals(lines.keySet(), documented.keySet());
        shell.services.add(
                DryRun.class,
                path -> new FileTrialTest.Tried(
                        new ConfigurationCheck.Result(List.of("a"), List.of("b")),
                        true,
                        new AtomicInteger(),
                        FileTrialTest.rolesTried(new AtomicInteger()).roles()));
        audit.record(FakeAudit.event(AuditEvent.Type.DENIED, "echo", 2, 1002));
        lines.put("check --file", " " + Files.createFile(home.resolve("org.peercred.policy.uid-team.cfg")));
        Shell.commandClasses().stream()
                .filter(PeercredAction.class::isAssignableFrom)
                .map(type -> type.getAnnotation(Command.class))
                .forEach(command -> assertTrue(lines.containsKey(command.name()), command.name()));
        lines.forEach((command, options) -> {
            Map<String, String> seen = new TreeMap<>();
            Map<String, String> keys = documented.get(command);
            hold(json("peercred:" + command + options), "", keys, seen);
            keys.keySet().forEach(key -> assertTrue(seen.containsKey(key), command + " has no " + key));
        });
    }

    @Test
    void numbers_are_numbers_and_what_is_absent_is_null() {
        Map<String, Object> first = array("peercred:connections").get(0);
        assertEquals(4242L, first.get("pid"));
        assertEquals(125L, first.get("openSeconds"));
        assertEquals("alice", first.get("user"));
        Map<String, Object> last = array("peercred:connections").get(2);
        assertNull(last.get("pid"));
        assertNull(last.get("user"));
    }

    @Test
    void filters_count_and_nothing_is_an_empty_list() {
        assertEquals(1, array("peercred:connections --uid 1002").size());
        assertEquals(List.of(), json("peercred:connections --uid 5"));
        assertEquals(List.of(), json("peercred:audit --event denied"));
        assertEquals(1, array("peercred:listeners echo").size());
    }

    @Test
    void texts_of_others_come_back_as_they_were_and_do_nothing_on_the_way() {
        Result result = shell.run("peercred:audit -o json");
        assertTrue(result.output().matches("[ -~]*\n"), result.output());
        assertEquals("it is \u001b[2J so", array("peercred:audit").get(0).get("reason"));
        assertEquals(
                "Nobody reads etc/\u202ea.cfg.", array("peercred:doctor").get(0).get("problem"));
    }

    @Test
    void an_event_says_how_many_it_counts() {
        AuditEvent event = FakeAudit.event(AuditEvent.Type.DENIED, "echo", 8, 0);
        try (Services services = new Services(shell.services.asContext())) {
            String line =
                    Documents.line(Documents.event(new AuditLog.Entry(event, "", 17), "now", new Accounts(services)));
            assertTrue(line.endsWith(",\"count\":17}"), line);
        }
    }

    @Test
    void following_prints_an_object_a_line() throws Exception {
        CompletableFuture<Result> following =
                CompletableFuture.supplyAsync(() -> shell.run("peercred:audit --follow -o json"));
        Awaitility.await()
                .until(() -> !audit.followers.isEmpty() && !shell.output().isEmpty());
        audit.record(FakeAudit.event(AuditEvent.Type.DENIED, "echo", 9, 0));
        Awaitility.await().until(() -> shell.output().contains("\"connection\":9"));
        assertTrue(shell.interrupt());
        List<String> lines = following.get(60, TimeUnit.SECONDS).lines();
        // The command's own thread ends a little later than the line does.
        Awaitility.await().until(() -> shell.services.held() == 0);
        assertEquals("command", ((Map<?, ?>) StrictJson.read(lines.get(0))).get("event"));
        assertEquals("denied", ((Map<?, ?>) StrictJson.read(lines.get(1))).get("event"));
    }

    @Test
    void the_status_tells_yes_from_no_and_from_no_answer() {
        assertEquals(0, shell.run("peercred:check --uid alice -l echo -o json").status());
        Result denied = shell.run("peercred:check --uid 0 -l echo -o json");
        assertEquals(1, denied.status());
        assertEquals(false, ((Map<?, ?>) StrictJson.read(denied.lines().get(0))).get("allowed"));
        assertEquals(1, denied.lines().size(), denied.output());
        Result unknown = shell.run("peercred:check --uid bob -l echo -o json");
        assertEquals(2, unknown.status());
        assertEquals("{\"error\":\"There is no user named \\\"bob\\\".\"}\n", unknown.output());
        assertEquals(1, shell.run("peercred:disconnect -o json 99").status());
        assertEquals(1, shell.run("peercred:doctor -o json").status());
        shell.services.remove(ListenerDirectory.class);
        assertEquals(2, shell.run("peercred:connections -o json").status());
    }

    @Test
    void the_status_is_not_printed() {
        assertEquals(1, shell.run("peercred:check -o json --uid 0").lines().size());
        assertEquals("[]\n", shell.run("peercred:audit -n 0 -o json").output());
    }

    @Test
    void another_output_is_refused() {
        assertEquals(
                "An output is table or json, not xml.\n",
                shell.run("peercred:stats -o xml").output());
        Result both = shell.run("peercred:stats -o json --no-format");
        assertEquals("{\"error\":\"Say either --no-format or -o json: there is one output.\"}\n", both.output());
        assertEquals(2, both.status());
        assertEquals(List.of("json", "table"), shell.values("peercred:stats -o "));
    }

    @Test
    void there_are_no_colours_in_it() {
        shell.terminal(80);
        assertFalse(shell.run("peercred:audit -o json").output().contains("\u001b"));
    }
}
