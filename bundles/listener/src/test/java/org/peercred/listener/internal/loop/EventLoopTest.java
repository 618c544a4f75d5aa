/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal.loop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.peercred.listener.internal.testing.Client;
import org.peercred.listener.internal.testing.Server;
import org.peercred.listener.internal.testing.ThisProcess;

@Timeout(120)
class EventLoopTest {

    private static final int NONBLOCK_CLOEXEC = 0x80800;

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void runs_tasks_of_other_threads_at_once_and_in_order(boolean spin) throws Exception {
        try (Loop loop = new Loop()) {
            loop.loop.spin(spin);
            List<Integer> ran = new CopyOnWriteArrayList<>();
            for (int i = 0; i < 200; i++) {
                int number = i;
                CompletableFuture<String> done = new CompletableFuture<>();
                loop.loop.execute(() -> {
                    ran.add(number);
                    done.complete(Thread.currentThread().getName());
                });
                assertEquals("alone", done.get(60, TimeUnit.SECONDS));
            }
            for (int i = 0; i < 200; i++) {
                assertEquals(i, ran.get(i));
            }
        }
    }

    @Test
    void sleeps_when_there_is_nothing_to_do() throws Exception {
        try (Loop loop = new Loop()) {
            loop.loop.spin(true);
            loop.run(() -> {});
            long cpu = ThisProcess.cpuNanos("alone");
            AtomicBoolean never = new AtomicBoolean();
            Awaitility.await().during(500, TimeUnit.MILLISECONDS).until(() -> !never.get());
            assertTrue(ThisProcess.cpuNanos("alone") - cpu < TimeUnit.MILLISECONDS.toNanos(20));
        }
    }

    @Test
    void goes_on_after_tasks_that_throw_anything() throws Exception {
        try (Loop loop = new Loop()) {
            loop.loop.execute(() -> {
                throw new IllegalStateException("broken");
            });
            loop.loop.execute(() -> {
                throw new StackOverflowError();
            });
            loop.run(() -> {});
        }
    }

    @Test
    void goes_on_after_deadlines_that_throw_anything() throws Exception {
        try (Loop loop = new Loop()) {
            AtomicInteger missed = new AtomicInteger();
            loop.run(() -> loop.loop.add(new Timed() {
                @Override
                public long deadline() {
                    return missed.get() == 0 ? loop.loop.now() : Long.MAX_VALUE;
                }

                @Override
                public void expire(long now) {
                    missed.incrementAndGet();
                    throw new AssertionError("broken");
                }
            }));
            Awaitility.await().until(() -> missed.get() == 1);
            loop.run(() -> {});
        }
    }

    @Test
    void tasks_that_never_end_to_bring_forth_tasks_keep_no_client_waiting() throws Exception {
        try (Server server = new Server();
                Client client = server.connect()) {
            AtomicBoolean done = new AtomicBoolean();
            server.loop.execute(new Runnable() {
                @Override
                public void run() {
                    if (!done.get()) {
                        server.loop.execute(this);
                    }
                }
            });
            for (int i = 0; i < 20; i++) {
                assertEquals("> " + i, client.ask(Integer.toString(i)));
            }
            done.set(true);
        }
    }

    @Test
    void an_event_for_a_closed_descriptor_never_reaches_the_next_owner_of_its_number() throws Exception {
        boolean recycled = false;
        // What else goes on in this process may take the number, or give a lower one back.
        for (int i = 0; i < 100 && !recycled; i++) {
            recycled = closesAndOpens();
        }
        assertTrue(recycled, "the kernel gave the number again");
    }

    /** Whether what was opened got the number of what was closed. */
    private static boolean closesAndOpens() throws Exception {
        try (Loop loop = new Loop()) {
            List<String> dispatched = new CopyOnWriteArrayList<>();
            AtomicBoolean recycled = new AtomicBoolean();
            CountDownLatch seen = new CountDownLatch(1);
            loop.run(() -> {
                // Both are readable when the loop asks next, so that both events come in one batch. Whichever is served
                // first closes the other and opens a new descriptor, which gets the number just closed.
                List<Probe> pair = new ArrayList<>();
                for (int i = 0; i < 2; i++) {
                    int descriptor = Server.LIBC.eventfd(1, NONBLOCK_CLOEXEC);
                    pair.add(new Probe(loop.loop, descriptor, self -> {
                        dispatched.add("old");
                        Probe other = pair.get(pair.indexOf(self) == 0 ? 1 : 0);
                        loop.loop.sources.close(other);
                        int again = Server.LIBC.eventfd(0, NONBLOCK_CLOEXEC);
                        recycled.set(again == other.descriptor);
                        Probe successor = new Probe(loop.loop, again, unexpected -> dispatched.add("successor"));
                        loop.loop.sources.register(successor, Epoll.IN);
                        loop.loop.sources.close(self);
                        seen.countDown();
                    }));
                }
                pair.forEach(probe -> loop.loop.sources.register(probe, Epoll.IN));
            });
            assertTrue(seen.await(60, TimeUnit.SECONDS));
            loop.run(() -> {});
            assertEquals(List.of("old"), dispatched);
            return recycled.get();
        }
    }

