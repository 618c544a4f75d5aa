/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.command.internal;

import java.util.Optional;
import org.peercred.access.AuditEvent;
import org.peercred.common.text.ForeignText;
import org.peercred.service.PeerCommand;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A command that somebody publishes, with what never changes about it asked once: an event loop asks no foreign code.
 *
 * @param name what clients type
 * @param description one line
 * @param sensitive whether its arguments are kept out of the audit log
 * @param command runs it
 */
record RegisteredCommand(String name, String description, boolean sensitive, PeerCommand command) {

    private static final Logger LOG = LoggerFactory.getLogger(RegisteredCommand.class);

    /**
     * Looks at a command.
     *
     * @param command the command
     * @return empty if it cannot be used, which is logged
     */
    static Optional<RegisteredCommand> of(PeerCommand command) {
        String type = command.getClass().getName();
        try {
            String name = command.name();
            if (name == null || !CommandLine.isName(name)) {
                LOG.warn(
                        "{} is no command: its name {} is not made of at most 64 lower-case letters, digits and -, a"
                                + " letter first.",
                        type,
                        name == null ? "null" : ForeignText.replace(name));
                return Optional.empty();
            }
            if (BuiltIn.NAMES.contains(name)) {
                LOG.warn("{} is no command: the name {} belongs to the command service itself.", type, name);
                return Optional.empty();
            }
            String description = command.description();
            return Optional.of(new RegisteredCommand(
                    name, description == null ? "" : ForeignText.replace(description), command.sensitive(), command));
        } catch (RuntimeException | LinkageError e) {
            LOG.warn(
                    "{} is no command: it does not tell its name ({}).",
                    type,
                    ForeignText.replace(e.toString(), AuditEvent.LONGEST));
            LOG.debug("The failure", e);
            return Optional.empty();
        }
    }
}
