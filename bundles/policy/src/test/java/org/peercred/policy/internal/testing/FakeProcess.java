/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.policy.internal.testing;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.peercred.credentials.ControlGroup;
import org.peercred.credentials.Fact;
import org.peercred.credentials.Fact.Grade;
import org.peercred.credentials.PinnedProcess;

/** A process made of given facts. */
public final class FakeProcess implements PinnedProcess {

    private final int pid;
    private final long startTime;
    private Fact<Path> executable = Fact.absent(Grade.OBSERVED, "no program in this test");
    private Fact<ControlGroup> group = Fact.absent(Grade.OBSERVED, "no control group in this test");
    private Fact<List<Ancestor>> ancestors = Fact.absent(Grade.OBSERVED, "no ancestors in this test");
    private boolean knowsStart = true;
    public volatile boolean alive = true;
    public volatile boolean closed;

    public FakeProcess(int pid, long startTime) {
        this.pid = pid;
        this.startTime = startTime;
    }

    public FakeProcess executable(String path) {
        executable = Fact.observed(Path.of(path));
        return this;
    }

    public FakeProcess noExecutable(String reason) {
        executable = Fact.absent(Grade.OBSERVED, reason);
        return this;
    }

    public FakeProcess group(String path, String unit) {
        group = Fact.observed(new ControlGroup(path, Optional.of(unit).filter(u -> !u.isEmpty())));
        return this;
    }

    public FakeProcess noGroup(String reason) {
        group = Fact.absent(Grade.OBSERVED, reason);
        return this;
    }

    public FakeProcess ancestors(Ancestor... above) {
        ancestors = Fact.observed(List.of(above));
        return this;
    }

    public FakeProcess noAncestors(String reason) {
        ancestors = Fact.absent(Grade.OBSERVED, reason);
        return this;
    }

    public FakeProcess noStart() {
        knowsStart = false;
        return this;
    }

    @Override
    public int pid() {
        return pid;
    }

    @Override
    public int descriptor() {
        return -1;
    }

    @Override
    public long identity() {
        return 0;
    }

    @Override
    public boolean alive() {
        return alive && !closed;
    }

    @Override
    public Fact<Long> startTime() {
        return knowsStart ? Fact.observed(startTime) : Fact.absent(Grade.OBSERVED, "no start time in this test");
    }

    @Override
    public Fact<Path> executable() {
        return executable;
    }

    @Override
    public Fact<ControlGroup> controlGroup() {
        return group;
    }

    @Override
    public Fact<List<Ancestor>> ancestors() {
        return ancestors;
    }

    @Override
    public void close() {
        closed = true;
    }
}
