/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.command.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class LanesTest {

    private static final class Command extends Lanes.Place<Command> {
        final int uid;

        Command(int uid) {
            this.uid = uid;
        }
    }

    @Test
    void whatever_happens_nobody_exceeds_a_limit_and_nobody_waits_for_free_room() {
        Random random = new Random(5);
        for (int round = 0; round < 300; round++) {
            Lanes<Command> lanes = new Lanes<>(3, 2);
            List<Command> running = new ArrayList<>();
            List<Command> waiting = new ArrayList<>();
            for (int step = 0; step < 200; step++) {
                switch (random.nextInt(5)) {
                    case 0, 1 -> {
                        Command command = new Command(random.nextInt(4));
                        Lanes.Entry entry = lanes.enter(command.uid, command);
                        (entry == Lanes.Entry.START ? running : waiting).add(command);
                    }
                    case 2 -> leave(lanes, waiting, random);
                    case 3 -> undo(lanes, running, waiting, random);
                    default -> next(lanes, running, waiting, random);
                }
                check(lanes, running, waiting);
            }
            while (!running.isEmpty()) {
                next(lanes, running, waiting, random);
            }
            while (!waiting.isEmpty()) {
                leave(lanes, waiting, random);
            }
            assertEquals(0, lanes.users());
        }
    }

    private static void leave(Lanes<Command> lanes, List<Command> waiting, Random random) {
        if (!waiting.isEmpty()) {
            Command command = waiting.remove(random.nextInt(waiting.size()));
            assertTrue(lanes.leave(command));
            assertFalse(lanes.leave(command));
        }
    }

    /** One that did not start makes room as well. */
    private static void undo(Lanes<Command> lanes, List<Command> running, List<Command> waiting, Random random) {
        if (!running.isEmpty()) {
            Command command = running.get(random.nextInt(running.size()));
            if (lanes.undo(command)) {
                running.remove(command);
                assertFalse(lanes.undo(command));
                assertFalse(lanes.begin(command));
                given(lanes.vacant(), running, waiting);
            }
        }
    }

    private static void next(Lanes<Command> lanes, List<Command> running, List<Command> waiting, Random random) {
        if (running.isEmpty()) {
            return;
        }
        Command ended = running.remove(random.nextInt(running.size()));
        Command next = lanes.next(ended);
        given(next, running, waiting);
        if (next != null) {
            lanes.begin(next);
        }
    }

    private static void given(Command next, List<Command> running, List<Command> waiting) {
        if (next == null) {
            assertFalse(waiting.stream().anyMatch(command -> mayRun(running, command.uid)));
            return;
        }
        assertEquals(waiting.stream().filter(w -> w.uid == next.uid).findFirst().orElseThrow(), next);
        waiting.remove(next);
        running.add(next);
        assertTrue(next.hasWaited());
    }

    private static boolean mayRun(List<Command> running, int uid) {
        return running.size() < 3 && running.stream().filter(r -> r.uid == uid).count() < 2;
    }

    private static void check(Lanes<Command> lanes, List<Command> running, List<Command> waiting) {
        assertTrue(running.size() <= 3);
        List<Integer> users = new ArrayList<>();
        running.forEach(command -> users.add(command.uid));
        waiting.forEach(command -> users.add(command.uid));
        assertEquals(users.stream().distinct().count(), lanes.users());
        for (int uid : users) {
            assertTrue(running.stream().filter(r -> r.uid == uid).count() <= 2);
        }
    }

    @Test
    void closed_lanes_take_nobody_and_give_out_who_waits() {
        Lanes<Command> lanes = new Lanes<>(1, 1);
        Command first = new Command(1);
        Command second = new Command(1);
        Command third = new Command(2);
        assertEquals(Lanes.Entry.START, lanes.enter(1, first));
        assertEquals(Lanes.Entry.WAIT, lanes.enter(1, second));
        assertEquals(Lanes.Entry.WAIT, lanes.enter(2, third));
        lanes.close();
        assertEquals(Lanes.Entry.CLOSED, lanes.enter(3, new Command(3)));
        assertEquals(second, lanes.drain());
        assertEquals(third, lanes.drain());
        assertNull(lanes.drain());
        assertNull(lanes.next(first));
        assertEquals(0, lanes.users());
    }
}
