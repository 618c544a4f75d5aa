/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.service;

import org.osgi.annotation.versioning.ConsumerType;

/**
 * A command that clients of the command service can run, if a policy grants them the action {@code command:NAME}. Publish an
 * implementation as a service.
 */
@ConsumerType
public interface PeerCommand {

    /**
     * What clients type. Asked once, when the command is published, by any thread.
     *
     * @return lower-case letters, digits and hyphens, a letter first; at most 64 characters
     */
    String name();

    /**
     * What the command does, for {@code help}: its arguments and half a sentence. Asked once.
     *
     * @return one line, for instance {@code "TEXT: puts a text on the notice board"}
     */
    String description();

    /**
     * Whether the arguments are secret, so that the audit log keeps only that the command was run. Asked once.
     *
     * @return false unless overridden
     */
    default boolean sensitive() {
        return false;
    }

    /**
     * Runs the command. Called on a thread that may block, for several connections at once; for one connection one command runs at
     * a time. The thread is interrupted when the command service has stopped and the command does not come to its end.
     *
     * @param call who called, with what, and where replies go
     * @throws CommandException to answer {@code error: MESSAGE}; any other exception answers that the command failed
     */
    void run(CommandCall call) throws CommandException;
}
