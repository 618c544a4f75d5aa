/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.board.internal;

import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Reference;
import org.peercred.service.CommandCall;
import org.peercred.service.PeerCommand;

/** Shows the text on the notice board. */
@Component(name = "org.peercred.board.view", configurationPolicy = ConfigurationPolicy.IGNORE)
public final class ViewCommand implements PeerCommand {

    private final NoticeBoard board;

    /**
     * @param board the notice board
     */
    @Activate
    public ViewCommand(@Reference(name = "board") NoticeBoard board) {
        this.board = board;
    }

    @Override
    public String name() {
        return "view";
    }

    @Override
    public String description() {
        return "shows the text on the notice board";
    }

    @Override
    public void run(CommandCall call) {
        board.text().ifPresent(call::reply);
    }
}
