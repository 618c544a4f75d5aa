/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.shell.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.peercred.access.AccessControl;
import org.peercred.common.inspect.Accounts;
import org.peercred.common.inspect.FileRights;
import org.peercred.common.inspect.Services;
import org.peercred.common.inspect.SocketWay;
import org.peercred.common.inspect.SupposedPeer;
import org.peercred.common.testing.FakeControl;
import org.peercred.common.testing.FakeDirectory;
import org.peercred.credentials.UserDatabase;
import org.peercred.service.ListenerDirectory;
import org.peercred.shell.internal.Shell.Result;

/** {@code peercred:check} on sockets that are files. */
@Timeout(300)
class CheckWayTest {

    private static final int OWNER = 4242;
    private static final int STRANGER = 1001;

    /** Enough for all that connect, since nobody accepts. */
    private static final int BACKLOG = 1024;

    @TempDir
    private Path root;

    private final FakeDirectory directory = new FakeDirectory();
    private final List<ServerSocketChannel> channels = new ArrayList<>();
    private Shell shell;
    private Path inner;
    private Path socket;

    @BeforeEach
    void start() throws IOException {
        shell = new Shell();
        shell.services.add(AccessControl.class, new FakeControl());
        shell.services.add(ListenerDirectory.class, directory);
        shell.services.add(UserDatabase.class, Shell.users());
        inner = Files.createDirectory(root.resolve("in"));
        socket = inner.resolve("echo");
        directory.on(inner + "/");
        bind();
        mode(root, "rwxr-xr-x");
        mode(inner, "rwxr-xr-x");
    }

    @AfterEach
    void stop() throws IOException {
        shell.close();
        for (ServerSocketChannel channel : channels) {
            channel.close();
        }
    }

    private void bind() throws IOException {
        ServerSocketChannel channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        channels.add(channel);
        channel.bind(UnixDomainSocketAddress.of(socket), BACKLOG);
        mode(socket, "rw-rw-rw-");
    }

