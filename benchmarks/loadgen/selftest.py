#!/usr/bin/env python3
# Licensed under the Apache License, Version 2.0; see the file LICENSE.
# SPDX-License-Identifier: Apache-2.0
"""Shows that the load generator notices a server that is wrong, in every mode in which it could be.

usage: selftest.py [LOADGEN]     (the compiled load generator; without it, it is compiled here, with gcc)
"""

import json
import os
import socket
import struct
import subprocess
import sys
import tempfile
import threading
import time
import unittest

LOADGEN = ""
REFUSAL = b"Unauthorized access\n"


class Server:
    """An echo server in threads; session(connection, number) serves one connection, number counts them from 0."""

    def __init__(self, session):
        self.directory = tempfile.TemporaryDirectory(prefix="loadgen-")
        self.path = os.path.join(self.directory.name, "s")
        self.listener = socket.socket(socket.AF_UNIX)
        self.listener.bind(self.path)
        os.chmod(self.directory.name, 0o755)
        os.chmod(self.path, 0o666)
        self.listener.listen(256)
        self.session = session
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        number = 0
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self.serve, args=(connection, number), daemon=True).start()
            number += 1

    def serve(self, connection, number):
        try:
            self.session(connection, number)
        except OSError:
            pass  # the load generator gave this connection up: that is what it is being tested for
        finally:
            connection.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        self.directory.cleanup()


def echo(spoil=lambda line, reply: reply):
    """A session that answers each line with what spoil(line number, right reply) makes of the right reply; None ends it."""

    def session(connection, _):
        data, number = b"", 0
        while True:
            chunk = connection.recv(65536)
            if not chunk:
                return
            *lines, data = (data + chunk).split(b"\n")
            for line in lines:
                reply = spoil(number, b"> " + line + b"\n")
                number += 1
                if reply is None:
                    return
                connection.sendall(reply)

    return session


def run(session, mode, *arguments):
    with Server(session) as server:
        command = [LOADGEN, "--socket", server.path, "--mode", mode, "--warmup", "0", "--duration", "0.5", "--timeout", "0.5"]
        command += ["--connections", "4", "--limit", "10", *arguments]
        started = time.monotonic()
        done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60, check=False)
        elapsed = time.monotonic() - started
    if not done.stdout:
        raise AssertionError(done.stderr)
    result = json.loads(done.stdout.splitlines()[-1])
    result["exit"] = done.returncode
    result["elapsed"] = elapsed
    return result


LINE_MODES = [
    ("churn", []),
    ("pingpong", []),
    ("pipelined", ["--window", "8"]),
    ("idle", ["--idle", "20"]),
]
FLOOD = ["--connections", "1", "--line-bytes", "4096", "--timeout", "5", "--limit", "20"]


def patient(size, spoil=lambda number, reply: reply):
    """A session that takes no more than so many bytes before it answers what it took, as a server with a full buffer does."""

    def session(connection, _):
        data = b""
        while len(data) < size:
            chunk = connection.recv(min(65536, size - len(data)))
            if not chunk:
                return
            data += chunk
        number, lines = 0, connection.makefile("rb")
        for line in [part + b"\n" for part in data.split(b"\n")[:-1]]:
            connection.sendall(spoil(number, b"> " + line))
            number += 1
        # the rest of the line it stopped in, and what else there is
        rest = data.rpartition(b"\n")[2]
        while line := lines.readline():
            connection.sendall(spoil(number, b"> " + rest + line))
            rest = b""
            number += 1

    return session


SLOWLY = ["--timeout", "10", "--limit", "60"]  # a right server on a busy machine is right


