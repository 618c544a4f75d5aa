/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.common.linux;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Map;

/**
 * What {@code stat(2)} tells of a file, read by one call.
 *
 * @param device the number of the device that it is on
 * @param inode its own number there
 * @param mode type and permissions, as in inode(7)
 * @param uid its owner, 0 to 4294967295
 * @param gid its group, likewise
 * @param size bytes
 * @param modified when its contents were written last, which its owner can set
 * @param changed when anything about it changed last, which nobody can set
 */
public record FileStatus(
        long device, long inode, int mode, long uid, long gid, long size, FileTime modified, FileTime changed) {

    private static final String ATTRIBUTES = "unix:dev,ino,mode,uid,gid,size,lastModifiedTime,ctime";
    private static final int TYPE = 0170000;
    private static final int SOCKET = 0140000;
    private static final int SYMBOLIC_LINK = 0120000;
    private static final int REGULAR = 0100000;
    private static final int DIRECTORY = 0040000;
    private static final int PERMISSIONS = 07777;
    private static final int STICKY = 01000;
    private static final int WRITABLE_BY_ALL = 0002;
    private static final int WRITABLE_BY_GROUP = 0020;

    /**
     * Looks at a file itself, also where it is a symbolic link.
     *
     * @param path the file
     * @return what it is
     * @throws java.nio.file.NoSuchFileException if there is none
     * @throws IOException if it cannot be looked at
     */
    public static FileStatus of(Path path) throws IOException {
        return read(path, LinkOption.NOFOLLOW_LINKS);
    }

    /**
     * Looks at where a path leads.
     *
     * @param path the path
     * @return what is there
     * @throws java.nio.file.NoSuchFileException if there is nothing
     * @throws IOException if it cannot be looked at
     */
    public static FileStatus followed(Path path) throws IOException {
        return read(path);
    }

    private static FileStatus read(Path path, LinkOption... options) throws IOException {
        Map<String, Object> found = Files.readAttributes(path, ATTRIBUTES, options);
        return new FileStatus(
                (Long) found.get("dev"),
                (Long) found.get("ino"),
                (Integer) found.get("mode"),
                Integer.toUnsignedLong((Integer) found.get("uid")),
                Integer.toUnsignedLong((Integer) found.get("gid")),
                (Long) found.get("size"),
                (FileTime) found.get("lastModifiedTime"),
                (FileTime) found.get("ctime"));
    }

    /**
     * Whether it is a socket.
     *
     * @return whether it is
     */
    public boolean isSocket() {
        return (mode & TYPE) == SOCKET;
    }

    /**
     * Whether it is a symbolic link.
     *
     * @return whether it is
     */
    public boolean isSymbolicLink() {
        return (mode & TYPE) == SYMBOLIC_LINK;
    }

    /**
     * Whether it is a regular file.
     *
     * @return whether it is
     */
    public boolean isRegular() {
        return (mode & TYPE) == REGULAR;
    }

    /**
     * Whether it is a directory.
     *
     * @return whether it is
     */
    public boolean isDirectory() {
        return (mode & TYPE) == DIRECTORY;
    }

    /**
     * Whether in this directory only owners can remove or rename files, their own ones.
     *
     * @return whether it is sticky
     */
    public boolean isSticky() {
        return (mode & STICKY) != 0;
    }

    /**
     * Whether everybody may write to it.
     *
     * @return whether its mode says so
     */
    public boolean isWritableByAll() {
        return (mode & WRITABLE_BY_ALL) != 0;
    }

    /**
     * Whether others than its owner may write to it.
     *
     * @return whether its mode says so, of a group or of everybody
     */
    public boolean isWritableByOthers() {
        return (mode & (WRITABLE_BY_ALL | WRITABLE_BY_GROUP)) != 0;
    }

    /**
     * Its permissions.
     *
     * @return the mode without the type, 0 to 07777
     */
    public int permissions() {
        return mode & PERMISSIONS;
    }

    /**
     * Whether two are one file.
     *
     * @param other another look
     * @return whether device and inode are the same
     */
    public boolean isSameFileAs(FileStatus other) {
        return device == other.device && inode == other.inode;
    }
}
