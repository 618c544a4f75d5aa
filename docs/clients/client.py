#!/usr/bin/env python3
# Licensed under the Apache License, Version 2.0; see the file LICENSE.
# SPDX-License-Identifier: Apache-2.0
"""Sends each line of standard input to the echo service and prints the reply: client.py SOCKET"""
import contextlib
import socket
import sys


def show(reply):
    """What does not begin with the service's prefix the listener itself has said, as its last word."""
    if not reply.startswith(b"> "):
        sys.exit("refused: " + (reply.decode().strip() or "the connection has ended"))
    sys.stdout.buffer.write(reply)
    sys.stdout.buffer.flush()


def main(path):
    with socket.socket(socket.AF_UNIX) as connection:
        connection.connect(path)
        replies = connection.makefile("rb")
        for line in sys.stdin.buffer:
            with contextlib.suppress(BrokenPipeError):  # Who is turned away can still read why.
                connection.sendall(line.rstrip(b"\n") + b"\n")
            show(replies.readline())
        connection.shutdown(socket.SHUT_WR)
        for reply in replies:
            show(reply)


if len(sys.argv) != 2:
    sys.exit("expected: the path of a socket")
try:
    main(sys.argv[1])
except OSError as e:
    sys.exit(f"{sys.argv[1]}: {e.strerror}")
