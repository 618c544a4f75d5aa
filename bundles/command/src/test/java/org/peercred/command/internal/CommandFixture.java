/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.command.internal;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** A command service with the command say. */
abstract class CommandFixture {

    final CommandService service = new CommandService();

    @BeforeEach
    void publish_an_echo() {
        publish("say", call -> call.reply(call.arguments()));
    }

    @AfterEach
    void stop() {
        service.stop();
    }

    FakeReference publish(String name, FakeCommand.Body body) {
        return publish(new FakeCommand(name, body), 0);
    }

    FakeReference publish(FakeCommand command, int ranking) {
        FakeReference reference = new FakeReference(ranking);
        service.bindCommands(reference, command);
        return reference;
    }

    Client client(String... grants) {
        return new Client(service, 1001, grants);
    }
}
