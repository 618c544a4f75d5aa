/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;

/** Sends each line of standard input to the echo service and prints the reply: java Client.java SOCKET */
public final class Client {

    public static void main(String[] arguments) {
        if (arguments.length != 1) {
            fail("expected: the path of a socket");
        }
        try (SocketChannel connection = SocketChannel.open(UnixDomainSocketAddress.of(arguments[0]))) {
            InputStream replies = new BufferedInputStream(Channels.newInputStream(connection));
            for (byte[] line = line(System.in); line.length > 0; line = line(System.in)) {
                send(connection, line);
                show(line(replies));
            }
            connection.shutdownOutput();
            for (byte[] reply = line(replies); reply.length > 0; reply = line(replies)) {
                show(reply);
            }
        } catch (IOException e) {
            fail(arguments[0] + ": " + e.getMessage());
        }
    }

    /** A line with its end, which a last one is given where it has none; nothing at the end of the stream. */
    private static byte[] line(InputStream stream) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        int next = stream.read();
        while (next >= 0 && next != '\n') {
            line.write(next);
            next = stream.read();
        }
        if (next == '\n' || line.size() > 0) {
            line.write('\n');
        }
        return line.toByteArray();
    }

    private static void send(SocketChannel connection, byte[] line) {
        try {
            ByteBuffer bytes = ByteBuffer.wrap(line);
            while (bytes.hasRemaining()) {
                connection.write(bytes);
            }
        } catch (IOException e) {
            // Who is turned away cannot send any more and can still read why.
        }
    }

    /** What does not begin with the service's prefix the listener itself has said, as its last word. */
    private static void show(byte[] reply) {
        if (reply.length < 2 || reply[0] != '>' || reply[1] != ' ') {
            fail("refused: " + (reply.length == 0 ? "the connection has ended" : new String(reply).strip()));
        }
        System.out.write(reply, 0, reply.length);
        System.out.flush();
    }

    private static void fail(String why) {
        System.err.println(why);
        System.exit(1);
    }
}
