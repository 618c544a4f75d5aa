/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal.engine;

import java.util.concurrent.TimeUnit;
import org.peercred.listener.internal.loop.Epoll;
import org.peercred.listener.internal.loop.Lane;
import org.peercred.listener.internal.loop.Source;
import org.peercred.listener.internal.loop.Timed;
import org.peercred.listener.internal.socket.LibC;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Accepts for one listener on one loop, while the audit can follow. Errors of accept(2) never stop it: when descriptors or memory
 * run out it waits a little, so that it does not spin. Who is let in, its {@link Gate} knows.
 */
final class Acceptor extends Source implements Timed {

    private static final Logger LOG = LoggerFactory.getLogger(Acceptor.class);
    private static final int BATCH = 256;
    /**
     * Longer than a turn of others: whoever waits in the backlog waits for all who are before it there, and only who has been accepted
     * can be told from them.
     */
    private static final long TURN_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    private static final int NONBLOCK_CLOEXEC = 0x80800;
    private static final long EXHAUSTED_PAUSE = TimeUnit.MILLISECONDS.toNanos(100);
    private static final long HOLD_PAUSE = TimeUnit.MILLISECONDS.toNanos(20);
    private static final long AUDIT_PAUSE = TimeUnit.MILLISECONDS.toNanos(2);
    private static final long AUDIT_PATIENCE = TimeUnit.SECONDS.toNanos(1);
    private static final long NEVER = Long.MAX_VALUE;

    final Worker worker;
    private final Shard shard;
    private final Listener listener;
    private final Throttle throttle = new Throttle();
    private final Gate gate;
    private long resumeAt = NEVER;
    private long behindSince = NEVER;

    Acceptor(Shard shard, int descriptor) {
        super(shard.worker.loop, descriptor, Lane.apart());
        this.worker = shard.worker;
        this.shard = shard;
        this.listener = shard.listener;
        this.gate = new Gate(shard, throttle);
    }

    void begin() {
        loop.add(this);
        expire(loop.now());
    }

    /** Where there is no connection now, nobody else remembers that there is nothing to be decided again. */
    @Override
    protected void taskLost() {
        shard.recheckIfPending();
    }

    @Override
    protected String what() {
        return "a new connection of listener " + listener.name();
    }

    /** Whatever fails here, it is no reason to be deaf from now on. */
    @Override
    protected void ready(int events) {
        try {
            acceptSome();
        } catch (Throwable e) {
            String what = "Listener " + listener.name() + ": accepting failed, and is tried again";
            worker.discard(what, e);
            try {
                pause(EXHAUSTED_PAUSE);
            } catch (Throwable again) {
                worker.discard(what, again);
            }
        }
    }

    private void acceptSome() {
        loop.turns.measure();
        for (int i = 0; i < BATCH; i++) {
            if (i > 0 && loop.turns.isOver(TURN_NANOS)) {
                // To decide may take long; the kernel tells of the others again.
                return;
            }
            if (listener.isHeld()) {
                pause(HOLD_PAUSE);
                return;
            }
            if (listener.audit().isBehind()) {
                waitForAudit();
                return;
            }
            behindSince = NEVER;
            int accepted = worker.libc.accept4(descriptor, 0, 0, NONBLOCK_CLOEXEC);
            if (accepted >= 0) {
                gate.admitOrDrop(accepted);
            } else if (!goesOn(LibC.errno())) {
                return;
            }
        }
    }

    @Override
    protected void abandon() {
        loop.remove(this);
        loop.sources.release(this);
    }

    @Override
    public long deadline() {
        return resumeAt;
    }

    @Override
    public void expire(long now) {
        resumeAt = now + EXHAUSTED_PAUSE;
        boolean watched =
                loop.sources.has(this) ? loop.sources.watch(this, Epoll.IN) : loop.sources.register(this, Epoll.IN);
        if (watched) {
            resumeAt = NEVER;
        }
    }

    private boolean goesOn(int errno) {
        if (errno == Errors.EINTR || errno == Errors.ECONNABORTED) {
            return true;
        }
        if (errno == Errors.EAGAIN) {
            return false;
        }
        if (throttle.lets(loop.now())) {
            LOG.warn(
                    "Listener {}: no connection can be accepted for now: {}{}",
                    listener.name(),
                    LibC.nameOf(errno),
                    errno == Errors.EMFILE ? " (the process has no descriptor left, see ulimit -n)" : "");
        }
        pause(EXHAUSTED_PAUSE);
        return false;
    }

    /** While there is no audit, nobody is let in; that it takes long is said. */
    private void waitForAudit() {
        behindSince = behindSince == NEVER ? loop.now() : behindSince;
        if (loop.now() - behindSince > AUDIT_PATIENCE && throttle.lets(loop.now())) {
            String why = listener.audit().whyBehind().orElse("");
            LOG.warn("Listener {}: no connection is accepted until the audit has caught up. {}", listener.name(), why);
        }
        pause(AUDIT_PAUSE);
    }

    private void pause(long nanos) {
        resumeAt = loop.now() + nanos;
        loop.sources.watch(this, 0);
    }
}
