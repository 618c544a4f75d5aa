/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal.socket;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.peercred.listener.internal.testing.ThisProcess;

/** A socket file is never open to more than it shall be, not even for a moment. */
@Timeout(120)
class SocketModeTest extends SocketFixture {

    @ParameterizedTest
    @ValueSource(ints = {0600, 0660, 0666, 0777, 0640, 0000})
    void gives_the_file_exactly_the_mode_asked_for(int mode) throws Exception {
        ListeningSocket socket = bind(mode(mode));
        assertEquals(mode, mode());
        socket.close();
        assertFalse(exists());
    }

    @Test
    void the_file_is_never_wider_than_asked_not_even_for_a_moment() throws Exception {
        Set<Integer> seen = watch(() -> bind(mode(0600)).close(), 300);
        assertEquals(Set.of(0600), seen);
    }

    @Test
    void the_file_is_closed_to_others_until_it_has_its_owner() throws Exception {
        ThisProcess.needsRoot("chown");
        Set<Integer> seen = watch(
                () -> bind(new Access(0660, OptionalLong.of(2001), OptionalLong.of(2002)))
                        .close(),
                300);
        assertTrue(seen.contains(0660) || seen.contains(0600), seen.toString());
        // Wider than 0600 only once it belongs to whom it shall: the watcher notes the mode of files of others only.
        assertTrue(Set.of(0600, 0660).containsAll(seen), seen.toString());
        ListeningSocket socket = bind(new Access(0660, OptionalLong.of(2001), OptionalLong.of(2002)));
        assertEquals(0660, mode());
        assertEquals(2001, attribute("uid"));
        assertEquals(2002, attribute("gid"));
        socket.close();
    }

    @Test
    void is_wide_only_when_it_has_its_owner() throws Exception {
        ThisProcess.needsRoot("chown");
        AtomicBoolean wideForRootsGroup = new AtomicBoolean();
        AtomicBoolean done = new AtomicBoolean();
        CompletableFuture<Void> watcher = CompletableFuture.runAsync(() -> {
            while (!done.get()) {
                try {
                    var all = Files.readAttributes(path, "unix:mode,gid", LinkOption.NOFOLLOW_LINKS);
                    if (((int) all.get("mode") & 077) != 0 && (int) all.get("gid") == 0) {
                        wideForRootsGroup.set(true);
                    }
                } catch (IOException e) {
                    // It is not there at the moment.
                }
            }
        });
        for (int i = 0; i < 300; i++) {
            bind(new Access(0660, OptionalLong.empty(), OptionalLong.of(2002))).close();
        }
        done.set(true);
        watcher.get(60, TimeUnit.SECONDS);
        assertFalse(wideForRootsGroup.get());
    }

    @Test
    void changes_mode_owner_and_group_in_place_and_back() throws Exception {
        ThisProcess.needsRoot("chown");
        ListeningSocket socket = bind(mode(0600));
        Object inode = attribute("ino");
        socket.apply(new Access(0660, OptionalLong.of(2001), OptionalLong.of(2002)));
        assertArrayEquals(
                new Object[] {0660, 2001, 2002, inode},
                new Object[] {mode(), attribute("uid"), attribute("gid"), attribute("ino")});
        socket.apply(mode(0640));
        assertArrayEquals(
                new Object[] {0640, 0, 0, inode},
                new Object[] {mode(), attribute("uid"), attribute("gid"), attribute("ino")});
        socket.close();
    }

    @Test
    void stays_as_it_was_when_the_owner_cannot_be_set() throws Exception {
        LibC refusing = new RefusingLibC(LIBC);
        ListeningSocket socket = ListeningSocket.bind(refusing, path, mode(0660), 10, true);
        String message = assertThrows(
                        SocketPathException.class,
                        () -> socket.apply(new Access(0640, OptionalLong.of(2001), OptionalLong.empty())))
                .getMessage();
        assertTrue(message.startsWith("owner and group of " + path + " cannot be set: "), message);
        assertEquals(0660, mode());
        socket.close();
    }

    @Test
    void leaves_nothing_behind_when_the_owner_cannot_be_set_at_first() {
        int before = ThisProcess.descriptors();
        for (int i = 0; i < 10; i++) {
            assertThrows(
                    SocketPathException.class,
                    () -> ListeningSocket.bind(
                            new RefusingLibC(LIBC),
                            path,
                            new Access(0640, OptionalLong.of(2001), OptionalLong.empty()),
                            10,
                            true));
            assertFalse(exists());
        }
        ThisProcess.awaitDescriptors(before);
    }

    private interface Binding {
        void run() throws SocketPathException;
    }

    /** Every mode that the file is seen to have while something is done many times. */
    private Set<Integer> watch(Binding binding, int times) throws Exception {
        Set<Integer> seen = new ConcurrentSkipListSet<>();
        AtomicBoolean done = new AtomicBoolean();
        CompletableFuture<Void> watcher = CompletableFuture.runAsync(() -> {
            while (!done.get()) {
                try {
                    seen.add(mode());
                } catch (IOException e) {
                    // It is not there at the moment.
                }
            }
        });
        for (int i = 0; i < times || seen.isEmpty(); i++) {
            binding.run();
        }
        done.set(true);
        watcher.get(60, TimeUnit.SECONDS);
        return seen;
    }
}
