/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.itests;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.io.Closeable;
import java.io.IOException;
import java.math.BigInteger;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;

/** The client's side of a WebSocket (RFC 6455), for texts of at most 64 KiB in one frame each. */
final class WebSocketClient implements Closeable {

    private static final String KEY = "dGhlIHNhbXBsZSBub25jZQ==";
    private static final String MAGIC = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

    private static final int TEXT = 0x81;
    private static final int MASKED = 0x80;

    /** What stands for a length that follows in two bytes; one more, for one in eight. */
    private static final int TWO_BYTES = 126;

    private static final byte[] MASK = {1, 2, 3, 4};

    private final WebClient client;

    private WebSocketClient(WebClient client) {
        this.client = client;
    }

    static WebSocketClient connect(SocketAddress address, String path) throws IOException, GeneralSecurityException {
        WebSocketClient client = new WebSocketClient(WebClient.connect(address));
        try {
            client.upgrade(path);
            return client;
        } catch (IOException | AssertionError e) {
            client.close();
            throw e;
        }
    }

    private void upgrade(String path) throws IOException, GeneralSecurityException {
        client.send(
                "GET",
                path,
                "",
                "Connection: Upgrade",
                "Upgrade: websocket",
                "Sec-WebSocket-Version: 13",
                "Sec-WebSocket-Key: " + KEY);
        String head = client.until("\r\n\r\n");
        byte[] digest = MessageDigest.getInstance("SHA-1").digest((KEY + MAGIC).getBytes(ISO_8859_1));
        assertTrue(head, head.startsWith("HTTP/1.1 101 "));
        assertTrue(
                head,
                head.contains("\r\nSec-WebSocket-Accept: " + Base64.getEncoder().encodeToString(digest) + "\r\n"));
    }

    /** Sends a text. */
    void say(String text) throws IOException {
        byte[] bytes = text.getBytes(ISO_8859_1);
        ByteBuffer frame = ByteBuffer.allocate(8 + bytes.length).put((byte) TEXT);
        if (bytes.length < TWO_BYTES) {
            frame.put((byte) (MASKED | bytes.length));
        } else {
            frame.put((byte) (MASKED | TWO_BYTES)).putShort((short) bytes.length);
        }
        frame.put(MASK);
        for (int i = 0; i < bytes.length; i++) {
            frame.put((byte) (bytes[i] ^ MASK[i % MASK.length]));
        }
        client.send(Arrays.copyOf(frame.array(), frame.position()));
    }

    /** The next text. */
    String hear() throws IOException {
        String head = client.next(2);
        assertEquals(TEXT, head.charAt(0));
        int length = head.charAt(1);
        if (length < TWO_BYTES) {
            return client.next(length);
        }
        byte[] longer = client.next(length == TWO_BYTES ? 2 : 8).getBytes(ISO_8859_1);
        return client.next(new BigInteger(1, longer).intValueExact());
    }

    /** All that comes before the connection ends. */
    String rest() {
        return client.rest();
    }

    @Override
    public void close() throws IOException {
        client.close();
    }
}
