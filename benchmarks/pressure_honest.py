#!/usr/bin/env python3
# Licensed under the Apache License, Version 2.0; see the file LICENSE.
# SPDX-License-Identifier: Apache-2.0
"""Clients that do nothing wrong, while others do: each is a process of its own under a user of its own, and compares every byte of every reply.

usage: pressure_honest.py SOCKET LISTENER STYLE UID     started as root; LISTENER is echo or command, STYLE pingpong, pipelined or connect

It answers each line on its standard input with one JSON object, what happened since the last one, and ends with its standard input.
"""

import contextlib
import json
import os
import select
import socket
import struct
import subprocess
import sys
import time

REPLY_TIMEOUT = 10  # seconds: what stays away for longer is lost
REPORT_TIMEOUT = 3 * REPLY_TIMEOUT
EXCHANGES = 40  # of one connection, then a new one is opened
PACES = {"pingpong": 0.03, "pipelined": 0.15, "connect": 0.05}  # seconds from one exchange to the next: company, not load
BATCH = 48
EVERY_BYTE = bytes(b for b in range(256) if b != 10) * 2
BOARD = ("The notice board, filled by its owner. " * 1540).strip()  # 60 KB: a reply that does not fit in one write
COMMANDS = ["help", "whoami", "view", "nonsense"]


class Wrong(Exception):
    """Something came that must not, or something is missing; the text says what."""


class Checker:
    """What must still come on one connection, byte for byte."""

    def __init__(self):
        self.expected = bytearray()
        self.right = 0

    def expect(self, reply):
        self.expected += reply

    def feed(self, data):
        if self.expected.startswith(data):
            del self.expected[: len(data)]
            self.right += len(data)
            return
        at = next((i for i, (a, b) in enumerate(zip(data, self.expected)) if a != b), len(self.expected))
        wanted = bytes(self.expected[at : at + 30])
        where = f"byte {self.right + at} of the connection"
        if not wanted:
            raise Wrong(f"foreign bytes: {where}, {shown(data[at:])} came and nothing was asked for")
        raise Wrong(f"wrong bytes: {where}, {shown(data[at:])} came and not {shown(wanted)}")

    def end(self):
        """At the end of the stream."""
        if self.expected:
            raise Wrong(f"disconnected: {len(self.expected)} bytes of replies are missing")


def shown(data):
    return repr(bytes(data[:60]))[1:]


def become(uid):
    os.setgroups([])
    os.setgid(uid)
    os.setuid(uid)


def connect(path, seconds=REPLY_TIMEOUT):
    """Blocks as long as the backlog is full: a Python timeout would make connect fail at once."""
    client = socket.socket(socket.AF_UNIX)
    limit = struct.pack("ll", int(seconds), int(seconds % 1 * 1e6))
    client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, limit)
    client.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, limit)
    try:
        client.connect(path)
    except BaseException:
        client.close()
        raise
    return client


def converse(path, text, seconds=REPLY_TIMEOUT):
    """Sends the text, closes its own half, and returns all that comes."""
    data = b""
    with connect(path, seconds) as client:
        with contextlib.suppress(BrokenPipeError):  # who is refused may be so before all is sent
            client.sendall(text)
            client.shutdown(socket.SHUT_WR)
        while chunk := client.recv(65536):
            data += chunk
    return data


