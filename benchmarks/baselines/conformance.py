#!/usr/bin/env python3
# Licensed under the Apache License, Version 2.0; see the file LICENSE.
# SPDX-License-Identifier: Apache-2.0
"""Whether a running server does the work that is compared: the same bytes on the wire, and strangers turned away.

usage: conformance.py SOCKET [--unbounded-lines]     (as the user who runs the server; as root, refusals are tested too)
"""

import contextlib
import os
import socket
import sys

STRANGER = 1


def connect(path):
    client = socket.socket(socket.AF_UNIX)
    client.settimeout(20)
    client.connect(path)
    return client


def read_to_end(client):
    data = b""
    while chunk := client.recv(65536):
        data += chunk
    return data


def exchange(path, *parts):
    """Sends the parts, closes its own half, and returns all that comes."""
    with connect(path) as client:
        for part in parts:
            client.sendall(part)
        client.shutdown(socket.SHUT_WR)
        return read_to_end(client)


def expect(what, wanted, got):
    if wanted != got:
        sys.exit(f"{what}: {len(got)} bytes came, {got[:60]!r}…, and not {len(wanted)}, {wanted[:60]!r}…")
    print(f"ok: {what}")


def too_long(path):
    """The server may close while the line is still being sent."""
    with connect(path) as client:
        with contextlib.suppress(BrokenPipeError):
            client.sendall(b"x" * 300000)
        data = b""
        with contextlib.suppress(ConnectionResetError):
            while chunk := client.recv(65536):
                data += chunk
        return data


def refusals(path):
    """As another user, in a process of its own; how many of all refusals were not clean."""
    child = os.fork()
    if child == 0:
        os.setgroups([])
        os.setgid(STRANGER)
        os.setuid(STRANGER)
        wrong = 0
        for size in (0, 10, 5000, 150000) * 50:
            try:
                with connect(path) as client:
                    with contextlib.suppress(BrokenPipeError):
                        client.sendall(b"x" * size)
                    wrong += read_to_end(client) != b"Unauthorized access\n"
            except OSError:
                wrong += 1
        os._exit(min(wrong, 255))
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def main():
    path = sys.argv[1]
    every_byte = bytes(b for b in range(256) if b != 10)
    expect("an empty line", b"> \n", exchange(path, b"\n"))
    expect("a line in pieces", b"> hello\n", exchange(path, b"he", b"l", b"lo\n"))
    expect("every byte value", b"> " + every_byte + b"\n", exchange(path, every_byte + b"\n"))
    expect("a carriage return stays", b"> a\r\n", exchange(path, b"a\r\n"))
    expect("what no newline ended is dropped", b"> a\n", exchange(path, b"a\nb"))
    expect("ten thousand shortest lines", b"> \n" * 10000, exchange(path, b"\n" * 10000))
    expect("a long line", b"> " + b"y" * 65000 + b"\n", exchange(path, b"y" * 65000 + b"\n"))
    if "--unbounded-lines" not in sys.argv:
        expect("a line too long", b"Line too long\n", too_long(path))
    if os.geteuid() == 0:
        wrong = refusals(path)
        if wrong:
            sys.exit(f"{wrong} of 200 refusals were not clean")
        print("ok: 200 refusals, with and without data of the client's")


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    main()
