/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.policy.internal.testing;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import jnr.enxio.channels.NativeSelectorProvider;
import jnr.unixsocket.UnixServerSocketChannel;
import jnr.unixsocket.UnixSocketAddress;
import jnr.unixsocket.UnixSocketChannel;
import org.peercred.credentials.Peer;
import org.peercred.credentials.PeerCredentialException;
import org.peercred.credentials.internal.RealKernel;

/** A real socket, and real processes that connect to it. All of them end with it. */
public final class LocalServer implements AutoCloseable {

    private static final String PRELUDE =
            """
            import ctypes, os, signal, socket, subprocess, sys, time
            def connect():
                s = socket.socket(socket.AF_UNIX)
                s.connect(sys.argv[1])
                return s
            def say(what):
                print(what, flush=True)
            """;

    private static final long PATIENCE_SECONDS = 60;

    private final Path socket;
    private final UnixServerSocketChannel listening;
    private final Selector selector = NativeSelectorProvider.getInstance().openSelector();
    private final List<Process> processes = new ArrayList<>();
    private final List<UnixSocketChannel> channels = new ArrayList<>();

    public LocalServer(Path directory) throws IOException {
        socket = directory.resolve("socket");
        listening = UnixServerSocketChannel.open();
        listening.socket().bind(new UnixSocketAddress(socket.toFile()));
        listening.configureBlocking(false);
        listening.register(selector, SelectionKey.OP_ACCEPT);
    }

    /** Starts a Python program that has {@code connect()} and {@code say(text)}; it is killed in the end. */
    public Process python(String program, String... launcher) throws IOException {
        List<String> command = new ArrayList<>(List.of(launcher));
        command.addAll(List.of("python3", "-c", PRELUDE + program, socket.toString()));
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        processes.add(process);
        return process;
    }

    /** The next line that a process says. */
    public static String heard(Process process) {
        BufferedReader said =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.US_ASCII));
        return CompletableFuture.supplyAsync(() -> {
                    try {
                        return said.readLine();
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                })
                .orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS)
                .join();
    }

    /** Who connected next, as the kernel tells it. */
    public Peer next() throws IOException, PeerCredentialException {
        if (selector.select(PATIENCE_SECONDS * 1000) == 0) {
            throw new IllegalStateException("Nobody connects.");
        }
        selector.selectedKeys().clear();
        UnixSocketChannel channel = listening.accept();
        channels.add(channel);
        return RealKernel.provider().identify(channel.getFD());
    }

    /** Kills a process. Not by {@code onExit()}, which waits for whoever has the number by now. */
    public static void end(Process process) {
        process.destroyForcibly();
        try {
            if (process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                return;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        throw new IllegalStateException("A process does not end.");
    }

    @Override
    public void close() throws IOException {
        for (Process process : processes) {
            end(process);
        }
        for (UnixSocketChannel channel : channels) {
            channel.close();
        }
        selector.close();
        listening.close();
    }
}