class LoadGeneratorTest(unittest.TestCase):
    def assert_clean(self, result):
        self.assertEqual((0, 0), (result["errors"], result["exit"]), result["first_error"])
        self.assertGreater(result["ops"], 0)

    def assert_reported(self, result, text):
        self.assertGreater(result["errors"], 0)
        self.assertEqual(1, result["exit"])
        self.assertIn(text, result["first_error"])
        self.assertLess(result["elapsed"], 15)

    def each_line_mode(self, session, text, modes=None):
        for mode, arguments in modes or LINE_MODES:
            with self.subTest(mode):
                self.assert_reported(run(session, mode, *arguments), text)

    def test_a_right_server_has_no_errors(self):
        for mode, arguments in LINE_MODES:
            with self.subTest(mode):
                self.assert_clean(run(echo(), mode, *arguments, *SLOWLY))

    def test_replies_that_come_byte_by_byte_are_right(self):
        def session(connection, _):
            while data := connection.recv(65536):
                for line in data.splitlines(keepends=True):
                    for byte in b"> " + line:
                        connection.sendall(bytes([byte]))

        self.assert_clean(run(session, "pingpong", "--line-bytes", "17", *SLOWLY))

    def test_lines_larger_than_the_socket_buffer_are_right(self):
        self.assert_clean(run(echo(), "pipelined", "--line-bytes", "1000000", "--window", "3", *SLOWLY))

    def test_every_single_wrong_byte_is_reported(self):
        size = len("> ") + 24
        for at in range(size):
            with self.subTest(byte=at):

                def spoil(_, reply, at=at):
                    return reply[:at] + bytes([reply[at] ^ 1]) + reply[at + 1 :]

                self.assert_reported(run(echo(spoil), "churn", "--line-bytes", "24", "--count", "4"), "wrong byte")

    def test_a_wrong_byte_in_a_later_reply_is_reported(self):
        def spoil(number, reply):
            return reply if number != 5 else reply[:40] + b"?" + reply[41:]

        self.each_line_mode(echo(spoil), "wrong byte", LINE_MODES[1:])

    def test_a_connection_closed_early_is_reported(self):
        self.each_line_mode(echo(lambda number, reply: None), "the server closed the connection")
        # where lines are under way, the broken pipe may be seen before the end of the stream
        self.each_line_mode(echo(lambda number, reply: reply if number < 5 else None), "connection ", LINE_MODES[1:])

    def test_half_a_reply_is_reported(self):
        self.each_line_mode(echo(lambda _, reply: reply[:30]), "no reply within", LINE_MODES[:2])

    def test_a_dropped_reply_is_reported(self):
        self.each_line_mode(echo(lambda number, reply: b""), "no reply within")
        late = echo(lambda number, reply: b"" if number == 5 else reply)
        self.each_line_mode(late, "no reply within", [LINE_MODES[1], LINE_MODES[3]])
        self.each_line_mode(late, "wrong byte", [LINE_MODES[2]])

    def test_a_surplus_byte_is_reported(self):
        self.each_line_mode(echo(lambda _, reply: reply + b"!"), "bytes that no line asked for", LINE_MODES[:1])
        self.each_line_mode(echo(lambda number, reply: reply + b"!" * (number == 5)), "", LINE_MODES[1:])

    def test_replies_in_the_wrong_order_are_reported(self):
        kept = []

        def swap(number, reply):
            if number % 8 == 6:
                kept.append(reply)
                return b""
            return reply + kept.pop() if number % 8 == 7 else reply

        self.assert_reported(run(echo(swap), "pipelined", "--window", "8", "--connections", "1"), "wrong byte")

    def test_another_connections_reply_is_reported(self):
        def spoil(_, reply):
            return reply.replace(b"> 00000001", b"> 00000002")

        self.assert_reported(run(echo(spoil), "pingpong"), "wrong byte")

    def test_a_silent_connection_that_is_lost_is_reported(self):
        def session(connection, number):
            if number == 10:
                connection.settimeout(0.2)  # answers once, is silent, and goes while the window is open
            echo()(connection, number)

        self.assert_reported(run(session, "idle", "--idle", "20"), "the server closed the connection")

    def test_a_server_that_does_not_end_after_its_client_is_reported(self):
        def session(connection, number):
            echo()(connection, number)
            time.sleep(2)

        self.assert_reported(run(session, "pingpong"), "no end of stream")

    def test_a_refusal_where_an_echo_was_expected_is_shown(self):
        def session(connection, _):
            connection.recv(65536)
            connection.sendall(REFUSAL)

        self.each_line_mode(session, "Unauthorized access\\x0a")

    def test_a_clean_refusal_has_no_errors(self):
        self.assert_clean(run(lambda connection, _: connection.sendall(REFUSAL), "refusal", *SLOWLY))

    def test_a_wrong_refusal_is_reported(self):
        cases = {
            "an echo": b"> hello\n",
            "one byte less": REFUSAL[:-1],
            "one byte more": REFUSAL + b"\n",
            "one byte wrong": REFUSAL[:5] + b"?" + REFUSAL[6:],
            "nothing": b"",
        }
        for name, text in cases.items():
            with self.subTest(name):
                result = run(lambda connection, _, text=text: connection.sendall(text), "refusal")
                self.assert_reported(result, "")

    def test_a_refusal_without_an_end_is_reported(self):
        def session(connection, _):
            connection.sendall(REFUSAL)
            time.sleep(2)

        self.assert_reported(run(session, "refusal"), "no reply within")

    def test_a_reset_after_the_reply_is_reported(self):
        def session(connection, _):
            connection.recv(10)  # the rest stays unread: closing then resets the peer
            connection.sendall(REFUSAL)

        self.assert_reported(run(session, "pingpong"), "")

    def test_nobody_listening_is_reported(self):
        with tempfile.TemporaryDirectory() as directory:
            path = os.path.join(directory, "none")
            for mode in ("churn", "refusal", "pingpong"):
                with self.subTest(mode):
                    command = [LOADGEN, "--socket", path, "--mode", mode, "--duration", "1"]
                    done = subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)
                    self.assertEqual(1, done.returncode)
                    self.assertIn("connect: No such file", json.loads(done.stdout)["first_error"])

    def test_a_burst_of_connections_beyond_the_backlog_loses_none(self):
        result = run(echo(), "churn", "--connections", "1000", "--count", "1000", "--duration", "60", *SLOWLY)
        self.assert_clean(result)
        self.assertEqual(1000, result["ops"])

    def burst(self, session):
        return run(session, "burst", "--connections", "400", "--duration", "20", "--timeout", "2", "--limit", "30")

    def test_all_of_a_burst_are_answered_and_open_at_the_same_time(self):
        result = self.burst(echo())
        self.assert_clean(result)
        self.assertEqual((400, 400), (result["ops"], result["most_open"]))

    def test_one_of_a_burst_that_is_lost_wrong_or_unanswered_is_reported(self):
        def only(number, session):
            return lambda connection, n: session(connection, n) if n == number else echo()(connection, n)

        cases = {
            "connection ": only(399, lambda connection, _: None),
            "wrong byte": only(7, echo(lambda _, reply: reply[:-2] + b"!\n")),
            "no reply within": only(200, echo(lambda *_: b"")),
        }
        for text, session in cases.items():
            with self.subTest(text):
                result = self.burst(session)
                self.assert_reported(result, text)
                self.assertEqual(399, result["ops"])

    def test_a_flood_that_is_held_back_is_answered_to_the_last_byte_once_it_reads(self):
        for size in (300000, 300001, 303104):
            with self.subTest(taken=size):
                result = run(patient(size), "flood", *FLOOD)
                self.assertEqual((0, 0), (result["errors"], result["exit"]), result["first_error"])
                lines = -(-result["stalled_bytes"] // 4096)
                self.assertGreaterEqual(result["stalled_bytes"], size)
                self.assertEqual(lines * (4096 + len("> ")), result["reply_bytes_checked"])

    def test_a_flood_reads_nothing_before_its_time_is_over(self):
        unsent = []

        def session(connection, _):
            connection.setblocking(False)
            try:
                while True:
                    connection.send(b"> " * 1000)
            except BlockingIOError:
                unsent.append(True)
            time.sleep(0.3)
            try:
                connection.send(b"> ")
                unsent.append(False)
            except BlockingIOError:
                unsent.append(True)

        self.assert_reported(run(session, "flood", *FLOOD), "")
        self.assertEqual([True, True], unsent)

    def test_a_flood_that_is_answered_wrongly_or_cut_off_is_reported(self):
        cases = {
            "wrong byte": patient(300000, lambda number, reply: reply if number != 70 else reply[:4000] + b"?" + reply[4001:]),
            "connection ": lambda connection, _: connection.recv(65536),
        }
        for text, session in cases.items():
            with self.subTest(text):
                self.assert_reported(run(session, "flood", *FLOOD), text)

    def test_latencies_are_those_of_the_server(self):
        def delay(_, reply):
            time.sleep(0.02)
            return reply

        result = run(echo(delay), "pingpong", "--connections", "2", *SLOWLY)
        self.assert_clean(result)
        self.assertGreaterEqual(result["p50_us"], 20000)
        self.assertLess(result["p50_us"], 400000)
        self.assertLessEqual(result["p50_us"], result["p99_us"])
        self.assertLessEqual(result["p999_us"], result["max_us"])

    def test_cpu_time_of_the_server_is_counted(self):
        before = time.process_time()
        result = run(echo(), "pingpong", "--connections", "1", "--pid", str(os.getpid()), *SLOWLY)
        used = time.process_time() - before
        self.assert_clean(result)
        self.assertGreater(result["server_cpu_s"], 0.01)
        self.assertLessEqual(result["server_cpu_s"], used)
        self.assertGreater(result["server_pss_kib"], 1000)

    def test_cpu_time_of_strangers_is_counted(self):
        spinning = subprocess.Popen([sys.executable, "-c", "while True: pass"])
        try:
            clock = (~spinning.pid << 3) | 2  # its CPU time
            started, before = time.monotonic(), time.clock_gettime(clock)
            result = run(echo(), "pingpong", "--connections", "1", "--pid", str(os.getpid()), "--duration", "1")
            share = (time.clock_gettime(clock) - before) / (time.monotonic() - started)
        finally:
            spinning.kill()
            spinning.wait()
        self.assertGreater(result["other_cpu_cores"], share / 2)

    @unittest.skipUnless(os.geteuid() == 0, "needs root: becomes another user")
    def test_it_connects_as_the_user_it_was_told_to(self):
        seen = []

        def session(connection, _):
            seen.append(struct.unpack("3i", connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, 12))[1:])
            connection.sendall(REFUSAL)

        self.assert_clean(run(session, "refusal", "--uid", "54321", "--pid", str(os.getpid()), *SLOWLY))
        self.assertEqual({(54321, 54321)}, set(seen))


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as built:
        if len(sys.argv) > 1 and not sys.argv[1].startswith("-"):
            LOADGEN = os.path.abspath(sys.argv.pop(1))
        else:
            LOADGEN = os.path.join(built, "loadgen")
            os.chmod(built, 0o755)  # one test runs it as another user
            source = os.path.join(os.path.dirname(os.path.abspath(__file__)), "loadgen.c")
            subprocess.run(["gcc", "-O2", "-Wall", "-Wextra", "-Werror", "-o", LOADGEN, source], check=True)
        unittest.main()
