/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.benchmarks;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.peercred.credentials.Peer;
import org.peercred.credentials.PeerCredentialException;
import org.peercred.credentials.PeerCredentialProvider;
import org.peercred.credentials.internal.Kernel;

/** Who is connected: what runs once for each connection. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 400, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 5, time = 400, timeUnit = TimeUnit.MILLISECONDS)
@Fork(2)
@State(Scope.Thread)
public class CredentialsBenchmark {

    private final PeerCredentialProvider provider = Kernel.provider();
    private final int descriptor = Kernel.connectedSocket();

    /** pid, uid and gid from the kernel. */
    @Benchmark
    public long identify() throws PeerCredentialException {
        Peer peer = provider.identify(descriptor);
        long uid = peer.uid();
        peer.close();
        return uid;
    }
}