    private static void mode(Path file, String mode) throws IOException {
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));
    }

    private Result check(String who) {
        return shell.run("peercred:check --listener echo " + who);
    }

    private static void assertDenied(Result result, String sentence) {
        assertTrue(result.output().contains("\nDenied on the way to the socket, at " + sentence), result.output());
        assertTrue(result.output().endsWith("\nDenied on echo.\n"), result.output());
        assertEquals(1, result.status());
    }

    @Test
    void who_can_reach_the_socket_and_is_allowed_gets_in() {
        Result result = check("--uid 1001");
        assertTrue(result.output().contains("socket  | " + socket + " | allow"), result.output());
        assertTrue(result.output().contains("0666: others may write to it"), result.output());
        assertTrue(result.output().endsWith("Allowed by uid~team: the uid is on the list\n"), result.output());
        assertEquals(0, result.status());
    }

    @Test
    void a_socket_that_may_not_be_written_to_keeps_out() throws IOException {
        assumeTrue(ownUid() != STRANGER, "needs to run as another user than " + STRANGER);
        mode(socket, "rw-------");
        Result result = check("--uid 1001");
        assertDenied(result, socket + ": " + owned(socket) + " 0600: others may not write to it\n");
        assertTrue(result.output().contains("connect | uid~team"), "the policies are shown all the same");
    }

    @Test
    void a_socket_that_systemd_has_not_handed_over_keeps_everybody_out() {
        directory.on("systemd:");
        assertDenied(check("--uid 0"), "systemd:echo: the listener has no such socket of systemd's\n");
    }

    @Test
    void a_directory_that_may_not_be_searched_keeps_out_wherever_it_is() throws IOException {
        assumeTrue(ownUid() != STRANGER, "needs to run as another user than " + STRANGER);
        mode(root, "rwxr--r--");
        assertDenied(check("--uid 1001"), root + ": " + owned(root) + " 0744: others may not search it\n");
        mode(root, "rwxr-xr-x");
        mode(inner, "rw-rw-rw-");
        assertDenied(check("--uid 1001"), inner + ": " + owned(inner) + " 0666: others may not search it\n");
    }

    @Test
    void all_shows_every_directory_on_the_way() {
        List<String> lines =
                shell.run("peercred:check --no-format --all --uid 1001 -l echo").lines();
        assertTrue(lines.get(0).startsWith("echo\tsocket\t/\tallow\t"), lines.toString());
        assertTrue(lines.stream().anyMatch(line -> line.startsWith("echo\tsocket\t" + inner + "\tallow\t")));
    }

    @Test
    void only_the_first_class_that_fits_counts_as_the_kernel_has_it() throws IOException {
        if (ownUid() == 0) {
            // For root no mode counts: the file is given to somebody for whom it does.
            Files.setAttribute(socket, "unix:uid", OWNER);
        }
        long own = ((Number) Files.getAttribute(socket, "unix:uid")).longValue();
        mode(socket, "---rw-rw-");
        assertDenied(check("--uid " + own), socket + ": " + owned(socket) + " 0066: the owner may not write to it\n");
    }

    @Test
    void groups_count_those_of_the_user_database_too() throws IOException {
        long gid = ((Number) Files.getAttribute(socket, "unix:gid")).longValue();
        assumeTrue(gid != 50 && gid != 60 && ownUid() != STRANGER, "needs another user than alice");
        mode(socket, "rw-rw----");
        assertDenied(check("--uid alice"), socket + ": " + owned(socket) + " 0660: others may not write to it\n");
        assertEquals(0, check("--uid alice --groups " + gid).status());
        assertEquals(0, check("--uid alice --gid " + gid).status());
        mode(socket, "rw----rw-");
        assertDenied(
                check("--uid alice --gid " + gid),
                socket + ": " + owned(socket) + " 0606: the group may not write to it\n");
    }

    @Test
    void groups_that_nobody_knows_matter_only_where_the_mode_makes_a_difference() throws IOException {
        assumeTrue(ownUid() != 5, "needs another user than 5");
        mode(socket, "rw-rw----");
        assertDenied(
                check("--uid 5"), socket + ": " + owned(socket) + " 0660: that depends on groups that are not known\n");
        mode(socket, "rw-rw-rw-");
        assertTrue(check("--uid 5").output().contains("\nDenied, as no policy allows it"));
    }

    @Test
    void root_passes_whatever_the_modes() throws IOException {
        mode(inner, "---------");
        mode(socket, "---------");
        assumeTrue(ownUid() == 0, "needs root: another user cannot look into such a directory");
        Result result = check("--uid 0");
        assertTrue(result.output().contains("user 0 may write to it, whatever its mode"), result.output());
        assertTrue(result.output().contains("Denied by superuser"), result.output());
    }

    @Test
    void symbolic_links_lead_through_directories_that_count_too() throws IOException {
        assumeTrue(ownUid() != STRANGER, "needs to run as another user than " + STRANGER);
        Path hidden = Files.createDirectory(root.resolve("hidden"));
        Path link = Files.createSymbolicLink(hidden.resolve("link"), Path.of("../in"));
        directory.on(link + "/");
        assertEquals(0, check("--uid 1001").status());
        mode(hidden, "rwx------");
        assertDenied(check("--uid 1001"), hidden + ": " + owned(hidden));
        Files.delete(link);
        Files.createSymbolicLink(link, link);
        mode(hidden, "rwxr-xr-x");
        assertDenied(check("--uid 1001"), link + ": too many symbolic links\n");
    }

    @Test
    void a_strangers_link_in_a_directory_for_all_is_not_followed_to_the_socket_itself() throws IOException {
        assumeTrue(ownUid() == 0, "needs root: a symbolic link is given to another user");
        Path shared = Files.createDirectory(root.resolve("shared"));
        Files.setAttribute(shared, "unix:mode", 01777);
        Path toSocket = Files.createSymbolicLink(shared.resolve("socket"), socket);
        Path toDirectory = Files.createSymbolicLink(shared.resolve("in"), inner);
        for (Path link : List.of(toSocket, toDirectory)) {
            Files.setAttribute(link, "unix:uid", 3001, LinkOption.NOFOLLOW_LINKS);
        }
        assertTrue(passes(toDirectory.resolve("echo"), true), "only what the path ends in counts");
        assertFalse(passes(toSocket, true));
        assertTrue(passes(toSocket, false));
    }

    private boolean passes(Path path, boolean linksAreProtected) {
        SupposedPeer stranger =
                SupposedPeer.given(STRANGER, OptionalLong.of(9), Optional.of(Set.of()), SupposedPeer.NOBODY_ASKED);
        FileRights rights = new FileRights(stranger, new Accounts(new Services(shell.services.asContext())));
        return SocketWay.to(path.toString(), rights, linksAreProtected).stream().allMatch(SocketWay.Step::passes);
    }

    @Test
    void a_socket_that_is_gone_or_is_none_is_told() throws IOException {
        Files.delete(socket);
        assertDenied(check("--uid 1001"), socket + ": it does not exist\n");
        Files.createFile(socket);
        assertDenied(check("--uid 1001"), socket + ": it is no socket\n");
        directory.on(socket + "/");
        assertDenied(check("--uid 1001"), socket + ": it is no directory\n");
    }

    @Test
    void agrees_with_the_kernel_about_every_mode() throws Exception {
        assumeTrue(ownUid() == 0, "needs root: processes of other users connect");
        Files.setAttribute(inner, "unix:uid", 3001);
        Files.setAttribute(inner, "unix:gid", 3002);
        Files.setAttribute(socket, "unix:uid", 3003);
        Files.setAttribute(socket, "unix:gid", 3004);
        int[][] peers = {
            {3001, 9, 9}, {3003, 9, 9}, {7, 3002, 9}, {7, 9, 3002}, {7, 3004, 3002}, {7, 9, 9}, {3003, 3002, 3004}
        };
        try (Connector connector = new Connector()) {
            for (String mode : List.of("rwxrwxrwx", "rwx------", "rw-r-xrw-", "-----x--x", "--x--x---")) {
                for (String ofSocket : List.of("rw-rw-rw-", "rw-------", "-w--w----", "r--r--rw-", "------rw-")) {
                    mode(inner, mode);
                    mode(socket, ofSocket);
                    for (int[] peer : peers) {
                        String who = "--uid %d --gid %d --groups %d".formatted(peer[0], peer[1], peer[2]);
                        boolean shown = !check(who).output().contains("on the way to the socket");
                        assertEquals(connector.connects(peer, socket), shown, mode + " " + ofSocket + " " + who);
                    }
                }
            }
        }
    }

    /** Processes with ids of their own that try to connect; told by lines, and answers by lines. */
    private static final class Connector implements AutoCloseable {

        private static final String PROGRAM =
                """
                import os, socket, sys
                for line in sys.stdin:
                    uid, gid, group, path = line.split()
                    pid = os.fork()
                    if pid == 0:
                        os.setgroups([int(group)])
                        os.setresgid(*[int(gid)] * 3)
                        os.setresuid(*[int(uid)] * 3)
                        try:
                            socket.socket(socket.AF_UNIX).connect(path)
                            os._exit(0)
                        except PermissionError:
                            os._exit(13)
                    print(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), flush=True)
                """;

        private final Process process = new ProcessBuilder("python3", "-c", PROGRAM)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        private final BufferedReader answers = process.inputReader();

        Connector() throws IOException {}

        /** Whether a process with this uid, gid and group can connect. */
        boolean connects(int[] peer, Path socket) throws IOException {
            process.outputWriter().write("%d %d %d %s\n".formatted(peer[0], peer[1], peer[2], socket));
            process.outputWriter().flush();
            String status = answers.readLine();
            assertTrue(List.of("0", "13").contains(status), status);
            return status.equals("0");
        }

        @Override
        public void close() {
            process.destroyForcibly().onExit().orTimeout(60, TimeUnit.SECONDS).join();
        }
    }

    private static long ownUid() throws IOException {
        return ((Number) Files.getAttribute(Path.of("/proc/self"), "unix:uid")).longValue();
    }

    private static String owned(Path file) throws IOException {
        return Files.getAttribute(file, "unix:uid") + ":" + Files.getAttribute(file, "unix:gid");
    }
}
