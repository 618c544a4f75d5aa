/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal.audit.file;

import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Writes lines to a file of its own, many in one call, and depends on nothing but the kernel for it. Notices when the file is moved
 * away or its disk is full, and goes on when that is over. One thread writes; what may be called by others says so.
 */
public final class FileLog {

    /** No line is kept for longer while others follow. */
    private static final long LATE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private final Supplier<FileCalls> loader;
    private final LongSupplier clock;
    private final LineBuffer buffer = new LineBuffer();
    private final Outage outage = new Outage();
    private final DiskWatch disk;
    private volatile FileSettings wanted;
    private volatile boolean closing;
    private RotatingFile file;
    private long keptSince;

    /** Writes nothing before {@link #use}. */
    public FileLog() {
        this(FileCalls::load, System::nanoTime);
    }

    /** Works with certain system calls, got when they are first needed, and a clock that counts nanoseconds. */
    FileLog(Supplier<FileCalls> loader, LongSupplier clock) {
        this.loader = loader;
        this.clock = clock;
        this.disk = new DiskWatch(clock);
    }

    /**
     * Says where to write. Counts from the next {@link #flush} on; may be called by any thread.
     *
     * @param settings where, and how
     */
    public void use(FileSettings settings) {
        wanted = settings;
    }

    /**
     * Whether there is a file to write to, be it possible or not. May be called by any thread.
     *
     * @return true once {@link #use} was called
     */
    public boolean isUsed() {
        return wanted != null;
    }

    /**
     * Whether nothing may be taken on for now, since it could not be written. May be called by any thread.
     *
     * @return true while the file cannot be written, where its settings say so
     */
    public boolean pauses() {
        FileSettings settings = wanted;
        return outage.isOn() && settings != null && settings.pauses();
    }

    /**
     * Whether the disk hangs, and nobody is to wait for it. May be called by any thread.
     *
     * @return true from five seconds on after a call that has not returned, unless the settings say that everything waits
     */
    public boolean hangs() {
        FileSettings settings = wanted;
        return settings != null && !settings.pauses() && disk.hangs();
    }

    /**
     * Whether a call has not returned yet, or everything waits for the file. May be called by any thread.
     *
     * @return true if whoever waits for the writing thread waits for the disk
     */
    public boolean isWaitedFor() {
        return disk.isBusy() || pauses();
    }

    /**
     * What is wrong, or where it writes. May be called by any thread.
     *
     * @return the path, and why it cannot be written, if so; there is a file to write to
     */
    public String state() {
        FileException cause = outage.cause();
        return cause == null ? wanted.path().toString() : cause.getMessage();
    }

    /**
     * Keeps a line until the next {@link #flush}. Waits while that cannot be and the settings say so; not any more once it is to
     * close.
     *
     * @param line the line, without its end; it may be used for another one afterwards
     * @param events how many events it stands for
     * @return how many bytes it has
     * @throws FileException if it cannot be kept
     */
    public int append(LineBytes line, long events) {
        int length = line.length();
        if (!buffer.fits(length)) {
            flush();
        }
        while (!buffer.fits(length)) {
            if (!pauses() || closing) {
                outage.cost(events);
                throw outage.cause();
            }
            // An interrupt, left by whoever was told of an event, would make this spin.
            Thread.interrupted();
            LockSupport.parkNanos(this, Outage.RETRY_NANOS);
            flush();
        }
        long now = clock.getAsLong();
        if (buffer.isEmpty()) {
            keptSince = now;
        }
        buffer.add(line, events);
        if (now - keptSince > LATE_NANOS) {
            flush();
        }
        return length + 1;
    }

    /** Whether {@link #flush} has something to do, or will have soon. */
    public boolean isPending() {
        return !buffer.isEmpty() || outage.isOn() || !isCurrent();
    }

    /**
     * Writes what is kept, if that can be; during an outage that is tried now and then only.
     *
     * @return whether nothing is left
     */
    public boolean flush() {
        if (!isPending()) {
            return true;
        }
        long now = clock.getAsLong();
        if (!outage.isDue(now) && !closing && isCurrent()) {
            return false;
        }
        FileSettings settings = wanted;
        disk.begin(now);
        try {
            if (file == null) {
                file = new RotatingFile(loader.get(), buffer);
            }
            file.prepare(settings, now);
            file.write(now);
            outage.worked(settings, now);
            return true;
        } catch (Throwable e) {
            // Whatever it is, memory that has run out included: nothing that was taken is forgotten.
            outage.failed(settings, e, clock.getAsLong());
            return false;
        } finally {
            disk.end(settings);
        }
    }

    /** Has nothing wait any more. May be called by any thread; the writing one has to be woken. */
    public void stop() {
        closing = true;
    }

    /**
     * Writes through what is kept, and closes the file.
     *
     * @return how many events could not be written
     */
    public long close() {
        flush();
        if (file != null) {
            try {
                file.sync();
            } catch (IOException e) {
                Outage.tell("The audit may not be whole on the disk of {}: {}.", wanted.path(), e.getMessage());
            }
            file.close();
        }
        return buffer.events();
    }

    private boolean isCurrent() {
        return file == null ? wanted == null : file.has(wanted);
    }
}
