/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal.engine;

import java.io.IOException;
import org.peercred.listener.internal.loop.Commons;
import org.peercred.listener.internal.loop.EventLoop;
import org.peercred.listener.internal.loop.Lane;
import org.peercred.listener.internal.socket.LibC;
import org.peercred.listener.internal.socket.NativeBlocks;

/**
 * One event loop and what its connections share: the buffers, who is on the way out, who waits for the audit, and who has to pay
 * when too many bytes are kept. What may be called by other threads says so.
 */
public final class Worker implements Commons {

    /** Descriptors, tasks and time. */
    public final EventLoop loop;

    /** Where buffers come from. */
    public final Memory memory;

    /** What lines are answered with, collected until it is sent. */
    public final ReplyBuffer replies;

    /** Small buffers. */
    public final BufferPool pool;

    /** Where bytes stand while other threads' system calls move them. */
    final NativeBlocks blocks = new NativeBlocks();

    final LibC libc;
    final Budget budget;
    final ReadBuffer input = new ReadBuffer();
    final Stalls stalls;
    final Farewells farewells;
    final ExitWatches exitWatches;
    /** Who is turned away shares turns, so that a flood of them keeps nobody else waiting. */
    final Lane strangers = Lane.apart();

    /**
     * Creates a worker; {@link #start()} has it work.
     *
     * @param resources what it works with
     * @param name its thread's name
     * @throws IOException if the kernel refuses an epoll set or an eventfd; the message has the errno's name
     */
    public Worker(Resources resources, String name) throws IOException {
        libc = resources.libc();
        memory = resources.memory();
        budget = resources.budget();
        replies = new ReplyBuffer(memory);
        pool = new BufferPool(memory);
        loop = new EventLoop(libc, resources.lastResort(), this, name);
        stalls = new Stalls(loop);
        farewells = new Farewells(loop);
        exitWatches = new ExitWatches(loop, libc);
        loop.add(farewells);
        loop.add(stalls);
        budget.serve(this);
    }

    /** Starts the thread. */
    public void start() {
        loop.start();
    }

    /**
     * Ends the loop as soon as all farewells have got their last bytes, closes whatever is still open in it, and waits for its
     * thread. May be called by any thread.
     *
     * @param timeoutMillis how long to wait for the thread
     */
    public void stop(long timeoutMillis) {
        loop.stop(timeoutMillis);
        budget.leave(this);
    }

    @Override
    public void discard() {
        replies.clear();
        pool.discard();
    }

    /** Says what failed, after which nothing of it is left to the next connection. */
    void discard(String what, Throwable failure) {
        discard();
        EventLoop.report(what, failure);
    }

    /**
     * Has the greatest debtors pay, until the limits are kept or it is another loop's turn to collect. Allocates nothing: this may
     * be what there is no memory for.
     */
    @Override
    public void urgent() {
        for (Holding debtor = budget.debtor(this); debtor != null; debtor = budget.debtor(this)) {
            if (debtor.worker != this) {
                debtor.worker.loop.urge();
                return;
            }
            debtor.collect();
        }
    }

    @Override
    public boolean owes(long now) {
        return farewells.owe(now);
    }
}
