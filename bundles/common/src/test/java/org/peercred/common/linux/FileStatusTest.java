/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.common.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class FileStatusTest {

    @TempDir
    Path directory;

    private Path file(String mode) throws Exception {
        Path file = Files.writeString(Files.createTempFile(directory, "file", ""), "hello");
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));
    }

    @Test
    void tells_what_a_file_is() throws Exception {
        Path file = file("rw-r-----");
        Files.setLastModifiedTime(file, FileTime.fromMillis(1_000_000));
        FileStatus status = FileStatus.of(file);
        assertEquals(Files.getAttribute(file, "unix:ino"), status.inode());
        assertEquals(Files.getAttribute(file, "unix:dev"), status.device());
        assertEquals(Integer.toUnsignedLong((int) Files.getAttribute(file, "unix:uid")), status.uid());
        assertEquals(Integer.toUnsignedLong((int) Files.getAttribute(file, "unix:gid")), status.gid());
        assertEquals(0640, status.permissions());
        assertEquals(5, status.size());
        assertEquals(FileTime.fromMillis(1_000_000), status.modified());
        assertTrue(status.changed().toMillis() > 1_000_000);
        assertTrue(status.isRegular());
        assertFalse(status.isSocket() || status.isDirectory() || status.isSymbolicLink() || status.isSticky());
        assertFalse(status.isWritableByOthers() || status.isWritableByAll());
    }

    @Test
    void tells_who_may_write() throws Exception {
        FileStatus group = FileStatus.of(file("rw--w----"));
        assertTrue(group.isWritableByOthers());
        assertFalse(group.isWritableByAll());
        FileStatus all = FileStatus.of(file("rw-----w-"));
        assertTrue(all.isWritableByOthers() && all.isWritableByAll());
        Files.setAttribute(directory, "unix:mode", 01777);
        FileStatus sticky = FileStatus.of(directory);
        assertTrue(sticky.isSticky() && sticky.isDirectory() && sticky.isWritableByAll());
        assertEquals(01777, sticky.permissions());
    }

    @Test
    void looks_at_a_link_or_behind_it() throws Exception {
        Path file = file("rw-------");
        Path link = Files.createSymbolicLink(directory.resolve("link"), file);
        assertTrue(FileStatus.of(link).isSymbolicLink());
        assertFalse(FileStatus.of(link).isSameFileAs(FileStatus.of(file)));
        assertTrue(FileStatus.followed(link).isSameFileAs(FileStatus.of(file)));
        assertEquals(FileStatus.of(file), FileStatus.followed(link));
    }

    @Test
    void knows_a_socket() throws Exception {
        Path socket = directory.resolve("socket");
        try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            server.bind(UnixDomainSocketAddress.of(socket));
            assertTrue(FileStatus.of(socket).isSocket());
        }
    }

    @Test
    void tells_two_files_of_one_number_on_different_devices_apart() throws Exception {
        FileStatus status = FileStatus.of(directory);
        FileStatus other = new FileStatus(
                status.device() + 1,
                status.inode(),
                status.mode(),
                status.uid(),
                status.gid(),
                status.size(),
                status.modified(),
                status.changed());
        assertFalse(status.isSameFileAs(other));
    }

    @Test
    void there_may_be_nothing_to_look_at() {
        assertThrows(NoSuchFileException.class, () -> FileStatus.of(directory.resolve("none")));
        assertThrows(NoSuchFileException.class, () -> FileStatus.followed(directory.resolve("none")));
    }
}
