/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.itests;

import static org.awaitility.Awaitility.await;
import static org.junit.Assert.assertEquals;
import static org.ops4j.pax.exam.CoreOptions.systemProperty;
import static org.ops4j.pax.exam.CoreOptions.systemTimeout;
import static org.ops4j.pax.exam.OptionUtils.combine;
import static org.ops4j.pax.exam.container.remote.RBCRemoteTargetOptions.waitForRBCFor;
import static org.ops4j.pax.exam.karaf.options.KarafDistributionOption.editConfigurationFilePut;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.karaf.itests.KarafTestSupport;
import org.junit.Rule;
import org.junit.rules.Timeout;
import org.ops4j.pax.exam.Configuration;
import org.ops4j.pax.exam.Option;
import org.ops4j.pax.exam.ProbeBuilder;
import org.ops4j.pax.exam.TestProbeBuilder;
import org.osgi.framework.Constants;

/**
 * A Karaf as it is downloaded, with free ports on localhost, that knows of no repository but the files of this build and Maven's local
 * one. What is installed, a test installs.
 */
public abstract class StockKaraf extends KarafTestSupport {

    private static final int LIMIT_MILLIS = 180_000;
    private static final long PATIENCE_SECONDS = 120;

    /** What each test needs from its first line on, and what every container has before the test's bundle. */
    private static final String IMPORTED = String.join(
            ",",
            "javax.inject",
            "org.apache.karaf.features",
            "org.apache.karaf.itests",
            "org.apache.karaf.shell.api.console",
            "org.awaitility",
            "org.awaitility.core",
            "org.junit",
            "org.junit.rules",
            "org.junit.runner",
            "org.junit.runners.model",
            "org.ops4j.pax.exam",
            "org.osgi.framework",
            "org.osgi.service.cm");

    /**
     * For each test, from the container's being up on. A rule of each test's and not of the class's: it counts within the container, where
     * the test runs, so that the container is stopped as after any test that failed.
     */
    @Rule
    public final Timeout limit = Limits.forOneTest();

    /** A second run would hide a promise that holds only most of the time. */
    protected StockKaraf() {
        retry = new Retry(false);
    }

    @Override
    @Configuration
    public Option[] config() {
        String repositories = String.join(
                ", ",
                "file:" + System.getProperty("peercred.repository") + "@id=peercred@snapshots",
                "file:${karaf.home}/system@id=system@snapshots",
                "file:" + System.getProperty("org.ops4j.pax.url.mvn.localRepository") + "@id=local@snapshots");
        String maven = "etc/org.ops4j.pax.url.mvn.cfg";
        return combine(
                super.config(),
                editConfigurationFilePut(maven, "org.ops4j.pax.url.mvn.defaultRepositories", repositories),
                editConfigurationFilePut(maven, "org.ops4j.pax.url.mvn.repositories", ""),
                editConfigurationFilePut("etc/org.apache.karaf.shell.cfg", "sshHost", "127.0.0.1"),
                freePortFor("etc/org.apache.karaf.shell.cfg", "sshPort"),
                freePortFor("etc/org.apache.karaf.management.cfg", "rmiRegistryPort"),
                freePortFor("etc/org.apache.karaf.management.cfg", "rmiServerPort"),
                freePortFor("etc/org.ops4j.pax.web.cfg", "org.osgi.service.http.port"),
                systemProperty("peercred.version").value(System.getProperty("peercred.version")),
                systemTimeout(LIMIT_MILLIS),
                waitForRBCFor(LIMIT_MILLIS));
    }

    /**
     * The test's bundle is wired to these when it is resolved. A package that is looked for only when a class of it is, needs the
     * framework's lock at that moment, which a container that starts or installs may hold; then the class is not found, ever.
     */
    @Override
    @ProbeBuilder
    public TestProbeBuilder probeConfiguration(TestProbeBuilder probe) {
        return super.probeConfiguration(probe).setHeader(Constants.IMPORT_PACKAGE, IMPORTED);
    }

    /** Karaf's own test support takes the first free port from a fixed one on, as does the next container that starts meanwhile. */
    private static Option freePortFor(String file, String key) {
        try {
            return editConfigurationFilePut(file, key, Integer.toString(freePort()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Runs commands in one session, as an operator types them. */
    protected String console(String... commands) {
        return new Operator(sessionFactory).types(String.join("; ", commands));
    }

    protected void addRepository() {
        console("feature:repo-add mvn:org.peercred/peercred-features/" + System.getProperty("peercred.version")
                + "/xml/features");
    }

    /** A new directory that goes when this container does, if it is empty then. */
    protected static Path directoryOfThisRun() throws IOException {
        Path directory = Files.createTempDirectory("peercred-it");
        directory.toFile().deleteOnExit();
        return directory;
    }

    /** A port on localhost that nobody uses at the moment. */
    static int freePort() throws IOException {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return server.getLocalPort();
        }
    }

    protected static Path etc() {
        return Path.of(System.getProperty("karaf.etc"));
    }

    /** Where the configuration with a PID is, such as {@code org.peercred.listener~echo}. */
    protected static Path etc(String pid) {
        return etc().resolve(pid.replace('~', '-') + ".cfg");
    }

    /** Changes a key in a configuration's file, and waits until Karaf has taken it. */
    protected static void set(String pid, String key, String value) throws Exception {
        Change.lasts(pid, key, value, () -> EtcFile.set(etc(pid), key, value));
    }

    /** The numeric id of the user that this container runs as. */
    protected static int ownUid() throws IOException {
        return (Integer) Files.getAttribute(Path.of("/proc/self"), "unix:uid");
    }

    /** The configuration files of ours, by name. */
    protected static List<String> ourFiles() throws IOException {
        try (var files = Files.list(etc())) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.startsWith("org.peercred."))
                    .sorted()
                    .toList();
        }
    }

    /** Waits until a new client of a socket hears this. */
    protected static void awaitHears(Path socket, String line, String expected) {
        await().atMost(PATIENCE_SECONDS, TimeUnit.SECONDS)
                .pollInterval(100, TimeUnit.MILLISECONDS)
                .until(() -> Client.hears(socket, line).equals(expected));
    }

    /** What this process holds once Karaf's own server, which has an event loop as well, is up. */
    protected Holdings baseline(Path unusedPath) throws Exception {
        InetSocketAddress ssh = new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(getSshPort()));
        await().atMost(PATIENCE_SECONDS, TimeUnit.SECONDS)
                .ignoreException(ConnectException.class)
                .until(() -> {
                    try (SocketChannel channel = SocketChannel.open(ssh)) {
                        return channel.isConnected();
                    }
                });
        return Holdings.baseline(unusedPath);
    }

    /** Waits until this process holds no more than it did, and says what is left over if it does. */
    protected static void awaitHoldings(Holdings expected) {
        await().atMost(PATIENCE_SECONDS, TimeUnit.SECONDS)
                .pollInterval(200, TimeUnit.MILLISECONDS)
                .untilAsserted(() -> assertEquals(expected, Holdings.now()));
    }
}
