/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.command.internal;

import org.peercred.service.CommandCall;
import org.peercred.service.CommandException;
import org.peercred.service.PeerCommand;

/** A command made of a few lines. */
final class FakeCommand implements PeerCommand {

    /** What it does. */
    @FunctionalInterface
    interface Body {
        void run(CommandCall call) throws CommandException;
    }

    private final String name;
    private final Body body;
    private boolean secret;

    FakeCommand(String name, Body body) {
        this.name = name;
        this.body = body;
    }

    FakeCommand secret() {
        secret = true;
        return this;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public String description() {
        return "is a test of\n" + name;
    }

    @Override
    public boolean sensitive() {
        return secret;
    }

    @Override
    public void run(CommandCall call) throws CommandException {
        body.run(call);
    }
}
