/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.osgi.framework.Filter;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.InvalidSyntaxException;
import org.peercred.common.config.Key;
import org.peercred.common.config.Keys;
import org.peercred.common.config.Schema;
import org.peercred.common.config.UnusableValueException;
import org.peercred.common.names.Account;
import org.peercred.common.names.AccountKind;
import org.peercred.listener.internal.socket.PassedSockets;
import org.peercred.listener.internal.socket.UnixAddress;

/** The keys of a listener; {@link ListenerConfiguration} describes them to configuration tools. */
final class ListenerKeys {

    static final Schema SCHEMA = new Schema();

    private static final int LONGEST_PATH = UnixAddress.LONGEST;

    /** FDNAME_MAX of systemd. */
    private static final int LONGEST_NAME = 255;

    private static final int LONGEST_MESSAGE = 1024;
    private static final int MOST_CONNECTIONS = 10_000_000;
    private static final String MODES = "three octal digits";
    private static final String MESSAGES = "one line of at most " + LONGEST_MESSAGE + " characters";

    static final Key<String> NAME = SCHEMA.add(Keys.text("name", ""));
    static final Key<String> PATH =
            SCHEMA.add(Keys.text("path", "").as(ListenerKeys::path).within("at most " + LONGEST_PATH + " bytes"));
    static final Key<Integer> MODE =
            SCHEMA.add(Keys.text("mode", "0600").as(ListenerKeys::mode).within(MODES));
    static final Key<Optional<Account>> OWNER = SCHEMA.add(account("owner", AccountKind.USER));
    static final Key<Optional<Account>> GROUP = SCHEMA.add(account("group", AccountKind.GROUP));
    static final Key<Filter> SERVICE_TARGET =
            SCHEMA.add(Keys.text("service.target", "(peercred.service=echo)").as(ListenerKeys::filter));
    static final Key<String> DENIED_MESSAGE = SCHEMA.add(Keys.line("denied.message", "Unauthorized access")
            .as(ListenerKeys::message)
            .within(MESSAGES));
    static final Key<List<String>> REQUIRED_POLICIES = SCHEMA.add(Keys.completeList("required.policies"));
    static final Key<Integer> MAX_CONNECTIONS = SCHEMA.add(Keys.number("max.connections", 10_000, 1, MOST_CONNECTIONS));
    static final Key<Integer> MAX_CONNECTIONS_PER_UID =
            SCHEMA.add(Keys.number("max.connections.per.uid", 1000, 1, MOST_CONNECTIONS));
    static final Key<Integer> MAX_LINE_LENGTH =
            SCHEMA.add(Keys.size("max.line.length", "65536", 1, 64 << 20).as(Math::toIntExact));
    static final Key<Duration> IDLE_TIMEOUT = SCHEMA.add(Keys.duration("idle.timeout", "0", "never", 365));
    static final Key<Integer> WRITE_BUFFER =
            SCHEMA.add(Keys.size("write.buffer", "1 MiB", 1, 256 << 20).as(Math::toIntExact));
    static final Key<Integer> BACKLOG = SCHEMA.add(Keys.number("backlog", 4096, 1, 1 << 20));
    static final Key<Boolean> CLOSE_ON_PEER_EXIT = SCHEMA.add(Keys.choice("peer.exit", "keep", "close"));
    static final Key<Boolean> SPEAKS_HTTP = SCHEMA.add(Keys.choice("protocol", "text", "http"));
    static final Key<Boolean> LEAVE_STALE = SCHEMA.add(Keys.choice("stale", "remove", "fail"));

    private ListenerKeys() {}

    private static Key<Optional<Account>> account(String name, AccountKind kind) {
        return Keys.text(name, "")
                .as(text -> {
                    try {
                        return Account.of(kind, text);
                    } catch (IllegalArgumentException e) {
                        throw new UnusableValueException(e.getMessage());
                    }
                })
                .optional();
    }

    private static String path(String path) throws UnusableValueException {
        if (path.isEmpty()) {
            throw new UnusableValueException("a listener needs the path of its socket");
        }
        if (path.startsWith(PassedSockets.PREFIX)) {
            return passed(path);
        }
        if (path.startsWith(UnixAddress.ABSTRACT)) {
            return abstractName(path);
        }
        if (!path.startsWith("/")) {
            throw new UnusableValueException("it must be absolute");
        }
        if (path.chars().anyMatch(c -> c < ' ' || c > '~')) {
            throw new UnusableValueException("only printable ASCII characters are possible in a socket's path");
        }
        if (path.endsWith("/") || path.contains("//") || path.contains("/../") || path.endsWith("/..")) {
            throw new UnusableValueException("it must be the plain path of a file");
        }
        if (path.length() > LONGEST_PATH) {
            throw new UnusableValueException(
                    "it has " + path.length() + " bytes, the kernel takes " + LONGEST_PATH + " at most");
        }
        return path;
    }

    private static String abstractName(String path) throws UnusableValueException {
        int bytes = path.length() - UnixAddress.ABSTRACT.length();
        if (bytes < 1 || bytes > LONGEST_PATH || path.chars().anyMatch(c -> c < ' ' || c > '~')) {
            throw new UnusableValueException("after " + UnixAddress.ABSTRACT
                    + " comes the name of an abstract socket: 1 to " + LONGEST_PATH + " printable ASCII characters");
        }
        return path;
    }

    /** The rules of FileDescriptorName= in systemd.socket(5). */
    private static String passed(String path) throws UnusableValueException {
        String name = path.substring(PassedSockets.PREFIX.length());
        if (name.isEmpty() || name.length() > LONGEST_NAME || !name.chars().allMatch(ListenerKeys::mayBeInName)) {
            throw new UnusableValueException(
                    "after " + PassedSockets.PREFIX + " comes the FileDescriptorName of a socket" + " unit: 1 to "
                            + LONGEST_NAME + " printable ASCII characters without a colon");
        }
        return path;
    }

    private static boolean mayBeInName(int c) {
        return c >= ' ' && c <= '~' && c != ':';
    }

    private static int mode(String mode) throws UnusableValueException {
        if (!mode.matches("0?[0-7]{3}")) {
            throw new UnusableValueException("it must be " + MODES + ", for instance 0600");
        }
        return Integer.parseInt(mode, 8);
    }

    private static Filter filter(String filter) throws UnusableValueException {
        try {
            return FrameworkUtil.createFilter(filter);
        } catch (InvalidSyntaxException e) {
            throw new UnusableValueException("it is no OSGi filter");
        }
    }

    private static String message(String message) throws UnusableValueException {
        if (message.chars().anyMatch(c -> c == '\n' || c == '\r') || message.length() > LONGEST_MESSAGE) {
            throw new UnusableValueException("it must be " + MESSAGES);
        }
        return message;
    }
}
