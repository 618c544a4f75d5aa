/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.example.uptime;

import java.time.Duration;
import java.time.Instant;
import org.osgi.service.component.annotations.Component;
import org.peercred.service.CommandCall;
import org.peercred.service.CommandException;
import org.peercred.service.PeerCommand;

/** Tells how long the container has been running. */
@Component
public final class UptimeCommand implements PeerCommand {

    @Override
    public String name() {
        return "uptime";
    }

    @Override
    public String description() {
        return "[seconds|minutes|hours]: tells how long the container has been running";
    }

    @Override
    public void run(CommandCall call) throws CommandException {
        Instant start = ProcessHandle.current()
                .info()
                .startInstant()
                .orElseThrow(() -> new CommandException("the system does not tell when it was started"));
        Duration uptime = Duration.between(start, Instant.now());
        switch (call.arguments()) {
            case "", "seconds" -> call.reply(uptime.toSeconds() + " seconds");
            case "minutes" -> call.reply(uptime.toMinutes() + " minutes");
            case "hours" -> call.reply(uptime.toHours() + " hours");
            default -> throw new CommandException("seconds, minutes or hours is expected");
        }
    }
}
