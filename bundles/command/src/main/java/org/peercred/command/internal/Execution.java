/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.command.internal;

import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.peercred.access.AccessRequest;
import org.peercred.access.Decision;
import org.peercred.command.internal.CommandAudit.Result;
import org.peercred.common.text.Failure;
import org.peercred.credentials.Peer;
import org.peercred.service.CommandCall;
import org.peercred.service.CommandException;
import org.peercred.service.PeerConnection;
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
            PeerConnection connection, Decision decision, Caller caller, Set<String> roles, BooleanSupplier gone) {

        Request decidedAgain(Decision newDecision, Set<String> newRoles) {
            return new Request(connection, newDecision, caller, newRoles, gone);
        }
    }

    private static final byte[] FAILED = ReplyText.onlyError(ErrorMessages.FAILED);

    private final RegisteredCommand command;
    private final String arguments;
    private final Replies.Deferred deferred;
    private final ReplyText reply;
    private Request request;

    Execution(Request request, RegisteredCommand command, String arguments, Replies.Deferred deferred) {
        this.request = request;
        this.command = command;
        this.arguments = arguments;
        this.deferred = deferred;
        this.reply = new ReplyText(deferred::reserve);
    }

    @Override
    public void run(boolean waited) {
        if (request.gone().getAsBoolean()) {
            // Its turn came too late: perhaps the connection was ended because the peer may do nothing here any more.
            refuse(ErrorMessages.ENDED);
        } else if (!waited || isGrantedStill()) {
            answer();
        }
    }

    /** Meanwhile policies may have changed, and roles. Where it is not granted any more, the client has its answer afterwards. */
    private boolean isGrantedStill() {
        try {
            Decision decision = request.connection().decide(AccessRequest.command(command.name()));
            request = request.decidedAgain(decision, request.connection().roles());
            if (decision.allowed()) {
                return true;
            }
        } catch (Throwable e) {
            // Whoever decides, or knows the roles, is half gone: nothing is granted by that.
            refuse(ErrorMessages.FAILED);
            return false;
        }
        conclude(Result.DENIED, "", ErrorMessages.denied(command.name()));
        return false;
    }

    private void answer() {
        byte[] answer = FAILED;
        Result result = Result.ERROR;
        String reason = ErrorMessages.FAILED;
        try {
            command.command().run(this);
            answer = reply.ok();
            result = Result.OK;
            reason = "";
        } catch (CommandException e) {
            reason = e.getMessage() == null ? ErrorMessages.FAILED : e.getMessage();
            answer = reply.error(reason);
        } catch (ReplyText.GoneException e) {
            reason = e.getMessage();
        } catch (ReplyText.TooLongException e) {
            LOG.warn("Command {}: {}", command.name(), e.getMessage());
            reason = e.getMessage();
            answer = reply.error(reason);
        } catch (Throwable e) {
            // Foreign code, perhaps of a bundle that is half gone: errors are its own.
            LOG.warn("Command {} failed: {}", command.name(), Failure.of(command.command(), e));
            LOG.debug("The failure", e);
            answer = reply.error(ErrorMessages.FAILED);
        } finally {
            conclude(result, reason, answer);
        }
    }

    @Override
    public void refuse(String reason) {
        conclude(Result.ERROR, reason, reason);
    }

    private void conclude(Result result, String reason, String error) {
        byte[] answer = FAILED;
        try {
            answer = ReplyText.onlyError(error);
        } finally {
            conclude(result, reason, answer);
        }
    }

    /** Whatever fails, even for want of memory, the client hears something: no line of its is read before. */
    private void conclude(Result result, String reason, byte[] answer) {
        try {
            record(result, reason);
        } finally {
            deferred.complete(answer);
        }
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
        CommandAudit.record(
                request.connection(), command.name(), Optional.of(request.decision()), result, reason, kept);
    }
}
