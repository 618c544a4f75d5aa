/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.itests;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** A program that reads commands and tells what happens, a line each. Every wait is bounded. */
final class Talker implements AutoCloseable {

    private static final int PATIENCE_SECONDS = 300;
    private static final String END = "(end of output)";

    private final Process process;
    private final Writer commands;
    private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();

    Talker(Process process) {
        this.process = process;
        this.commands = process.outputWriter(UTF_8);
        Thread reader = new Thread(this::read, "talker-" + process.pid());
        reader.setDaemon(true);
        reader.start();
    }

    Talker tell(String command) throws IOException {
        commands.write(command + "\n");
        commands.flush();
        return this;
    }

    /** The next line. */
    String line() throws InterruptedException {
        String line = lines.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
        if (line == null || line.equals(END)) {
            throw new AssertionError(line == null ? "nothing is told" : line);
        }
        return line;
    }

    /** The next line of a kind; others are passed over. */
    String line(Predicate<String> wanted) throws InterruptedException {
        String line = line();
        while (!wanted.test(line)) {
            line = line();
        }
        return line;
    }

    private void read() {
        try (BufferedReader output = process.inputReader(UTF_8)) {
            for (String line = output.readLine(); line != null; line = output.readLine()) {
                lines.add(line);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            lines.add(END);
        }
    }

    /** Ends it, by force if it has to be. */
    @Override
    public void close() {
        process.destroy();
        if (!hasEnded()) {
            process.destroyForcibly();
            hasEnded();
        }
    }

    private boolean hasEnded() {
        try {
            return process.waitFor(60, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
