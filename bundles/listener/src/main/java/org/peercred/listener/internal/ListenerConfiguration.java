/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.osgi.service.metatype.annotations.Option;

/** A listener's keys as configuration tools show them. What is read is the raw map, by {@link ListenerSettings}. */
@ObjectClassDefinition(name = "Peercred listener", description = "One Unix domain socket, and who may use it how.")
@interface ListenerConfiguration {

    @AttributeDefinition(
            name = "Name",
            description = "What the listener is called in policies, commands and the log. Not set: what follows"
                    + " org.peercred.listener- in the file's name.",
            required = false)
    String name() default "";

    @AttributeDefinition(
            name = "Path",
            description =
                    "Where the socket is: an absolute path, printable ASCII, at most 107 bytes. A new path opens a"
                            + " new socket and then closes the old one. systemd:NAME is the socket that systemd handed over"
                            + " under FileDescriptorName=NAME; then mode, owner, group, backlog and stale do not count."
                            + " @NAME is an abstract socket: it has no file and no permissions, every local process can connect.")
    String path();

    @AttributeDefinition(
            name = "Mode",
            description =
                    "Permissions of the socket file, three octal digits as for chmod. Who may write to the file may"
                            + " connect; what happens then is for the policies to say.",
            required = false)
    String mode() default "0600";

    @AttributeDefinition(
            name = "Owner",
            description = "Owner of the socket file, a user name or id. Not set: the user of this process. Another one"
                    + " takes root.",
            required = false)
    String owner() default "";

    @AttributeDefinition(
            name = "Group",
            description = "Group of the socket file, a group name or id. Not set: the group of this process. Any group"
                    + " that this process is not in takes root.",
            required = false)
    String group() default "";

    @AttributeDefinition(
            name = "Service",
            description = "Which service is behind the socket, as an OSGi filter. Of several that match, the one of the"
                    + " highest ranking. While there is none, clients are told: Service unavailable.",
            required = false)
    String service_target() default "(peercred.service=echo)";

    @AttributeDefinition(
            name = "Denied message",
            description = "What someone who is not let in is told before the connection ends: one line of at most 1024"
                    + " characters.",
            required = false)
    String denied_message() default "Unauthorized access";

    @AttributeDefinition(
            name = "Required policies",
            description =
                    "Ids of policies, such as owner or uid~team, that must be active and cover this listener. Until"
                            + " they all are, nobody is let in.",
            required = false)
    String[] required_policies() default {};

    @AttributeDefinition(
            name = "Connections",
            description = "Connections at a time, 1 to 10000000. One more is told: Too many connections.",
            min = "1",
            max = "10000000",
            required = false)
    int max_connections() default 10_000;

    @AttributeDefinition(
            name = "Connections of one user",
            description = "Connections of one uid at a time, 1 to 10000000. One more is told: Too many connections.",
            min = "1",
            max = "10000000",
            required = false)
    int max_connections_per_uid() default 1000;

    @AttributeDefinition(
            name = "Line length",
            description =
                    "The longest line a client may send, without its end: 1 byte to 64 MiB, for instance 64 KiB. A"
                            + " longer one is told: Line too long.",
            required = false)
    String max_line_length() default "65536";

    @AttributeDefinition(
            name = "Idle timeout",
            description = "A connection on which nothing was received for this long is closed: 0 (never) to 365 d, for"
                    + " instance 30 s or 5 min.",
            required = false)
    String idle_timeout() default "0";

    @AttributeDefinition(
            name = "Write buffer",
            description =
                    "How much may wait for a client that does not read its replies before nothing more is read from"
                            + " it: 1 byte to 256 MiB, for instance 1 MiB. Counted for each connection.",
            required = false)
    String write_buffer() default "1 MiB";

    @AttributeDefinition(
            name = "Backlog",
            description =
                    "Connections that may wait to be accepted, 1 to 1048576. The kernel's own limit is net.core.somaxconn.",
            min = "1",
            max = "1048576",
            required = false)
    int backlog() default 4096;

    @AttributeDefinition(
            name = "When the peer exits",
            description = "What becomes of a connection when the process that opened it is gone while another still"
                    + " holds it.",
            options = {
                @Option(value = "keep", label = "keep it"),
                @Option(value = "close", label = "close it (one descriptor more for each connection)")
            },
            required = false)
    String peer_exit() default "keep";

    @AttributeDefinition(
            name = "Protocol",
            description =
                    "What clients speak: whoever is turned away gets a line of text, or a response of HTTP. A service that"
                            + " has words of its own says them instead.",
            options = {
                @Option(value = "text", label = "text: a line"),
                @Option(value = "http", label = "http: a response")
            },
            required = false)
    String protocol() default "text";

    @AttributeDefinition(
            name = "Stale socket",
            description =
                    "What becomes of a socket file that is there already and on which nobody listens. Anything else"
                            + " at the path is never touched.",
            options = {
                @Option(value = "remove", label = "remove it"),
                @Option(value = "fail", label = "leave it; the listener does not start")
            },
            required = false)
    String stale() default "remove";
}
