/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.benchmarks;

import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.peercred.access.AccessControl;
import org.peercred.access.AccessRequest;
import org.peercred.access.Decision;
import org.peercred.credentials.PeerCredentialException;
import org.peercred.credentials.internal.Kernel;

/** May it connect: with one policy that has a list of so many uids. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 400, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 5, time = 400, timeUnit = TimeUnit.MILLISECONDS)
@Fork(2)
@State(Scope.Thread)
public class ListBenchmark {

    @Param({"1", "100", "10000"})
    private int entries;

    @Param({"true", "false"})
    private boolean listed;

    private AccessControl control;
    private AccessRequest request;

    @Setup
    public void prepare() throws PeerCredentialException {
        control = new Policies().list(entries, listed).control();
        request = new AccessRequest(
                Kernel.provider().identify(Kernel.connectedSocket()), "echo", AccessRequest.CONNECT, Set.of());
        if (control.decide(request).allowed() != listed || control.policies().size() != 1) {
            throw new IllegalStateException("not what was to be measured: " + control.explain(request));
        }
    }

    @Benchmark
    public Decision decide() {
        return control.decide(request);
    }
}
