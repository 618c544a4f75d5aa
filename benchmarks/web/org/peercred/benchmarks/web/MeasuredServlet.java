/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.benchmarks.web;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.zip.CRC32;
import javax.servlet.http.HttpServlet;
import javax.servlet.http.HttpServletRequest;
import javax.servlet.http.HttpServletResponse;

/**
 * What is measured, by the last part of the path: echo replies with the number of the query and letters, down with as many bytes as the
 * query says, up with how many bytes it was sent and their CRC-32, who with the caller's name. Numbers are 16 hexadecimal digits.
 */
final class MeasuredServlet extends HttpServlet {

    private static final long serialVersionUID = 1L;

    private static final int NUMBER = 16;
    private static final int BODY = 256;
    private static final int ALPHABET = 26;
    private static final byte[] LETTERS = new byte[BODY + ALPHABET];
    private static final byte[] BLOCK = new byte[64 * 1024];

    static {
        for (int i = 0; i < LETTERS.length; i++) {
            LETTERS[i] = (byte) ('a' + i % ALPHABET);
        }
        for (int i = 0; i < BLOCK.length; i++) {
            BLOCK[i] = (byte) (i * 167 + (i >> 8) * 13);
        }
    }

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
        String path = request.getPathInfo();
        switch (path.substring(path.lastIndexOf('/') + 1)) {
            case "echo" -> echo(request.getQueryString(), response);
            case "down" -> down(Long.parseLong(request.getQueryString(), 16), response);
            case "up" -> up(request.getInputStream(), response);
            case "who" -> reply(response, String.valueOf(request.getRemoteUser()).getBytes(ISO_8859_1));
            default -> response.sendError(HttpServletResponse.SC_NOT_FOUND);
        }
    }

    private static void echo(String number, HttpServletResponse response) throws IOException {
        byte[] body = new byte[BODY];
        byte[] digits = number.getBytes(ISO_8859_1);
        System.arraycopy(digits, 0, body, 0, NUMBER);
        int letter = (int) (Long.parseLong(number, 16) % ALPHABET);
        System.arraycopy(LETTERS, letter, body, NUMBER, BODY - NUMBER);
        reply(response, body);
    }

    private static void down(long bytes, HttpServletResponse response) throws IOException {
        response.setContentLengthLong(bytes);
        OutputStream out = response.getOutputStream();
        for (long left = bytes; left > 0; left -= BLOCK.length) {
            out.write(BLOCK, 0, (int) Math.min(left, BLOCK.length));
        }
    }

    private static void up(InputStream in, HttpServletResponse response) throws IOException {
        CRC32 checksum = new CRC32();
        byte[] some = new byte[BLOCK.length];
        long bytes = 0;
        for (int count = in.read(some); count >= 0; count = in.read(some)) {
            checksum.update(some, 0, count);
            bytes += count;
        }
        reply(response, String.format("%016x %08x%n", bytes, checksum.getValue()).getBytes(ISO_8859_1));
    }

    private static void reply(HttpServletResponse response, byte[] body) throws IOException {
        response.setContentLength(body.length);
        response.getOutputStream().write(body);
    }
}
