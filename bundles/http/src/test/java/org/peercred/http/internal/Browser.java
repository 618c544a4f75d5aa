/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.http.internal;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The client's side of one connection, byte by byte. Everything blocks. */
final class Browser implements AutoCloseable {

    private static final Pattern LENGTH = Pattern.compile("(?i)\r\nContent-Length: (\\d+)\r\n");

    private final SocketChannel channel;

    /** What was received. */
    record Reply(int status, String head, String body) {}

    Browser(Path path) throws IOException {
        this(UnixDomainSocketAddress.of(path));
    }

    Browser(SocketAddress address) throws IOException {
        channel = SocketChannel.open(address);
    }

    Browser send(String text) throws IOException {
        return send(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    Browser send(byte[] bytes) throws IOException {
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        while (buffer.hasRemaining()) {
            channel.write(buffer);
        }
        return this;
    }

    Browser halfClose() throws IOException {
        channel.shutdownOutput();
        return this;
    }

    /** Sends a request without a body. */
    Browser request(String line, String... headers) throws IOException {
        StringBuilder text = new StringBuilder(line).append(" HTTP/1.1\r\nHost: localhost\r\n");
        for (String header : headers) {
            text.append(header).append("\r\n");
        }
        return send(text.append("\r\n").toString());
    }

    Reply get(String path, String... headers) throws IOException {
        return request("GET " + path, headers).reply();
    }

    /** The next reply whose length is told. */
    Reply reply() throws IOException {
        String head = head();
        Matcher length = LENGTH.matcher(head);
        String body = length.find() ? receive(Integer.parseInt(length.group(1))) : "";
        return new Reply(Integer.parseInt(head.substring(9, 12)), head, body);
    }

    /** Up to the empty line. */
    String head() throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            head.append(receive(1));
        }
        return head.toString();
    }

    String receive(int count) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(count);
        while (buffer.hasRemaining()) {
            if (channel.read(buffer) < 0) {
                throw new IOException("End of stream after "
                        + new String(buffer.array(), 0, buffer.position(), StandardCharsets.ISO_8859_1));
            }
        }
        return new String(buffer.array(), StandardCharsets.ISO_8859_1);
    }

    /** Everything up to the end of the stream. */
    String rest() throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        ByteBuffer buffer = ByteBuffer.allocate(65536);
        while (channel.read(buffer) >= 0) {
            all.write(buffer.array(), 0, buffer.position());
            buffer.clear();
        }
        return all.toString(StandardCharsets.ISO_8859_1);
    }

    /** Reads everything and counts; for what is large. */
    long countRest() throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(1 << 20);
        long all = 0;
        for (int count = channel.read(buffer); count >= 0; count = channel.read(buffer.clear())) {
            all += count;
        }
        return all;
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
