/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal.lines;

import java.nio.ByteBuffer;
import org.peercred.listener.internal.engine.Connection;
import org.peercred.listener.internal.engine.ReplyBuffer;
import org.peercred.service.BatchLineSession;
import org.peercred.service.LineSession;
import org.peercred.service.Replies;

/**
 * One connection's exchange with its session, which is given line by line and gives its replies. These go into the loop's buffer,
 * so they are taken only while this very connection is being answered, on the loop's thread: at any other time they would reach
 * another client.
 *
 * <p>{@link #take} is run for each line, and is a method of its own, as is the loop around it: in one with all that is done once
 * for each read, the compiler's code takes a quarter more time.
 */
final class Exchange implements Replies, LineInput.Taker {

    /** After so many lines it is looked whether others should have their turn. */
    private static final int STINT = 64;

    private final Connection connection;
    private final ReplyBuffer collected;
    private final LineSession session;
    /** The same, if it takes several lines at once. */
    private final BatchLineSession batchSession;

    private boolean active;
    private boolean ended;
    /** Whether the next line has to wait: there is an answer to come, or no next line. */
    private boolean pauses;
    /** Whether lines were left for another turn. */
    private boolean left;
    /** The answer that is outstanding, {@code null} if there is none. */
    private LateAnswer owed;

    private int writeBuffer;
    /** Where the last whole answer ends among what was collected. */
    private int complete;

    private int sinceLook;
    private int lines;
    private int lineBytes;

    Exchange(Connection connection, LineSession session) {
        this.connection = connection;
        this.collected = connection.worker.replies;
        this.session = session;
        this.batchSession = session instanceof BatchLineSession batch ? batch : null;
    }

    /**
     * Has every line answered, until something has to be waited for. What was answered is left in the reply buffer.
     *
     * @return what the session threw, {@code null} if nothing; of that line nothing is left in the reply buffer
     */
    Throwable run(LineInput input, int newWriteBuffer) {
        active = true;
        pauses = false;
        writeBuffer = newWriteBuffer;
        complete = collected.size();
        sinceLook = 0;
        try {
            left = !input.deliver(this);
            return null;
        } catch (Throwable e) {
            collected.truncate(complete);
            return e;
        } finally {
            active = false;
            count();
        }
    }

    @Override
    public boolean take(ByteBuffer line) {
        lines++;
        lineBytes = line.remaining();
        session.line(line, this);
        return goesOn() && (++sinceLook < STINT || mayGoOn());
    }

    @Override
    public boolean takesBatches() {
        return batchSession != null;
    }

    @Override
    public boolean takeBatch(ByteBuffer batch) {
        int start = batch.position();
        int end = batch.limit();
        lineBytes = end - start;
        int count = batchSession.lines(batch, this);
        int reached = batch.position();
        if (count < 1 || reached <= start || reached > end || batch.get(reached - 1) != '\n') {
            throw new IllegalStateException("A session has to take whole lines, at least one.");
        }
        lines += count;
        // Whoever takes batches does little for a line: what one read brought is not divided among turns.
        return goesOn();
    }

    private boolean goesOn() {
        complete = collected.size();
        if (complete >= writeBuffer && !sent()) {
            return false;
        }
        return !pauses;
    }

    /** Whether the next lines may be answered in this turn; otherwise they will be in another. */
    private boolean mayGoOn() {
        sinceLook = 0;
        return connection.turn.mayGoOn();
    }

    /** Sends what was answered so far, in the midst of more; whether there may be more now. */
    private boolean sent() {
        count();
        connection.unsent.flush();
        complete = 0;
        return owed == null && !connection.mustSend();
    }

    private void count() {
        connection.answered(lines);
        lines = 0;
    }

    boolean leftLines() {
        return left;
    }

    boolean hasEnded() {
        return ended;
    }

    boolean isOwed() {
        return owed != null;
    }

    /** The answer that is outstanding, which is not any more then; {@code null} if it has not come. */
    byte[] takeAnswer() {
        byte[] answer = owed.take();
        owed = answer == null ? owed : null;
        return answer;
    }

    /** An answer has come; called by any thread. */
    void arrived(LateAnswer answer) {
        connection.loop.announce(answer);
    }

    /** An answer has come; called on the loop. */
    void answered(LateAnswer answer) {
        if (connection.isOpen() && owed == answer) {
            connection.again();
        }
    }

    /** Nobody waits any more; may throw what the session throws. */
    void close() {
        if (owed != null) {
            owed.forget();
            owed = null;
        }
        session.closed();
    }

    @Override
    public Replies put(ByteBuffer bytes) {
        buffer().put(bytes);
        return this;
    }

    @Override
    public Replies put(byte[] bytes) {
        buffer().put(bytes);
        return this;
    }

    @Override
    public Replies put(byte value) {
        buffer().put(value);
        return this;
    }

    @Override
    public int putLines(byte[] prefix, ByteBuffer wholeLines) {
        ReplyBuffer buffer = buffer();
        if (!wholeLines.hasRemaining() || wholeLines.get(wholeLines.limit() - 1) != '\n') {
            throw new IllegalArgumentException("Whole lines are expected, at least one.");
        }
        if (wholeLines.hasArray()) {
            return LineCopier.put(buffer, prefix, wholeLines, writeBuffer);
        }
        ByteBuffer copy = ByteBuffer.allocate(wholeLines.remaining())
                .put(wholeLines.duplicate())
                .flip();
        int count = LineCopier.put(buffer, prefix, copy, writeBuffer);
        wholeLines.position(wholeLines.position() + copy.position());
        return count;
    }

    @Override
    public Deferred defer() {
        buffer();
        if (owed != null) {
            throw new IllegalStateException("An answer can be deferred once only.");
        }
        owed = new LateAnswer(this, connection, lineBytes);
        pauses = true;
        return owed;
    }

    @Override
    public void end() {
        buffer();
        ended = true;
        pauses = true;
    }

    private ReplyBuffer buffer() {
        if (!active || !connection.loop.isCurrent()) {
            throw new IllegalStateException("Replies are valid during their line only.");
        }
        return collected;
    }
}
