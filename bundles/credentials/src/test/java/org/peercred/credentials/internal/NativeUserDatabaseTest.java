/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.credentials.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.peercred.credentials.NameServiceException;
import org.peercred.credentials.UserDatabase;

@Timeout(120)
class NativeUserDatabaseTest {

    private final UserDatabase users = new NativeUserDatabase(Native.load());

    @Test
    void agrees_with_getent_on_every_user() throws Exception {
        Map<Long, String> first = new HashMap<>();
        List<String[]> entries = getent("passwd");
        assertFalse(entries.isEmpty());
        for (String[] entry : entries) {
            long uid = Long.parseLong(entry[2]);
            assertEquals(OptionalLong.of(uid), users.uid(entry[0]), entry[0]);
            first.putIfAbsent(uid, entry[0]);
        }
        for (Map.Entry<Long, String> entry : first.entrySet()) {
            assertEquals(Optional.of(entry.getValue()), users.userName(entry.getKey()));
        }
    }

    @Test
    void agrees_with_id_on_the_groups_of_every_user() throws Exception {
        Set<Long> seen = new HashSet<>();
        for (String[] entry : getent("passwd")) {
            long uid = Long.parseLong(entry[2]);
            if (seen.add(uid)) {
                UserDatabase.Membership membership = users.membership(uid).orElseThrow();
                assertEquals(Long.parseLong(entry[3]), membership.gid(), entry[0]);
                assertEquals(idsOf(entry[0]), membership.groups(), entry[0]);
            }
        }
        assertEquals(Optional.empty(), users.membership(4_000_000_000L));
        assertEquals(Optional.empty(), users.membership(0xFFFFFFFFL));
        assertEquals(Optional.empty(), users.membership(-1));
    }

    private static Set<Long> idsOf(String user) throws Exception {
        Process id = new ProcessBuilder("id", "-G", user).start();
        Set<Long> ids = new HashSet<>();
        try (BufferedReader output = id.inputReader()) {
            for (String group : output.readLine().split(" ")) {
                ids.add(Long.parseLong(group));
            }
        } finally {
            id.destroyForcibly();
            assertTrue(id.waitFor(60, TimeUnit.SECONDS));
        }
        return ids;
    }

    @Test
    void agrees_with_getent_on_every_group() throws Exception {
        Map<Long, String> first = new HashMap<>();
        List<String[]> entries = getent("group");
        assertFalse(entries.isEmpty());
        for (String[] entry : entries) {
            long gid = Long.parseLong(entry[2]);
            assertEquals(OptionalLong.of(gid), users.gid(entry[0]), entry[0]);
            first.putIfAbsent(gid, entry[0]);
        }
        for (Map.Entry<Long, String> entry : first.entrySet()) {
            assertEquals(Optional.of(entry.getValue()), users.groupName(entry.getKey()));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "nobody-of-that-name", "root\0x", "Jos\u00e9", "root:x:0", "\ud83d\ude00"})
    void a_name_that_no_service_knows_has_no_id(String name) throws Exception {
        assertEquals(OptionalLong.empty(), users.uid(name));
        assertEquals(OptionalLong.empty(), users.gid(name));
    }

    @ParameterizedTest
    @ValueSource(longs = {4_000_000_123L, 0xFFFFFFFFL, 0x100000000L, -1})
    void an_id_that_nobody_has_has_no_name(long id) throws Exception {
        assertEquals(Optional.empty(), users.userName(id));
        assertEquals(Optional.empty(), users.groupName(id));
    }

    @Test
    void knows_a_user_that_is_in_no_file_and_has_a_long_entry() throws Exception {
        Root.needed("a record for the name service of systemd");
        Path directory = Path.of("/run/userdb");
        boolean made = Files.notExists(directory);
        Files.createDirectories(directory);
        Path record = directory.resolve("peercred-test.user");
        Path link = directory.resolve("54377.user");
        Files.writeString(
                record,
                "{\"userName\":\"peercred-test\",\"uid\":54377,\"gid\":54377,\"disposition\":\"system\","
                        + "\"realName\":\"" + "long ".repeat(4_000) + "\"}");
        try {
            Files.createSymbolicLink(link, record.getFileName());
            boolean known = !getent("passwd", "peercred-test").isEmpty();
            if (!known) {
                System.out.println("Skipped: the name service of systemd is not configured here.");
            }
            Assumptions.assumeTrue(known, "the name service of systemd is not configured here");
            assertFalse(Files.readString(Path.of("/etc/passwd")).contains("peercred-test"));
            assertEquals(OptionalLong.of(54377), users.uid("peercred-test"));
            assertEquals(Optional.of("peercred-test"), users.userName(54377));
        } finally {
            Files.deleteIfExists(link);
            Files.delete(record);
            if (made) {
                Files.delete(directory);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "1, EPERM",
        "2, ENOENT",
        "3, ESRCH",
        "9, EBADF",
        "111, ECONNREFUSED",
        "5, EIO",
        "11, EAGAIN",
        "12, ENOMEM",
        "23, ENFILE",
        "24, EMFILE",
        "110, ETIMEDOUT",
        "34, ERANGE"
    })
    void an_error_is_not_taken_for_a_no(int errno, String name) {
        UserDatabase failing = answering(errno, Integer.MAX_VALUE);
        NameServiceException e = assertThrows(NameServiceException.class, () -> failing.uid("root"));
        assertEquals(
                "The name service could not be asked for \"root\": getpwnam_r failed: " + name + ".", e.getMessage());
        assertThrows(NameServiceException.class, () -> failing.gid("root"));
        assertThrows(NameServiceException.class, () -> failing.userName(0));
        assertThrows(NameServiceException.class, () -> failing.groupName(0));
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 34})
    void asks_again_when_interrupted_or_given_too_little_room(int errno) throws Exception {
        assertEquals(OptionalLong.of(0), answering(errno, 3).uid("root"));
    }

    /** The C library, but for the first so many answers of the name services, which are an error. */
    private static UserDatabase answering(int errno, int times) {
        Native system = Native.load();
        int[] left = {times};
        LibC failing = (LibC) Proxy.newProxyInstance(
                LibC.class.getClassLoader(),
                new Class<?>[] {LibC.class},
                (proxy, method, arguments) ->
                        method.getName().startsWith("getpw") || method.getName().startsWith("getgr")
                                ? left[0]-- > 0 ? errno : method.invoke(system.libc(), arguments)
                                : method.invoke(system.libc(), arguments));
        return new NativeUserDatabase(new Native(failing, system.runtime()));
    }

    private static List<String[]> getent(String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of("getent"));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).start();
        try {
            List<String[]> entries = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .map(line -> line.split(":", -1))
                    .toList();
            process.waitFor(60, TimeUnit.SECONDS);
            return entries;
        } finally {
            process.destroyForcibly();
        }
    }
}
