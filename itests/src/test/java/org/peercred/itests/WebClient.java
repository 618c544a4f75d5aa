/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.itests;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.util.regex.Pattern.CASE_INSENSITIVE;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One connection of somebody who speaks HTTP in the plainest way, over a Unix socket or TCP, with every wait bounded. A byte is a character here, as
 * it is in ISO 8859-1.
 */
final class WebClient implements Closeable {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private static final Pattern CHUNKED = Pattern.compile("\r\ntransfer-encoding: *chunked\r\n", CASE_INSENSITIVE);
    private static final Pattern LENGTH = Pattern.compile("\r\ncontent-length: *(\\d+)\r\n", CASE_INSENSITIVE);

    private final SocketChannel channel;
    private final Selector selector;
    private final ByteBuffer received = ByteBuffer.allocate(1 << 16);
    private String unread = "";

    /**
     * What came back.
     *
     * @param status of HTTP
     * @param head the status line and the headers
     * @param body without what it was packed in
     */
    record Reply(int status, String head, String body) {}

    private WebClient(SocketChannel channel) throws IOException {
        this.channel = channel;
        channel.configureBlocking(false);
        selector = Selector.open();
        channel.register(selector, SelectionKey.OP_READ);
    }

    static WebClient connect(SocketAddress address) throws IOException {
        boolean unix = address instanceof UnixDomainSocketAddress;
        SocketChannel channel = unix ? SocketChannel.open(StandardProtocolFamily.UNIX) : SocketChannel.open();
        try {
            channel.connect(address);
            return new WebClient(channel);
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    /** One request on a connection of its own. */
    static Reply get(SocketAddress address, String path, String... headers) throws IOException {
        try (WebClient client = connect(address)) {
            return client.get(path, headers);
        }
    }

    /** What one request on a connection of its own is answered with; 0 where it is not. */
    static int status(SocketAddress address, String path, String... headers) {
        try {
            return get(address, path, headers).status();
        } catch (IOException e) {
            return 0;
        }
    }

    Reply get(String path, String... headers) throws IOException {
        send("GET", path, "", headers);
        return reply();
    }

    Reply post(String path, String body, String... headers) throws IOException {
        send("POST", path, body, headers);
        return reply();
    }

    /** Sends a request, and does not wait for what comes back. */
    void send(String method, String path, String body, String... headers) throws IOException {
        StringBuilder request = new StringBuilder(method + " " + path + " HTTP/1.1\r\nHost: localhost\r\n");
        for (String header : headers) {
            request.append(header).append("\r\n");
        }
        if (!body.isEmpty()) {
            request.append("Content-Length: ").append(body.length()).append("\r\n");
        }
        send(request.append("\r\n").append(body).toString().getBytes(ISO_8859_1));
    }

    void send(byte[] bytes) throws IOException {
        ByteBuffer rest = ByteBuffer.wrap(bytes);
        while (rest.hasRemaining()) {
            channel.write(rest);
        }
    }

    Reply reply() throws IOException {
        String head = until("\r\n\r\n");
        int status = Integer.parseInt(head.substring(9, 12));
        if (CHUNKED.matcher(head).find()) {
            return new Reply(status, head, chunks());
        }
        Matcher length = LENGTH.matcher(head);
        return new Reply(status, head, length.find() ? next(Integer.parseInt(length.group(1))) : rest());
    }

    /** What comes up to and with this. */
    String until(String end) throws IOException {
        while (!unread.contains(end)) {
            if (!hasMore()) {
                throw new EOFException("The connection ended after: " + unread);
            }
        }
        return next(unread.indexOf(end) + end.length());
    }

    /** So many characters. */
    String next(int count) throws IOException {
        while (unread.length() < count) {
            if (!hasMore()) {
                throw new EOFException("The connection ended after: " + unread);
            }
        }
        String next = unread.substring(0, count);
        unread = unread.substring(count);
        return next;
    }

    /** All that comes before the connection ends, in order or not. */
    String rest() {
        boolean more = true;
        while (more) {
            try {
                more = hasMore();
            } catch (IOException e) {
                more = false;
            }
        }
        String rest = unread;
        unread = "";
        return rest;
    }

    @Override
    public void close() throws IOException {
        selector.close();
        channel.close();
    }

    private String chunks() throws IOException {
        StringBuilder all = new StringBuilder();
        int length;
        do {
            length = Integer.parseInt(until("\r\n").strip(), 16);
            all.append(next(length));
            until("\r\n");
        } while (length > 0);
        return all.toString();
    }

    private boolean hasMore() throws IOException {
        if (selector.select(PATIENCE.toMillis()) == 0) {
            throw new AssertionError("Nothing came within " + PATIENCE + " after: " + unread);
        }
        selector.selectedKeys().clear();
        received.clear();
        int count = channel.read(received);
        if (count > 0) {
            unread += new String(received.array(), 0, count, ISO_8859_1);
        }
        return count >= 0;
    }
}
