/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.testing;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.peercred.credentials.ControlGroup;
import org.peercred.credentials.Fact;
import org.peercred.credentials.Fact.Grade;
import org.peercred.credentials.PinnedProcess;

/**
 * A pinned process made of facts that a test chooses. There is no such process, and no descriptor.
 *
 * <p>Facts are read once and kept. Those that nobody read before {@link #end()} or {@link #close()} are absent, but for the
 * start time. May be used by any thread.
 */
public final class FakeProcess implements PinnedProcess {

    private static final long SOME_TICKS = 100_000;

    private final int pid;
    private final Fact<Long> startTime;
    private final ReadOnce<Path> executable;
    private final ReadOnce<ControlGroup> controlGroup;
    private final ReadOnce<List<Ancestor>> ancestors;
    private volatile boolean ended;
    private volatile boolean closed;

    private FakeProcess(Builder builder) {
        pid = builder.pid;
        startTime = builder.startTime;
        executable = new ReadOnce<>(builder.executable);
        controlGroup = new ReadOnce<>(builder.controlGroup);
        ancestors = new ReadOnce<>(builder.ancestors);
    }

    /**
     * Starts with a living process that nothing but its number and its start is known of.
     *
     * @param pid 1 or greater
     * @return to be told of other facts
     * @throws IllegalArgumentException if there can be no such process
     */
    public static Builder builder(int pid) {
        return new Builder(Ids.checkedPid(pid));
    }

    /** The process ends. */
    public void end() {
        ended = true;
    }

    /**
     * Whether it was closed.
     *
     * @return true after {@link #close()}
     */
    public boolean isClosed() {
        return closed;
    }

    @Override
    public int pid() {
        return pid;
    }

    /**
     * There is none.
     *
     * @return -1
     */
    @Override
    public int descriptor() {
        return -1;
    }

    /**
     * There is none.
     *
     * @return 0
     */
    @Override
    public long identity() {
        return 0;
    }

    @Override
    public boolean alive() {
        return !ended && !closed;
    }

    @Override
    public Fact<Long> startTime() {
        return startTime;
    }

    @Override
    public Fact<Path> executable() {
        return executable.read(reasonNotToRead());
    }

    @Override
    public Fact<ControlGroup> controlGroup() {
        return controlGroup.read(reasonNotToRead());
    }

    @Override
    public Fact<List<Ancestor>> ancestors() {
        return ancestors.read(reasonNotToRead());
    }

    @Override
    public void close() {
        closed = true;
    }

    private String reasonNotToRead() {
        return closed ? "the process is no longer held" : ended ? "the process has ended" : "";
    }

    /** Collects the facts of one process; the last word on each counts. For one thread. */
    public static final class Builder {

        private final int pid;
        private Fact<Long> startTime = Fact.observed(SOME_TICKS);
        private Fact<Path> executable = Fact.absent(Grade.OBSERVED, "this test has no program");
        private Fact<ControlGroup> controlGroup = Fact.absent(Grade.OBSERVED, "this test has no control group");
        private Fact<List<Ancestor>> ancestors = Fact.absent(Grade.OBSERVED, "this test has no ancestors");

        private Builder(int pid) {
            this.pid = pid;
        }

        /**
         * When it started.
         *
         * @param ticks clock ticks since boot
         * @return this
         */
        public Builder startTime(long ticks) {
            startTime = Fact.observed(ticks);
            return this;
        }

        /**
         * When it started cannot be had.
         *
         * @param reason half a sentence
         * @return this
         */
        public Builder noStartTime(String reason) {
            startTime = Fact.absent(Grade.OBSERVED, reason);
            return this;
        }

        /**
         * What it executes.
         *
         * @param path absolute
         * @return this
         */
        public Builder executable(String path) {
            executable = Fact.observed(Path.of(path));
            return this;
        }

        /**
         * What it executes cannot be had.
         *
         * @param reason half a sentence, such as {@code "the kernel does not show it (EACCES)"}
         * @return this
         */
        public Builder noExecutable(String reason) {
            executable = Fact.absent(Grade.OBSERVED, reason);
            return this;
        }

        /**
         * Its control group.
         *
         * @param path as the kernel spells it, {@code /} first
         * @param unit the systemd unit that the path names; the empty string for none
         * @return this
         */
        public Builder controlGroup(String path, String unit) {
            controlGroup = Fact.observed(new ControlGroup(path, unit.isEmpty() ? Optional.empty() : Optional.of(unit)));
            return this;
        }

        /**
         * Its control group cannot be had.
         *
         * @param reason half a sentence
         * @return this
         */
        public Builder noControlGroup(String reason) {
            controlGroup = Fact.absent(Grade.OBSERVED, reason);
            return this;
        }

        /**
         * The processes above it.
         *
         * @param above nearest first
         * @return this
         */
        public Builder ancestors(Ancestor... above) {
            ancestors = Fact.observed(List.of(above));
            return this;
        }

        /**
         * The processes above it cannot be had.
         *
         * @param reason half a sentence
         * @return this
         */
        public Builder noAncestors(String reason) {
            ancestors = Fact.absent(Grade.OBSERVED, reason);
            return this;
        }

        /**
         * Makes the process.
         *
         * @return another one each time
         */
        public FakeProcess build() {
            return new FakeProcess(this);
        }
    }
}
