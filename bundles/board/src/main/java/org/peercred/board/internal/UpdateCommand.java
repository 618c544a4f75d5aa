/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.board.internal;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Reference;
import org.peercred.common.text.ForeignText;
import org.peercred.service.CommandCall;
import org.peercred.service.CommandException;
import org.peercred.service.PeerCommand;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Puts a text on the notice board. */
@Component(name = "org.peercred.board.update", configurationPolicy = ConfigurationPolicy.IGNORE)
public final class UpdateCommand implements PeerCommand {

    private static final Logger LOG = LoggerFactory.getLogger(UpdateCommand.class);

    private final NoticeBoard board;

    /**
     * @param board the notice board
     */
    @Activate
    public UpdateCommand(@Reference(name = "board") NoticeBoard board) {
        this.board = board;
    }

    @Override
    public String name() {
        return "update";
    }

    @Override
    public String description() {
        return "TEXT: puts a text on the notice board in place of the one there";
    }

    @Override
    public void run(CommandCall call) throws CommandException {
        String text = call.arguments();
        if (text.isEmpty()) {
            throw new CommandException("update needs a text");
        }
        if (text.getBytes(StandardCharsets.UTF_8).length > NoticeBoard.LONGEST) {
            throw new CommandException("the text is longer than " + NoticeBoard.LONGEST + " bytes");
        }
        // It will be shown on other users' terminals.
        if (!ForeignText.isPlain(text.replace('\t', ' '))) {
            throw new CommandException("the text holds a character that cannot be seen");
        }
        try {
            board.put(text);
        } catch (IOException e) {
            LOG.warn("The text for the notice board could not be saved: {}", e.toString());
            throw new CommandException("the text could not be saved");
        }
    }
}
