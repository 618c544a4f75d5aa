/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.policy.internal;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a pid file says. It counts only if nobody but root and the daemon can have written it: a regular file that belongs to
 * one of them and is writable by nobody else, in a directory of which the same is true.
 *
 * @param stamp the file's state; empty if there is no file
 * @param pid the process id on its first line; empty if it has none that counts
 * @param problem why not, half a sentence; the empty string if it has
 * @param suspicious whether the operator should be warned
 */
record PidFile(Optional<FileStamp> stamp, OptionalInt pid, String problem, boolean suspicious) {

    /** The greatest process id that Linux can give. */
    static final int MAX_PID = 4_194_304;

    private static final int ENOUGH = 64;
    private static final Pattern FIRST_LINE = Pattern.compile("\\s*(\\d{1,7})\\s*(\\n.*)?", Pattern.DOTALL);

    static PidFile read(Path path, long daemonUid) {
        Optional<FileStamp> before = FileStamp.of(path);
        if (before.isEmpty()) {
            return new PidFile(before, OptionalInt.empty(), "there is no file " + path, false);
        }
        String objection = objection(path, before.get(), daemonUid);
        if (!objection.isEmpty()) {
            return new PidFile(before, OptionalInt.empty(), path + " " + objection, true);
        }
        try (InputStream in = Files.newInputStream(path, LinkOption.NOFOLLOW_LINKS)) {
            String text = new String(in.readNBytes(ENOUGH), StandardCharsets.ISO_8859_1);
            if (!before.equals(FileStamp.of(path))) {
                return new PidFile(before, OptionalInt.empty(), path + " was changed while it was read", false);
            }
            OptionalInt pid = parse(text);
            return new PidFile(before, pid, pid.isPresent() ? "" : path + " holds no process id", false);
        } catch (IOException e) {
            return new PidFile(before, OptionalInt.empty(), path + " cannot be read", true);
        }
    }

    private static String objection(Path path, FileStamp file, long daemonUid) {
        if (file.symbolicLink()) {
            return "is a symbolic link";
        }
        if (!file.regular()) {
            return "is no regular file";
        }
        if (!trusted(file, daemonUid)) {
            return "belongs to uid " + file.owner() + ", neither to root nor to the daemon";
        }
        if (file.writableByOthers()) {
            return "is writable by others than its owner";
        }
        Optional<FileStamp> directory = Optional.ofNullable(path.getParent()).flatMap(FileStamp::followed);
        boolean safe = directory
                .filter(d -> trusted(d, daemonUid) && (!d.writableByOthers() || d.sticky()))
                .isPresent();
        return safe ? "" : "is in a directory where others than root and the daemon can replace it";
    }

    private static boolean trusted(FileStamp file, long daemonUid) {
        return file.owner() == 0 || file.owner() == daemonUid;
    }

    private static OptionalInt parse(String text) {
        Matcher matcher = FIRST_LINE.matcher(text);
        int pid = matcher.matches() ? Integer.parseInt(matcher.group(1)) : 0;
        return pid >= 1 && pid <= MAX_PID ? OptionalInt.of(pid) : OptionalInt.empty();
    }
}
