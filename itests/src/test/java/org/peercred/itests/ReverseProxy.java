/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.itests;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A program on a port of localhost that passes requests on to this Karaf's socket, with a configuration as it is printed. */
final class ReverseProxy implements AutoCloseable {

    private static final int PATIENCE_SECONDS = 60;

    private final Path directory = StockKaraf.directoryOfThisRun();
    private final int port = StockKaraf.freePort();
    private final Process process;

    private ReverseProxy(String before, String printed, String after, String... command) throws IOException {
        Path file = directory.resolve("proxy.conf");
        String here = printed.replace("/path/of/karaf", System.getProperty("karaf.base"))
                .replace("127.0.0.1:8080", "127.0.0.1:" + port);
        Files.writeString(file, before.replace("DIRECTORY", directory.toString()) + here + after, UTF_8);
        String[] words =
                Stream.concat(Stream.of(command), Stream.of(file.toString())).toArray(String[]::new);
        process = Ran.program(User.SELF, directory, words)
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("proxy.log").toFile())
                .start();
    }

    /** In one process, so that it connects as the user who runs this Karaf. */
    static ReverseProxy nginx(String printed) throws IOException {
        String files = Stream.of("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
                .map(kind -> kind + "_temp_path DIRECTORY/" + kind + ";\n")
                .reduce("", String::concat);
        return new ReverseProxy(
                "daemon off; master_process off; pid DIRECTORY/nginx.pid; error_log stderr;\nevents {}\nhttp {\naccess_log off;\n"
                        + files,
                printed,
                "}\n",
                "nginx",
                "-e",
                "stderr",
                "-c");
    }

    static ReverseProxy haproxy(String printed) throws IOException {
        String limits = "defaults\n    timeout connect 60s\n    timeout client 60s\n    timeout server 60s\n";
        return new ReverseProxy(limits, printed, "", "haproxy", "-db", "-f");
    }

    /** Returns when it answers. */
    SocketAddress awaitStarted() throws IOException {
        SocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
        Path log = directory.resolve("proxy.log");
        await().atMost(PATIENCE_SECONDS, TimeUnit.SECONDS).until(() -> {
            if (!process.isAlive()) {
                throw new AssertionError("The proxy has ended: " + Files.readString(log, UTF_8));
            }
            return WebClient.status(address, "/") != 0;
        });
        return address;
    }

    @Override
    public void close() throws IOException {
        process.destroy();
        try {
            if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path each : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(each);
            }
        }
    }
}
