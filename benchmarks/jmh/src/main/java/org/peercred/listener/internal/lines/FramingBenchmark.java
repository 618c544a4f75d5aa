/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal.lines;

import java.nio.charset.StandardCharsets;
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
import org.peercred.echo.internal.EchoService;

/** What the engine does with one read of so many lines of 64 bytes, up to the bytes of the replies. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 400, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 5, time = 400, timeUnit = TimeUnit.MILLISECONDS)
@Fork(2)
@State(Scope.Thread)
public class FramingBenchmark {

    private static final String LINE = "0123456789abcdef".repeat(4).substring(1) + "\n";

    @Param({"1", "64"})
    private int lines;

    private Framing framing;

    @Setup
    public void prepare() {
        framing = new Framing(new EchoService(), LINE.repeat(lines).getBytes(StandardCharsets.US_ASCII));
        if (framing.serve() != lines * (LINE.length() + "> ".length())) {
            throw new IllegalStateException("not every line was answered");
        }
    }

    @Benchmark
    public int serve() {
        return framing.serve();
    }
}
