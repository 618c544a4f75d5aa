/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.command.internal;

import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.peercred.access.Decision;
import org.peercred.command.internal.CommandAudit.Result;
import org.peercred.credentials.Peer;
import org.peercred.service.CommandCall;
import org.peercred.service.CommandException;
import org.peercred.service.LineConnection;
import org.peercred.service.Replies;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One run of a command that was granted: whatever happens, its client gets an answer and the audit log an event. */
final class Execution implements CommandThreads.Task, CommandCall {

    private static final Logger LOG = LoggerFactory.getLogger(Execution.class);

    /**
     * What it rests on.
     *
     * @param connection who asked
     * @param decision the grant
     * @param caller the peer, for any thread to look at
     * @param roles the peer's roles when the command was granted
     * @param gone tells whether the connection has ended
     */
    record Request(
            LineConnection connection, Decision decision, Caller caller, Set<String> roles, BooleanSupplier gone) {}

    private final Request request;
    private final RegisteredCommand command;
    private final String arguments;
    private final CommandAudit audit;
    private final Replies.Deferred deferred;
    private final ReplyText reply = new ReplyText();

    Execution(
            Request request,
            RegisteredCommand command,
            String arguments,
            CommandAudit audit,
            Replies.Deferred deferred) {
        this.request = request;
        this.command = command;
        this.arguments = arguments;
        this.audit = audit;
        this.deferred = deferred;
    }

    @Override
    public void run() {
        if (request.gone().getAsBoolean()) {
            // Its turn came too late: perhaps the connection was ended because the peer may do nothing here any more.
            refuse("the connection ended before the command's turn came");
            return;
        }
        byte[] answer = ReplyText.onlyError(Answers.FAILED);
        Result result = Result.ERROR;
        String reason = Answers.FAILED;
        try {
            command.command().run(this);
            answer = reply.ok();
            result = Result.OK;
            reason = "";
        } catch (CommandException e) {
            reason = e.getMessage() == null ? Answers.FAILED : e.getMessage();
            answer = reply.error(reason);
        } catch (ReplyText.TooLongException e) {
            LOG.warn("Command {}: {}", command.name(), e.getMessage());
            reason = e.getMessage();
            answer = reply.error(reason);
        } catch (Throwable e) {
            // Foreign code, perhaps of a bundle that is half gone: errors are its own.
            LOG.warn("Command {} failed: {}", command.name(), ReplyText.oneLine(e.toString()));
            LOG.debug("The failure", e);
            answer = reply.error(Answers.FAILED);
        } finally {
            record(result, reason);
            deferred.complete(answer);
        }
    }

    @Override
    public void refuse(String reason) {
        record(Result.ERROR, reason);
        deferred.complete(ReplyText.onlyError(reason));
    }

    @Override
    public Peer peer() {
        return request.caller();
    }

    @Override
    public Set<String> roles() {
        return request.roles();
    }

    @Override
    public String listener() {
        return request.connection().listener();
    }

    @Override
    public String arguments() {
        return arguments;
    }

    @Override
    public void reply(String line) {
        reply.lines(line);
    }

    private void record(Result result, String reason) {
        String kept = command.sensitive() ? "" : arguments;
        audit.record(request.connection(), command.name(), Optional.of(request.decision()), result, reason, kept);
    }
}
