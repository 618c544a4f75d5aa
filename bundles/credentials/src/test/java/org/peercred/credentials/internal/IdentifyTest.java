/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.credentials.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalInt;
import jnr.ffi.Pointer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.peercred.credentials.InvalidDescriptorException;
import org.peercred.credentials.NotAUnixSocketException;
import org.peercred.credentials.Peer;
import org.peercred.credentials.SystemCallException;

@Timeout(120)
class IdentifyTest {

    private final Native system = Native.load();
    private final KernelPeerCredentialProvider provider =
            new KernelPeerCredentialProvider(system, new KernelProcessTable(system));

    @Test
    void sees_this_process_at_the_other_end_of_its_own_pair() throws Exception {
        try (Sockets.Pair pair = Sockets.pair();
                Peer peer = provider.identify(pair.first())) {
            assertEquals(OptionalInt.of((int) ProcessHandle.current().pid()), peer.pid());
            assertEquals(((Number) Files.getAttribute(Path.of("/proc/self"), "unix:uid")).longValue(), peer.uid());
            assertEquals(((Number) Files.getAttribute(Path.of("/proc/self"), "unix:gid")).longValue(), peer.gid());
        }
    }

    @Test
    void knows_the_user_that_this_process_runs_as() throws Exception {
        assertEquals(
                ((Number) Files.getAttribute(Path.of("/proc/self"), "unix:uid")).longValue(), provider.daemonUid());
    }

    @Test
    void knows_the_overflow_ids() throws Exception {
        Process process =
                new ProcessBuilder("cat", "/proc/sys/kernel/overflowuid", "/proc/sys/kernel/overflowgid").start();
        try (BufferedReader lines = process.inputReader()) {
            assertEquals(lines.readLine(), Long.toString(provider.overflowUid()));
            assertEquals(lines.readLine(), Long.toString(provider.overflowGid()));
        } finally {
            process.destroyForcibly();
        }
    }

    @Test
    void a_socket_that_is_not_connected_has_no_peer() throws Exception {
        int socket = Sockets.unconnected();
        try (Peer peer = provider.identify(socket)) {
            assertEquals(Peer.NO_PEER, peer.uid());
            assertEquals(OptionalInt.empty(), peer.pid());
            assertEquals("the socket has no peer", peer.process().absence());
            assertEquals("the socket has no peer", peer.groups().absence());
        } finally {
            Sockets.close(socket);
        }
    }

    @Test
    void refuses_a_tcp_socket_although_the_kernel_answers_for_it() throws Exception {
        int socket = Sockets.tcp();
        try {
            NotAUnixSocketException e = assertThrows(NotAUnixSocketException.class, () -> provider.identify(socket));
            assertTrue(e.getMessage().contains("not a Unix domain socket"), e.getMessage());
        } finally {
            Sockets.close(socket);
        }
    }

    @Test
    void refuses_a_pipe() throws Exception {
        try (Sockets.Pair pipe = Sockets.pipe()) {
            NotAUnixSocketException e =
                    assertThrows(NotAUnixSocketException.class, () -> provider.identify(pipe.first()));
            assertEquals("Descriptor " + pipe.first() + " is not a socket.", e.getMessage());
        }
    }

    @Test
    void refuses_an_answer_of_another_length() throws Exception {
        LibC shortened = (LibC) Proxy.newProxyInstance(
                LibC.class.getClassLoader(), new Class<?>[] {LibC.class}, (proxy, method, arguments) -> {
                    Object outcome = method.invoke(system.libc(), arguments);
                    Pointer.wrap(system.runtime(), (long) arguments[4]).putInt(0, 8);
                    return outcome;
                });
        Native other = new Native(shortened, system.runtime());
        try (Sockets.Pair pair = Sockets.pair()) {
            SystemCallException e = assertThrows(SystemCallException.class, () -> new KernelPeerCredentialProvider(
                            other, new KernelProcessTable(other))
                    .identify(pair.first()));
            assertTrue(e.getMessage().contains("8 bytes instead of 12"), e.getMessage());
        }
    }

    @Test
    void refuses_a_closed_descriptor() {
        InvalidDescriptorException e =
                assertThrows(InvalidDescriptorException.class, () -> provider.identify(1_000_000));
        assertEquals("Descriptor 1000000 is not open.", e.getMessage());
    }

    @Test
    void refuses_a_negative_descriptor() {
        assertThrows(InvalidDescriptorException.class, () -> provider.identify(-1));
    }
}
