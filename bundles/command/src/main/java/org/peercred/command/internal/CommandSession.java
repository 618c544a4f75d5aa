/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.command.internal;

import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.peercred.access.AccessRequest;
import org.peercred.access.Decision;
import org.peercred.command.internal.CommandAudit.Result;
import org.peercred.service.LineSession;
import org.peercred.service.PeerConnection;
import org.peercred.service.Replies;

/**
 * One connection to the command service. A line is understood, looked up, decided and handed over on the event loop; the
 * command runs elsewhere, and no further line of this connection is read before its answer is there.
 */
final class CommandSession implements LineSession {

    private final CommandContext context;
    private final PeerConnection connection;
    private CommandThreads.Waiting waiting = CommandThreads.Waiting.NONE;
    private volatile boolean gone;

    CommandSession(CommandContext context, PeerConnection connection) {
        this.context = context;
        this.connection = connection;
    }

    @Override
    public void line(ByteBuffer bytes, Replies replies) {
        Optional<CommandLine> line = CommandLine.parse(bytes);
        if (line.isEmpty()) {
            CommandAudit.record(connection, "", Optional.empty(), Result.ERROR, ErrorMessages.NO_TEXT, "");
            replies.put(ReplyText.onlyError(ErrorMessages.NO_TEXT));
        } else if (line.get().name().isEmpty()) {
            replies.put(ReplyText.onlyError(ErrorMessages.NO_COMMAND));
        } else {
            command(line.get(), replies);
        }
    }

    @Override
    public void closed() {
        gone = true;
        waiting.withdraw(ErrorMessages.ENDED);
    }

    private void command(CommandLine line, Replies replies) {
        String name = line.name();
        Map<String, RegisteredCommand> commands = context.commands();
        RegisteredCommand command = commands.get(name);
        boolean builtIn = BuiltIn.NAMES.contains(name);
        if (command == null && !builtIn) {
            // Without arguments: this may be a sensitive command with a slip in its name.
            String reason = "there is no such command";
            CommandAudit.record(connection, name, Optional.empty(), Result.UNKNOWN, reason, "");
            replies.put(ReplyText.onlyError(ErrorMessages.unknown(line.shownName())));
            return;
        }
        Decision decision = connection.decide(AccessRequest.command(name));
        boolean sensitive = command != null && command.sensitive();
        if (!decision.allowed()) {
            String kept = sensitive ? "" : line.arguments();
            CommandAudit.record(connection, name, Optional.of(decision), Result.DENIED, "", kept);
            replies.put(ReplyText.onlyError(ErrorMessages.denied(name)));
            return;
        }
        Set<String> roles = connection.roles();
        if (builtIn) {
            ReplyText reply = new ReplyText();
            BuiltIn.of(name).answer(connection, roles, commands).forEach(reply::lines);
            CommandAudit.record(connection, name, Optional.of(decision), Result.OK, "", line.arguments());
            replies.put(reply.ok());
            return;
        }
        Execution.Request request =
                new Execution.Request(connection, decision, Caller.of(connection.peer()), roles, () -> gone);
        Execution execution = new Execution(request, command, line.arguments(), replies.defer());
        waiting = context.threads().submit(connection.peer().uid(), execution);
    }
}
