/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.testing;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.peercred.credentials.Peer;
import org.peercred.service.CommandCall;
import org.peercred.service.CommandException;
import org.peercred.service.PeerCommand;

/** A call of a {@link PeerCommand} that keeps the reply. For one thread. */
public final class FakeCall implements CommandCall {

    private final String arguments;
    private final List<String> lines = new ArrayList<>();
    private Peer peer = FakePeer.of(1000);
    private Set<String> roles = Set.of();
    private String listener = "command";

    private FakeCall(String arguments) {
        this.arguments = arguments;
    }

    /**
     * A call by user 1000, who has no role, on a listener named {@code command}.
     *
     * @param arguments what follows the command's name; blanks around it are left out
     * @return the call
     */
    public static FakeCall with(String arguments) {
        return new FakeCall(arguments.strip());
    }

    /**
     * Says who calls.
     *
     * @param caller the peer
     * @return this
     */
    public FakeCall by(Peer caller) {
        peer = caller;
        return this;
    }

    /**
     * Says which roles the caller has.
     *
     * @param names of roles
     * @return this
     */
    public FakeCall inRoles(String... names) {
        roles = Set.of(names);
        return this;
    }

    /**
     * Says on which listener.
     *
     * @param name the listener's name
     * @return this
     */
    public FakeCall on(String name) {
        listener = name;
        return this;
    }

    /**
     * Runs a command, on this thread.
     *
     * @param command the command
     * @return the lines that it replied, also those of an earlier command
     * @throws CommandException as the command does
     */
    public List<String> run(PeerCommand command) throws CommandException {
        command.run(this);
        return lines();
    }

    /**
     * What was replied so far.
     *
     * @return lines without their ends
     */
    public List<String> lines() {
        return List.copyOf(lines);
    }

    @Override
    public Peer peer() {
        return peer;
    }

    @Override
    public Set<String> roles() {
        return roles;
    }

    @Override
    public String listener() {
        return listener;
    }

    @Override
    public String arguments() {
        return arguments;
    }

    @Override
    public void reply(String line) {
        if (line.isEmpty()) {
            lines.add(line);
        } else {
            line.lines().forEach(lines::add);
        }
    }
}
