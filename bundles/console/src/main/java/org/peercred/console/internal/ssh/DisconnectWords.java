/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.console.internal.ssh;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.apache.sshd.common.SshConstants;
import org.peercred.service.LastWords;

/**
 * Why a connection ends, for clients of whom nothing is known yet: a line that a person with {@code nc} can read and RFC 4253 (4.2) allows
 * in front of the version, and then SSH's own message, which its clients show.
 */
public final class DisconnectWords implements LastWords {

    private static final int HEADER = 5;
    private static final int BLOCK = 8;
    private static final int LEAST_PADDING = 4;

    @Override
    public byte[] lastWords(Cause cause, String text) {
        String words = textOf(text);
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        // A line that looks like a version would be taken for one.
        String line = words.startsWith("SSH-") ? " " + words : words;
        all.writeBytes((line + "\r\n" + ConsoleServer.VERSION + "\r\n").getBytes(StandardCharsets.UTF_8));
        all.writeBytes(packet(reasonOf(cause), words));
        return all.toByteArray();
    }

    /** What is said where the listener says nothing. */
    static String textOf(String text) {
        return text.isEmpty() ? "The container stops" : text;
    }

    static int reasonOf(Cause cause) {
        return switch (cause) {
            case DENIED, REVOKED -> SshConstants.SSH2_DISCONNECT_HOST_NOT_ALLOWED_TO_CONNECT;
            case LIMITED -> SshConstants.SSH2_DISCONNECT_TOO_MANY_CONNECTIONS;
            case UNAVAILABLE -> SshConstants.SSH2_DISCONNECT_SERVICE_NOT_AVAILABLE;
            case IDLE, DISCONNECTED, STOPPED -> SshConstants.SSH2_DISCONNECT_BY_APPLICATION;
        };
    }

    /** SSH_MSG_DISCONNECT as it is before keys are exchanged: RFC 4253, 6 and 11.1. */
    private static byte[] packet(int reason, String words) {
        byte[] description = words.getBytes(StandardCharsets.UTF_8);
        int payload = 1 + Integer.BYTES + Integer.BYTES + description.length + Integer.BYTES;
        int padding = BLOCK - (HEADER + payload) % BLOCK;
        padding += padding < LEAST_PADDING ? BLOCK : 0;
        ByteBuffer packet = ByteBuffer.allocate(HEADER + payload + padding)
                .putInt(1 + payload + padding)
                .put((byte) padding)
                .put(SshConstants.SSH_MSG_DISCONNECT)
                .putInt(reason)
                .putInt(description.length)
                .put(description)
                .putInt(0);
        return packet.array();
    }
}
