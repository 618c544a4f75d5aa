/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal.audit.file;

import java.io.IOException;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.peercred.listener.internal.socket.NativeBuffer;

/** The file at a path, whichever that is: opened when it is needed, again when it was moved away, renamed when it has its size. Not thread-safe. */
final class RotatingFile {

    /** How often it is looked whether the file is still where it was, at most. */
    static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

    private static final long ROTATE_AGAIN_NANOS = TimeUnit.MINUTES.toNanos(1);

    private final FileCalls calls;
    private final LineBuffer buffer;
    private final NativeBuffer chunk = new NativeBuffer(LineBuffer.SIZE);
    private FileSettings settings;
    private OpenFile file;
    private long lookedAt;
    private long rotateAt;

    /** Writes what is in a buffer. */
    RotatingFile(FileCalls calls, LineBuffer buffer) {
        this.calls = calls;
        this.buffer = buffer;
    }

    /** Whether these are the settings that it works by. */
    boolean has(FileSettings others) {
        return Objects.equals(settings, others);
    }

    /**
     * Has the right file open.
     *
     * @param wanted what counts from now on
     * @param now nanoseconds
     * @throws IOException if it cannot be opened
     */
    void prepare(FileSettings wanted, long now) throws IOException {
        if (!has(wanted)) {
            if (settings != null && !settings.path().equals(wanted.path())) {
                close();
            }
            settings = wanted;
            rotateAt = now;
        }
        if (file != null && now - lookedAt >= LOOK_NANOS) {
            lookedAt = now;
            closeUnlessInPlace();
        }
        open();
    }

    /**
     * Writes all that the buffer has.
     *
     * @param now nanoseconds
     * @throws IOException if that cannot be; the buffer knows how much was written
     */
    void write(long now) throws IOException {
        if (isFull() && now - rotateAt >= 0 && !buffer.isMidLine()) {
            rotate(now);
        }
        while (!buffer.isEmpty()) {
            int length = buffer.copy(chunk.bytes());
            try {
                buffer.advance(file.write(chunk, length));
            } catch (NoSpaceException e) {
                // The line goes on where it ends, once there is room.
                throw e;
            } catch (IOException e) {
                // What is behind the descriptor may be gone for good, as on a file server that was set up anew.
                close();
                throw e;
            }
        }
    }

    /** Has the disk take what was written. */
    void sync() throws IOException {
        if (file != null) {
            file.sync();
        }
    }

    void close() {
        OpenFile closed = file;
        file = null;
        if (closed != null) {
            closed.close();
        }
    }

    private void open() throws IOException {
        if (file == null) {
            // A line that was cut short elsewhere is written as a whole here.
            buffer.rewind();
            file = OpenFile.open(calls, settings.path());
        }
    }

    private boolean isFull() {
        return settings.size() > 0 && file.size() > 0 && file.size() + buffer.length() > settings.size();
    }

    /** What cannot be renamed goes on growing: better a file that is too long than a line that is not in it. */
    private void rotate(long now) throws IOException {
        closeUnlessInPlace();
        if (file != null) {
            try {
                Rotation.rotate(settings.path(), settings.files());
                close();
            } catch (IOException e) {
                rotateAt = now + ROTATE_AGAIN_NANOS;
                Outage.tell(
                        "The audit's file {} has its size and goes on growing, since it cannot be renamed: {}.",
                        settings.path(),
                        Outage.explain(e));
            }
        }
        open();
    }

    private void closeUnlessInPlace() {
        if (!file.isInPlace()) {
            close();
        }
    }
}