class Echo:
    """Lines that no other client sends, of all byte values, and what must come back."""

    def __init__(self, uid, prefix=b"> "):
        self.who, self.prefix, self.count = f"{uid}.{os.getpid()}", prefix, 0

    def one(self, size=40):
        self.count += 1
        start = self.count % 255
        line = f"{self.who}.{self.count:08d} ".encode() + (EVERY_BYTE[start : start + 255] * (size // 255 + 1))[:size] + b"\n"
        return line, self.prefix + line

    def batch(self):
        return [self.one(size=(self.count * 37) % 1500 if n else 20000) for n in range(BATCH)]


class Commands:
    """Commands whose replies do not change; learnt once, when all is calm, and looked through."""

    def __init__(self, uid, path):
        self.uid, self.count = uid, 0
        self.replies = {name: converse(path, f"{name}\n".encode()) for name in COMMANDS}
        self.look_through(self.replies)

    def look_through(self, replies):
        if replies["nonsense"] != b"error: unknown command: nonsense\n":
            raise Wrong(f"no such command, and the reply was {shown(replies['nonsense'])}")
        if replies["help"].startswith(b"error: "):
            denied = {name: f"error: permission denied: {name}\n".encode() for name in ("help", "whoami", "view")}
            if {**replies, **denied} != replies:
                raise Wrong("what one without a role was told differs from permission denied")
            return
        who = replies["whoami"].decode().splitlines()
        if replies["view"] != f"{BOARD}\nok\n".encode() or who[:2] + who[3:4] + who[-1:] != [f"uid {self.uid}", f"gid {self.uid}", f"pid {os.getpid()}", "ok"]:
            raise Wrong(f"view or whoami told something else: {shown(replies['view'])}, {who}")
        if not replies["help"].endswith(b"\nok\n"):
            raise Wrong(f"help told something else: {shown(replies['help'])}")

    def one(self):
        self.count += 1
        name = COMMANDS[self.count % len(COMMANDS)]
        return f"{name}\n".encode(), self.replies[name]

    def batch(self):
        return [self.one() for _ in range(10)]


class Client:
    """One client: exchanges at its pace, on one connection after the other."""

    def __init__(self, path, work, style):
        self.path, self.work, self.style = path, work, style
        self.connection = self.checker = None
        self.exchanges = 0
        self.reset()

    def reset(self):
        self.found = nothing()

    def turn(self):
        began, fresh = time.monotonic(), self.connection is None
        try:
            self.exchange(began, fresh)
        except (OSError, Wrong) as e:
            self.time(began, fresh)  # who waited in vain has waited too
            self.found["errors"].append(described(e, self.checker))
            self.drop()
            time.sleep(0.2)

    def time(self, began, fresh):
        took = int((time.monotonic() - began) * 1e6)
        if fresh:
            self.found["connect_us"].append(took)
        elif self.style == "pingpong":
            self.found["line_us"].append(took)

    def exchange(self, began, fresh):
        if fresh:
            self.connection, self.checker, self.exchanges = connect(self.path), Checker(), 0
            self.found["connections"] += 1
        asked = self.work.batch() if self.style == "pipelined" else [self.work.one()]
        for _, reply in asked:
            self.checker.expect(reply)
        self.connection.sendall(b"".join(line for line, _ in asked))
        while self.checker.expected:
            self.receive()
        self.time(began, fresh)
        self.found["replies"] += len(asked)
        self.exchanges += 1
        if self.style == "connect" or self.exchanges >= EXCHANGES:
            self.finish()

    def receive(self):
        data = self.connection.recv(65536)
        if not data:
            self.checker.end()
        self.checker.feed(data)

    def finish(self):
        """All has come; nothing more may, but the end."""
        self.connection.shutdown(socket.SHUT_WR)
        while data := self.connection.recv(65536):
            self.checker.feed(data)
        self.drop()

    def drop(self):
        if self.connection is not None:
            self.connection.close()
        self.connection = self.checker = None


def nothing():
    """What there is to report before anything has happened."""
    return {"replies": 0, "connections": 0, "errors": [], "line_us": [], "connect_us": []}


def described(error, checker):
    """KIND: details"""
    if isinstance(error, Wrong):
        return str(error)
    due = f"{len(checker.expected)} bytes were due" if checker else "not even connected"
    if isinstance(error, BlockingIOError):
        return f"no reply within {REPLY_TIMEOUT} s: {due}"
    return f"disconnected: {error.strerror or error}, {due}"


def serve(path, listener, style, uid):
    become(uid)
    work = Echo(uid) if listener == "echo" else Commands(uid, path)
    client = Client(path, work, style)
    print("ready", flush=True)
    due = time.monotonic()
    while True:
        ready, _, _ = select.select([sys.stdin], [], [], max(0, due - time.monotonic()))
        if ready:
            if not sys.stdin.readline():
                return
            print(json.dumps(client.found), flush=True)
            client.reset()
        if time.monotonic() >= due:
            client.turn()
            due = max(due + PACES[style], time.monotonic())


class Fleet:
    """All honest clients of a run."""

    def __init__(self, members):
        """members: (socket, listener, style, uid)"""
        self.members = members
        self.processes = []

    def start(self):
        for path, listener, style, uid in self.members:
            command = [sys.executable, os.path.abspath(__file__), path, listener, style, str(uid)]
            self.processes.append(subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE))
        for process in self.processes:
            if read_line(process, REPORT_TIMEOUT).strip() != b"ready":
                raise Wrong("an honest client could not begin; its message is above")

    def report(self):
        """What all of them have seen since the last report, in one; each error is told with its client."""
        for process in self.processes:
            try:
                process.stdin.write(b"report\n")
                process.stdin.flush()
            except OSError:
                pass  # it is gone: found below
        merged = nothing()
        for (_, listener, style, uid), process in zip(self.members, self.processes):
            try:
                found = json.loads(read_line(process, REPORT_TIMEOUT))
            except ValueError:
                found = {**nothing(), "errors": ["silent: the honest client itself does not answer any more"]}
            found["errors"] = [f"{error} ({listener}, {style}, uid {uid})" for error in found["errors"]]
            for key, value in found.items():
                merged[key] += value
        return merged

    def stop(self):
        for process in self.processes:
            with contextlib.suppress(BrokenPipeError):  # it has died: what it did not take is nobody's
                process.stdin.close()
        deadline = time.monotonic() + REPLY_TIMEOUT + 2
        for process in self.processes:
            try:
                process.wait(max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
            process.stdout.close()
        self.processes = []


def read_line(process, seconds):
    """One line, or what there is of it in time."""
    line, deadline = b"", time.monotonic() + seconds
    while not line.endswith(b"\n"):
        ready, _, _ = select.select([process.stdout], [], [], max(0, deadline - time.monotonic()))
        data = os.read(process.stdout.fileno(), 1 << 20) if ready else b""
        if not data:
            break
        line += data
    return line


if __name__ == "__main__":
    if len(sys.argv) != 5:
        sys.exit(__doc__)
    serve(sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4]))