    @Test
    void leaves_neither_thread_nor_descriptor_when_stopped() throws Exception {
        try (Loop warm = new Loop()) {
            warm.run(() -> {});
        }
        int descriptors = ThisProcess.descriptors();
        for (int i = 0; i < 50; i++) {
            try (Loop loop = new Loop()) {
                loop.run(() -> loop.loop.sources.register(
                        new Probe(loop.loop, Server.LIBC.eventfd(0, NONBLOCK_CLOEXEC), probe -> {}), Epoll.IN));
            }
        }
        ThisProcess.awaitDescriptors(descriptors);
        Awaitility.await().until(() -> ThisProcess.threads("alone").isEmpty());
    }

    @Test
    void a_descriptor_whose_handler_throws_is_closed_and_the_others_go_on() throws Exception {
        try (Loop loop = new Loop()) {
            int descriptors = ThisProcess.descriptors();
            AtomicLong abandoned = new AtomicLong();
            loop.run(() -> loop.loop.sources.register(
                    new Probe(loop.loop, Server.LIBC.eventfd(1, NONBLOCK_CLOEXEC), probe -> {
                        abandoned.incrementAndGet();
                        throw new AssertionError("broken");
                    }),
                    Epoll.IN));
            Awaitility.await().until(() -> abandoned.get() == 1);
            loop.run(() -> {});
            ThisProcess.awaitDescriptors(descriptors);
        }
    }

    @Test
    void does_not_spin_while_it_waits_for_the_last_bytes_to_go_out() throws Exception {
        try (Server server = new Server()) {
            server.offer(connection -> (line, replies) -> replies.put(new byte[4 << 20]));
            try (Client client = server.connect()) {
                client.send("x\n");
                assertEquals(1, client.readOnce(ByteBuffer.allocate(1)));
                long before = ThisProcess.cpuNanos("test-loop");
                AtomicLong spent = new AtomicLong();
                server.stop();
                CompletableFuture<Void> stopping = CompletableFuture.runAsync(() -> server.loop.stop(5000));
                Awaitility.await()
                        .pollInterval(50, TimeUnit.MILLISECONDS)
                        .during(400, TimeUnit.MILLISECONDS)
                        .until(() -> {
                            spent.set(ThisProcess.cpuNanos("test-loop") - before);
                            return true;
                        });
                assertTrue(spent.get() < TimeUnit.MILLISECONDS.toNanos(100), "spent " + spent + " ns");
                assertEquals((4 << 20) - 1, client.rest().length);
                stopping.get(60, TimeUnit.SECONDS);
            }
        }
    }

    @Test
    void what_is_the_loops_alone_refuses_other_threads_where_assertions_count() throws Exception {
        try (Loop loop = new Loop()) {
            loop.run(() -> {});
            assertThrows(AssertionError.class, () -> loop.loop.lanes.enter(1));
            Probe probe = new Probe(loop.loop, 0, self -> {});
            assertThrows(AssertionError.class, () -> loop.loop.sources.register(probe, Epoll.IN));
            assertThrows(AssertionError.class, () -> loop.loop.failed(probe, new IllegalStateException()));
        }
    }

    /** A loop without any listener. */
    private static final class Loop implements AutoCloseable {
        private final EventLoop loop;

        Loop() throws Exception {
            loop = new EventLoop(Server.LIBC, LastResort.HALT, new NoCommons(), "alone");
            loop.start();
        }

        /** Runs something on the loop, waits for it, and then for one more turn of the loop. */
        void run(Runnable task) throws Exception {
            for (Runnable each : List.<Runnable>of(task, () -> {})) {
                CompletableFuture<Void> done = new CompletableFuture<>();
                loop.execute(() -> {
                    each.run();
                    done.complete(null);
                });
                done.get(60, TimeUnit.SECONDS);
            }
        }

        @Override
        public void close() {
            loop.stop(5000);
        }
    }

    private static final class NoCommons implements Commons {

        @Override
        public void discard() {}

        @Override
        public void urgent() {}

        @Override
        public boolean owes(long now) {
            return false;
        }
    }

    private static final class Probe extends Source {
        private final java.util.function.Consumer<Probe> action;

        Probe(EventLoop loop, int descriptor, java.util.function.Consumer<Probe> action) {
            super(loop, descriptor);
            this.action = action;
        }

        @Override
        protected void ready(int events) {
            action.accept(this);
        }

        @Override
        protected void abandon() {
            loop.sources.close(this);
        }
    }
}
