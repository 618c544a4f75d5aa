/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.console.internal.ssh;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.EnumMap;
import java.util.Map;
import org.apache.sshd.common.SshConstants;
import org.apache.sshd.common.SshException;
import org.apache.sshd.common.channel.PtyMode;
import org.apache.sshd.common.channel.RequestHandler;
import org.apache.sshd.common.util.buffer.Buffer;
import org.apache.sshd.server.Signal;
import org.apache.sshd.server.channel.ChannelSession;

/**
 * A channel for commands and terminals, and for nothing else: no subsystem, no agent, no X11, of the environment little. Of what a
 * client can repeat as often as it likes, nothing is kept and nothing logged.
 */
final class ConsoleChannel extends ChannelSession {

    private static final int NOT_A_MODE = 160;
    private static final int MODE_SIZE = 1 + Integer.BYTES;
    private static final long LARGEST_WINDOW = 0xffff_ffffL;

    @Override
    protected RequestHandler.Result handleInternalRequest(String type, boolean wantReply, Buffer buffer)
            throws IOException {
        return switch (type) {
            case "env", "pty-req", "window-change", "signal", "break", CHANNEL_SHELL, CHANNEL_EXEC ->
                super.handleInternalRequest(type, wantReply, buffer);
            default -> RequestHandler.Result.ReplyFailure;
        };
    }

    @Override
    protected RequestHandler.Result handleEnvParsed(String name, String value) throws IOException {
        return ClientEnvironment.isAccepted(name, value)
                ? super.handleEnvParsed(name, value)
                : RequestHandler.Result.ReplyFailure;
    }

    /** As SSHD reads it, but without a line in the log for each mode that it does not know. */
    @Override
    protected RequestHandler.Result handlePtyReq(Buffer buffer, boolean wantReply) throws IOException {
        String term = buffer.getString();
        int columns = buffer.getInt();
        int rows = buffer.getInt();
        int width = buffer.getInt();
        int height = buffer.getInt();
        byte[] encoded = buffer.getBytes();
        Map<PtyMode, Integer> modes = new EnumMap<>(PtyMode.class);
        for (int i = 0; i + MODE_SIZE <= encoded.length; i += MODE_SIZE) {
            int opcode = encoded[i] & 0xff;
            if (opcode == 0 || opcode >= NOT_A_MODE) {
                break;
            }
            PtyMode mode = PtyMode.fromInt(opcode);
            if (mode != null) {
                modes.put(mode, ByteBuffer.wrap(encoded).getInt(i + 1));
            }
        }
        return handlePtyReqParsed(ClientEnvironment.terminalType(term), columns, rows, width, height, modes);
    }

    @Override
    protected RequestHandler.Result handleSignalParsed(String name) throws IOException {
        return Signal.get(name) == null ? RequestHandler.Result.ReplyFailure : super.handleSignalParsed(name);
    }

    @Override
    public void handleData(Buffer buffer) throws IOException {
        requireNoEof();
        super.handleData(buffer);
    }

    @Override
    public void handleExtendedData(Buffer buffer) throws IOException {
        throw new SshException(SshConstants.SSH2_DISCONNECT_PROTOCOL_ERROR, "clients have no extended data");
    }

    @Override
    public void handleEof() throws IOException {
        requireNoEof();
        super.handleEof();
    }

    @Override
    public void handleWindowAdjust(Buffer buffer) throws IOException {
        long increment = Integer.toUnsignedLong(ByteBuffer.wrap(buffer.array()).getInt(buffer.rpos()));
        if (getRemoteWindow().getSize() + increment > LARGEST_WINDOW) {
            throw new SshException(SshConstants.SSH2_DISCONNECT_PROTOCOL_ERROR, "the window is too large");
        }
        super.handleWindowAdjust(buffer);
    }

    /** Who closes the channel does not wait for its command. */
    @Override
    public void handleClose() throws IOException {
        if (commandInstance != null) {
            try {
                commandInstance.destroy(this);
            } catch (Exception e) {
                throw new IOException(e);
            }
        }
        commandExitFuture.setClosed();
        super.handleClose();
    }

    private void requireNoEof() throws SshException {
        if (isEofSignalled()) {
            throw new SshException(SshConstants.SSH2_DISCONNECT_PROTOCOL_ERROR, "there was an end of data before");
        }
    }
}
