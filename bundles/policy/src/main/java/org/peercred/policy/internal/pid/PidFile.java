/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.policy.internal.pid;

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
 * one of them and is writable by nobody else, and the same is true of every directory on the way to it.
 *
 * @param stamp the file's state; empty if there is no file
 * @param pid the process id on its first line; empty if it has none that counts
 * @param problem why not, half a sentence; the empty string if it has
 * @param suspicious whether the operator should be warned, and nothing that it said before counts any more
 * @param garbled whether the operator should be warned, if it stays like that
 */
record PidFile(Optional<FileStamp> stamp, OptionalInt pid, String problem, boolean suspicious, boolean garbled) {

    /** The greatest process id that Linux can give. */
    static final int MAX_PID = 4_194_304;

    private static final int ENOUGH = 64;
    private static final Pattern FIRST_LINE = Pattern.compile("\\s*(\\d{1,7})\\s*(\\n.*)?", Pattern.DOTALL);

    static PidFile read(Path path, long daemonUid) {
        Optional<FileStamp> before = FileStamp.of(path);
        if (before.isEmpty()) {
            return new PidFile(before, OptionalInt.empty(), "there is no file " + path, false, false);
        }
        String objection = objection(path, before.get(), daemonUid);
        if (!objection.isEmpty()) {
            return new PidFile(before, OptionalInt.empty(), path + " " + objection, true, false);
        }
        try (InputStream in = Files.newInputStream(path, LinkOption.NOFOLLOW_LINKS)) {
            String text = new String(in.readNBytes(ENOUGH), StandardCharsets.ISO_8859_1);
            if (!before.equals(FileStamp.of(path))) {
                return new PidFile(before, OptionalInt.empty(), path + " was changed while it was read", false, false);
            }
            OptionalInt pid = parse(text);
            boolean garbled = pid.isEmpty() && !text.isBlank();
            return new PidFile(before, pid, pid.isPresent() ? "" : path + " holds no process id", false, garbled);
        } catch (IOException e) {
            return new PidFile(before, OptionalInt.empty(), path + " cannot be read", true, false);
        }
    }

    private static String objection(Path path, FileStamp file, long daemonUid) {
        if (file.symbolicLink()) {
            return "is a symbolic link";
        }
        if (!file.regular()) {
            return "is no regular file";
        }
        if (!file.belongsTo(daemonUid)) {
            return "belongs to uid " + file.owner() + ", neither to root nor to the daemon";
        }
        if (file.writableByOthers()) {
            return "is writable by others than its owner";
        }
        return SafeWay.objection(path, daemonUid).orElse("");
    }

    private static OptionalInt parse(String text) {
        Matcher matcher = FIRST_LINE.matcher(text);
        int pid = matcher.matches() ? Integer.parseInt(matcher.group(1)) : 0;
        return pid >= 1 && pid <= MAX_PID ? OptionalInt.of(pid) : OptionalInt.empty();
    }
}
