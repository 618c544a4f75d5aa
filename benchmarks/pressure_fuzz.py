#!/usr/bin/env python3
# Licensed under the Apache License, Version 2.0; see the file LICENSE.
# SPDX-License-Identifier: Apache-2.0
"""Random bytes at random split points with random ends, on a listener whose replies are known all the same.

usage: pressure_fuzz.py SOCKET LISTENER UID SECONDS [SEED]     started as root; LISTENER is echo or command; UID is let in and has no role

Prints one JSON object; exit status 0, or 1 where something came that must not.
"""

import json
import os
import random
import select
import socket
import sys
import time

from pressure_honest import Checker, Wrong, become, connect, shown

CONNECTIONS = 24
LONGEST_LINE = 65536
PATIENCE = 10  # seconds without anything to read while something is due


class EchoOracle:
    """What echo must say: to each line that has its end."""

    def __init__(self):
        self.checker = Checker()

    def asked(self, lines):
        self.checker.expect(b"".join(b"> " + line + b"\n" for line in lines))

    def too_long(self):
        self.checker.expect(b"Line too long\n")

    def feed(self, data):
        self.checker.feed(data)

    def complete(self):
        return not self.checker.expected

    def end(self):
        self.checker.end()


class CommandOracle:
    """What the command service must say to one who may run nothing: one error for each line, in text."""

    def __init__(self):
        self.due, self.last, self.rest = 0, [], b""

    def asked(self, lines):
        self.due += len(lines)

    def too_long(self):
        self.last.append(b"Line too long")

    def feed(self, data):
        *lines, self.rest = (self.rest + data).split(b"\n")
        for line in lines:
            if self.due == 0 and line in self.last:
                self.last.remove(line)
            elif self.due == 0:
                raise Wrong(f"foreign bytes: {shown(line)} came and nothing was asked for")
            elif not line.startswith(b"error: ") or not line.isascii() or not line.decode().isprintable():
                raise Wrong(f"wrong bytes: {shown(line)} is no refusal")
            else:
                self.due -= 1

    def complete(self):
        return self.due == 0 and not self.last and not self.rest

    def end(self):
        if not self.complete():
            raise Wrong(f"disconnected: {self.due + len(self.last)} replies are missing, {shown(self.rest)} was left")


def some_lines(chance):
    """Lines of any bytes, empty and long ones among them; some look like commands."""
    lines = []
    for _ in range(chance.choice((0, 1, 1, 3, 40))):
        size = chance.choice((0, 1, chance.randrange(80), chance.randrange(80), chance.randrange(3000), chance.randrange(LONGEST_LINE)))
        line = os.urandom(size).replace(b"\n", b"\r")
        if chance.random() < 0.3:
            line = chance.choice((b"help", b"view", b"update ", b"whoami", b" help ", b"HELP", b"\xff", b"help\x00")) + line[:200]
        lines.append(line)
    return lines


class Conversation:
    """One connection: what is left to be sent, and how it is to end."""

    def __init__(self, path, oracle, chance):
        self.chance, self.oracle = chance, oracle
        lines = some_lines(chance)
        oracle.asked(lines)
        self.end = chance.choice(("half", "half", "close", "tail", "long"))
        tail = {"tail": os.urandom(chance.randrange(1, 500)).replace(b"\n", b" "), "long": b"z" * (LONGEST_LINE + 1 + chance.randrange(70000))}
        if self.end == "long":
            oracle.too_long()
        self.text = b"".join(line + b"\n" for line in lines) + tail.get(self.end, b"")
        self.lines, self.half_closed = len(lines), False
        self.socket = connect(path)
        self.socket.setblocking(False)
        self.heard = time.monotonic()

    def wants_to_send(self):
        return not self.half_closed

    def send(self):
        try:
            sent = self.socket.send(self.text[: self.chance.choice((1, 7, 500, 4096, 65536, 200000))]) if self.text else 0
        except BlockingIOError:
            return
        except OSError:
            if self.end != "long":
                raise
            self.text, sent = b"", 0  # who says "Line too long" need not read the rest
        self.text = self.text[sent:]
        if not self.text:
            self.half_closed = True
            if self.end not in ("close", "long"):
                self.socket.shutdown(socket.SHUT_WR)

    def receive(self):
        """True at the end of the conversation."""
        try:
            data = self.socket.recv(self.chance.choice((1, 100, 65536)))
        except BlockingIOError:
            return False
        except ConnectionResetError:
            if self.end != "long":
                raise
            data = b""
        self.heard = time.monotonic()
        if data:
            self.oracle.feed(data)
            return self.end == "close" and self.oracle.complete()
        self.oracle.end()
        if self.end == "close":
            raise Wrong("disconnected: the server closed first")
        return True


def run(path, oracle, seconds, chance):
    found = {"mode": "fuzz", "conversations": 0, "lines": 0, "wrong": 0, "first_wrong": ""}
    talks, deadline = [], time.monotonic() + seconds

    def fail(talk, error):
        found["wrong"] += 1
        found["first_wrong"] = found["first_wrong"] or f"{error} (seed {chance.seed_given}, {talk.end})"

    while time.monotonic() < deadline:
        while len(talks) < CONNECTIONS:
            talks.append(Conversation(path, oracle(), chance))
        readable, writable, _ = select.select([t.socket for t in talks], [t.socket for t in talks if t.wants_to_send()], [], 0.1)
        for talk in list(talks):
            try:
                if talk.socket in writable and chance.random() < 0.7:
                    talk.send()
                done = talk.socket in readable and talk.receive()
                # nothing is due before the end where one closes first and has had all
                done = done or (talk.end == "close" and talk.half_closed and talk.oracle.complete())
                if not done and talk.half_closed and time.monotonic() > talk.heard + PATIENCE:
                    raise Wrong(f"no reply within {PATIENCE} s")
            except (OSError, Wrong) as e:
                fail(talk, e)
                done = True
            if done:
                found["conversations"] += 1
                found["lines"] += talk.lines
                talk.socket.close()
                talks.remove(talk)
    for talk in talks:
        talk.socket.close()
    return found


def main(path, listener, uid, seconds, seed=None):
    become(int(uid))
    seed = int(seed) if seed else int.from_bytes(os.urandom(4), "big")
    chance = random.Random(seed)
    chance.seed_given = seed
    try:
        found = run(path, EchoOracle if listener == "echo" else CommandOracle, float(seconds), chance)
    except OSError as e:
        found = {"mode": "fuzz", "wrong": 1, "first_wrong": f"no connection: {e}"}
    print(json.dumps(found))
    return 1 if found["wrong"] else 0


if __name__ == "__main__":
    if len(sys.argv) not in (5, 6):
        sys.exit(__doc__)
    sys.exit(main(*sys.argv[1:]))
