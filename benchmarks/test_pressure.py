#!/usr/bin/env python3
# Licensed under the Apache License, Version 2.0; see the file LICENSE.
# SPDX-License-Identifier: Apache-2.0
"""Tests of the attack on the assembly: that whoever looks for wrong bytes finds each of them, and what is concluded from what was seen."""

import argparse
import contextlib
import io
import json
import os
import random
import shutil
import socket
import subprocess
import tempfile
import threading
import time
import unittest
from unittest import mock

import pressure
import pressure_attacks
import pressure_container
import pressure_fuzz
import pressure_honest
import pressure_verdicts as verdicts
from pressure_honest import Checker, Wrong

CALM = {"replies": 10, "connections": 2, "errors": [], "line_us": [200] * 99 + [900], "connect_us": [400] * 100}
FINE = {"mode": "flood", "wrong": 0, "first_wrong": "", "opened": 900}


class Listening:
    """A socket at which each connection is served by a function, in a thread of its own."""

    def __init__(self, test, serve):
        directory = tempfile.TemporaryDirectory()
        test.addCleanup(directory.cleanup)
        self.path = os.path.join(directory.name, "s")
        self.serve = serve
        self.listener = socket.socket(socket.AF_UNIX)
        self.listener.bind(self.path)
        self.listener.listen(64)
        self.thread = threading.Thread(target=self.accept, daemon=True)
        self.thread.start()
        test.addCleanup(self.close)

    def accept(self):
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            connection.settimeout(20)
            threading.Thread(target=self.one, args=(connection,), daemon=True).start()

    def one(self, connection):
        with connection, contextlib.suppress(OSError):
            self.serve(connection)

    def close(self):
        with contextlib.suppress(OSError):
            self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        self.thread.join(20)


def echo(spoil=lambda reply: reply):
    """Serves as the echo listener does; what each line is answered with goes through the function."""

    def serve(connection):
        rest = b""
        while data := connection.recv(65536):
            *lines, rest = (rest + data).split(b"\n")
            for line in lines:
                connection.sendall(spoil(b"> " + line + b"\n"))
            if len(rest) > pressure_fuzz.LONGEST_LINE:
                connection.sendall(b"Line too long\n")
                connection.shutdown(socket.SHUT_WR)
                while connection.recv(65536):
                    pass
                return

    return serve


def refusing(connection):
    connection.sendall(b"Unauthorized access\n")


class CheckerTest(unittest.TestCase):
    REPLY = b"> one\n> two\n"

    def feed(self, data, size=4):
        checker = Checker()
        checker.expect(self.REPLY)
        for start in range(0, len(data), size):
            checker.feed(data[start : start + size])
        checker.end()

    def test_the_right_bytes_are_right_however_they_are_split(self):
        for size in range(1, len(self.REPLY) + 1):
            self.feed(self.REPLY, size)

    def test_each_single_byte_that_is_missing_surplus_or_another_is_found(self):
        for at in range(len(self.REPLY)):
            head, byte, tail = self.REPLY[:at], self.REPLY[at : at + 1], self.REPLY[at + 1 :]
            for spoilt in (head + tail, head + byte + byte + tail, head + b"\x00" + tail, head + b"\x00" + byte + tail, self.REPLY + byte):
                for size in (1, 5, 100):
                    with self.assertRaises(Wrong, msg=f"{spoilt} in pieces of {size}"):
                        self.feed(spoilt, size)

    def test_what_is_wrong_is_told_with_its_place(self):
        with self.assertRaisesRegex(Wrong, r"wrong bytes: byte 8 of the connection, 'xwo\\n' came and not 'two\\n'"):
            self.feed(b"> one\n> xwo\n", 100)
        with self.assertRaisesRegex(Wrong, "foreign bytes: byte 12 of the connection, 'ok' came and nothing was asked for"):
            self.feed(self.REPLY + b"ok", 100)
        with self.assertRaisesRegex(Wrong, "disconnected: 6 bytes of replies are missing"):
            self.feed(b"> one\n")


class HonestTest(unittest.TestCase):
    def client(self, serve, style="pingpong", turns=3):
        client = pressure_honest.Client(Listening(self, serve).path, pressure_honest.Echo(7), style)
        with mock.patch.object(pressure_honest, "EXCHANGES", 2), mock.patch("time.sleep"):
            for _ in range(turns):
                client.turn()
        self.addCleanup(client.drop)
        return client.found

    def test_right_replies_are_counted_and_timed_and_connections_change(self):
        found = self.client(echo())
        self.assertEqual((3, 2, [], 2, 1), (found["replies"], found["connections"], found["errors"], len(found["connect_us"]), len(found["line_us"])))
        self.assertEqual([], self.client(echo(), "connect")["errors"])
        self.assertEqual(3 * pressure_honest.BATCH, self.client(echo(), "pipelined")["replies"])

    def test_one_foreign_byte_in_many_replies_is_found(self):
        seen = []

        def spoil(reply):
            seen.append(reply)
            return reply + b"!" if len(seen) == 70 else reply

        found = self.client(echo(spoil), "pipelined")
        self.assertEqual(1, len(found["errors"]))
        self.assertRegex(found["errors"][0], "(wrong|foreign) bytes")

    def test_a_byte_after_the_last_reply_is_found(self):
        def serve(connection):
            echo()(connection)
            connection.sendall(b"!")

        self.assertIn("foreign bytes", self.client(serve, "connect")["errors"][0])

    def test_an_early_end_a_reset_and_silence_are_found(self):
        self.assertIn("disconnected", self.client(lambda connection: None)["errors"][0])

        def resets(connection):
            connection.recv(1)

        self.assertIn("disconnected", self.client(resets)["errors"][0])
        with mock.patch.object(pressure_honest, "connect", lambda path, connect=pressure_honest.connect: connect(path, 0.05)):
            found = self.client(lambda connection: echo(lambda _: b"")(connection), turns=1)
        self.assertRegex(found["errors"][0], "no reply within 10 s: [0-9]+ bytes were due")
        self.assertGreaterEqual(found["connect_us"][0], 50_000)

    def test_no_listener_is_an_error_too(self):
        client = pressure_honest.Client("/nonexistent/socket", pressure_honest.Echo(7), "connect")
        with mock.patch("time.sleep"):
            client.turn()
        self.assertEqual(["disconnected: No such file or directory, not even connected"], client.found["errors"])

    def test_no_two_lines_are_the_same_and_none_has_an_end_within(self):
        work = pressure_honest.Echo(7)
        asked = [pair for _ in range(20) for pair in work.batch()]
        self.assertEqual(len(asked), len({line for line, _ in asked}))
        self.assertTrue(all(line.index(b"\n") == len(line) - 1 and reply == b"> " + line for line, reply in asked))

    def test_replies_to_commands_are_looked_through_before_they_count(self):
        def commands(answers):
            def serve(connection):
                while data := connection.recv(100):
                    connection.sendall(answers[data.decode().strip()])

            return pressure_honest.Commands(7, Listening(self, serve).path)

        who = f"uid 7\ngid 7\ngroups 7\npid {os.getpid()}\nroles viewer\nok\n".encode()
        right = {
            "help": b"help  x\nok\n",
            "whoami": who,
            "view": f"{pressure_honest.BOARD}\nok\n".encode(),
            "nonsense": b"error: unknown command: nonsense\n",
        }
        self.assertEqual(right, commands(right).replies)
        denied = {name: f"error: permission denied: {name}\n".encode() for name in ("help", "whoami", "view")}
        self.assertIn(denied["view"], commands({**right, **denied}).replies.values())
        for change in (
            {"whoami": who.replace(b"uid 7", b"uid 8")},
            {"view": right["view"][1:]},
            {"help": b"help  x\n"},
            {"nonsense": b"ok\n"},
            {**denied, "view": right["view"]},
        ):
            with self.assertRaises(Wrong):
                commands({**right, **change})

    def test_clients_that_are_processes_report_together_and_end(self):
        with tempfile.TemporaryDirectory() as directory:
            program = os.path.join(directory, "client.py")
            with open(program, "w", encoding="utf-8") as file:
                found = {**CALM, "errors": ["lost: x"]}
                file.write(f"import sys\nprint('ready', flush=True)\nfor _ in sys.stdin: print('''{json.dumps(found)}''', flush=True)\n")
            fleet = pressure_honest.Fleet([("p", "echo", "connect", 7), ("p", "command", "connect", 8)])
            with mock.patch.object(pressure_honest, "__file__", program):
                fleet.start()
            processes = list(fleet.processes)
            try:
                report = fleet.report()
                processes[1].kill()
                processes[1].wait()
                gone = fleet.report()
            finally:
                fleet.stop()
            self.assertEqual((20, 200), (report["replies"], len(report["connect_us"])))
            self.assertEqual(["lost: x (echo, connect, uid 7)", "lost: x (command, connect, uid 8)"], report["errors"])
            self.assertRegex(gone["errors"][1], "does not answer any more.*uid 8")
            self.assertTrue(all(process.poll() is not None for process in processes))


class FuzzTest(unittest.TestCase):
    def run_fuzz(self, serve, oracle=pressure_fuzz.EchoOracle, seconds=1.5):
        chance = random.Random(1)
        chance.seed_given = 1
        return pressure_fuzz.run(Listening(self, serve).path, oracle, seconds, chance)

    def test_a_right_echo_has_nothing_wrong(self):
        found = self.run_fuzz(echo())
        self.assertEqual((0, ""), (found["wrong"], found["first_wrong"]))
        self.assertGreater(found["lines"], 10)

    def test_an_echo_that_now_and_then_gives_one_byte_twice_is_found(self):
        self.assertGreater(self.run_fuzz(echo(lambda reply: reply if len(reply) % 7 else reply + b"\n"))["wrong"], 0)

    def test_an_echo_that_closes_without_a_word_is_found(self):
        self.assertGreater(self.run_fuzz(lambda connection: connection.recv(1000))["wrong"], 0)

    def command(self, *parts, lines=2, too_long=False):
        oracle = pressure_fuzz.CommandOracle()
        oracle.asked([b""] * lines)
        if too_long:
            oracle.too_long()
        for part in parts:
            oracle.feed(part)
        oracle.end()

    def test_each_line_of_a_command_has_one_refusal(self):
        self.command(b"error: a\ner", b"ror: b\n")
        self.command(b"error: a\nerror: b\nLine too long\n", too_long=True)
        for parts in ([b"error: a\n"], [b"error: a\nerror: b\nerror: c\n"], [b"error: a\nok\n"], [b"error: a\nerror: \x07\n"], [b"error: a\nerror: b\nx"]):
            with self.assertRaises(Wrong):
                self.command(*parts)
        with self.assertRaisesRegex(Wrong, "foreign bytes"):
            self.command(b"error: a\nerror: b\nerror: c\n")
        with self.assertRaisesRegex(Wrong, "1 replies are missing"):
            self.command(b"error: a\nerror: b\n", too_long=True)


class AdversaryTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.directory = tempfile.mkdtemp()
        cls.addClassCleanup(shutil.rmtree, cls.directory)
        os.chmod(cls.directory, 0o755)
        cls.program = pressure_attacks.build(cls.directory)

    def attack(self, mode, path, *more, seconds="0.5"):
        command = [self.program, "--mode", mode, "--socket", path, "--duration", seconds, *more]
        done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
        return json.loads(done.stdout) if done.stdout else done

    def test_replies_to_pipelined_lines_are_compared(self):
        line = ("--head", "help", "--expect", "> help", "--connections", "3")
        found = self.attack("pipeline", Listening(self, echo()).path, *line)
        self.assertEqual((0, 0), (found["wrong"], found["ended"]))
        self.assertGreater(found["replies"], 20)
        for spoil in (lambda reply: reply + b"\n", lambda reply: reply[1:], lambda reply: b"x" + reply[1:]):
            self.assertGreater(self.attack("pipeline", Listening(self, echo(spoil)).path, *line)["wrong"], 0)

    def test_what_nobody_asked_for_is_found(self):
        def talks(connection):
            connection.sendall(b"> help\n")
            echo()(connection)

        self.assertGreater(self.attack("pipeline", Listening(self, talks).path, "--head", "help", "--expect", "> help", "--window", "1")["wrong"], 0)

    def received(self, mode, *more):
        got, gone = [], threading.Event()

        def takes(connection):
            while len(got) < 8 and (data := connection.recv(65536)):
                got.append(data)
            gone.wait(20)

        found = self.attack(mode, Listening(self, takes).path, *more)
        gone.set()
        return b"".join(got), found

    def test_an_unfinished_line_is_sent_once_and_without_its_end(self):
        got, found = self.received("unfinished", "--fill", "65535", "--connections", "2")
        self.assertEqual(b"y" * 2 * 65535, got)
        self.assertEqual((2, 0, 2 * 65535), (found["opened"], found["ended"], found["sent_bytes"]))

    def test_a_flood_is_whole_lines_without_end(self):
        got, found = self.received("flood", "--head", "ab", "--fill", "2")
        self.assertEqual({b"abyy"}, set(got.split(b"\n")[:-1]))
        self.assertGreater(found["sent_bytes"], 100_000)

    def test_what_the_server_ends_is_opened_again(self):
        found = self.attack("flood", Listening(self, lambda connection: connection.recv(10)).path)
        self.assertGreater(found["ended"], 3)

    def test_clients_die_and_none_is_left(self):
        path = Listening(self, echo()).path
        found = self.attack("dying", path, "--second", path, "--count", "100", "--fill", "3000", seconds="20")
        self.assertGreaterEqual(found["killed"], 100)
        self.assertEqual("", subprocess.run(["pgrep", "-f", self.program], capture_output=True, text=True, check=False).stdout)

    @unittest.skipUnless(os.geteuid() == 0, "needs root: a stranger is another user")
    def test_strangers_are_who_they_are_and_each_must_be_refused(self):
        seen = set()

        def notes(connection):
            seen.add(int.from_bytes(connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, 12)[4:8], "little"))
            refusing(connection)

        listening = Listening(self, notes)
        for path in (os.path.dirname(listening.path), listening.path):
            os.chmod(path, 0o777)
        who = ("--uid", "2000", "--last-uid", "2009", "--connections", "20", "--expect", "Unauthorized access", "--count", "200")
        found = self.attack("strangers", listening.path, *who, seconds="5")
        self.assertEqual((0, set(range(2000, 2010))), (found["wrong"], seen), found)
        for words in (b"Unauthorized", b"Unauthorized accesz\n", b"Unauthorized access\n!", b""):
            listening.serve = lambda connection, words=words: connection.sendall(words)
            self.assertGreater(self.attack("strangers", listening.path, *who, seconds="5")["wrong"], 0)

    def test_wrong_words_on_the_command_line_are_told(self):
        self.assertEqual(2, self.attack("nothing", "/s").returncode)
        self.assertIn("is not a number", self.attack("flood", "/s", seconds="soon").stderr)


class RoundTest(unittest.TestCase):
    def test_what_attackers_report_is_brought_into_one_form(self):
        process = argparse.Namespace(returncode=-9)
        self.assertEqual(0, pressure_attacks.outcome(process, json.dumps(FINE))["wrong"])
        found = pressure_attacks.outcome(process, 'x\n{"errors": 3, "first_error": "lost", "ops": 7}\n')
        self.assertEqual((3, "lost", 7), (found["wrong"], found["first_wrong"], found["ops"]))
        self.assertIn("ended with -9", pressure_attacks.outcome(process, "")["first_wrong"])

    def test_one_that_does_not_end_is_killed(self):
        looks = []
        with mock.patch.object(pressure_attacks, "GRACE", 0):
            found = pressure_attacks.run_round([["sleep", "60"], ["echo", json.dumps(FINE)]], 0.5, lambda: looks.append(1))
        self.assertEqual([1, 0], [report["wrong"] for report in found])
        self.assertTrue(looks)

    def test_no_further_round_is_run_against_a_container_that_is_gone(self):
        container = argparse.Namespace(identity=iter([1, 1, 2, 2]).__next__)
        attack = pressure_attacks.Attack("a", "t", 1, [["x"], ["y"], ["z"]])
        with mock.patch.object(pressure_attacks, "run_round", return_value=[FINE]) as called:
            self.assertEqual([FINE], pressure_attacks.run_attack(attack, container, 1, None))
        self.assertEqual(1, called.call_count)

    def test_every_attack_has_a_name_of_its_own_and_every_command_its_program(self):
        tools = pressure_attacks.Tools("adversary", "loadgen", argparse.Namespace(socket="/e", command_socket="/c"), 2)
        found = pressure_attacks.attacks(tools)
        self.assertEqual(len(found), len({attack.name for attack in found}))
        for command in (command for attack in found for commands in attack.rounds for command in commands):
            self.assertTrue(command[0] in ("adversary", "loadgen") or command[1].endswith("pressure_fuzz.py"), command)
            self.assertTrue("/e" in command or "/c" in command, command)


class LogTest(unittest.TestCase):
    def setUp(self):
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        self.path = os.path.join(directory.name, "audit.log")

    def append(self, text, path=None):
        with open(path or self.path, "a", encoding="utf-8") as file:
            file.write(text)

    def test_what_is_written_is_counted_across_rotations(self):
        self.append("x" * 100)
        volume = pressure_container.Volume(self.path + "*")
        self.append("x" * 10)
        self.assertEqual(10, volume.look())
        self.append("x" * 5)
        os.rename(self.path, self.path + ".1")
        self.append("x" * 7)
        self.assertEqual(22, volume.look())
        os.unlink(self.path + ".1")
        self.append("x")
        self.assertEqual(23, volume.look())

    def test_a_smaller_file_of_the_same_inode_is_another_one(self):
        self.append("x" * 100)
        volume = pressure_container.Volume(self.path)
        os.truncate(self.path, 0)
        self.append("x" * 3)
        self.assertEqual(3, volume.look())

    def test_what_was_written_since_is_found_in_a_file_that_was_rotated_away(self):
        self.append("before\n")
        marks = {os.stat(self.path).st_ino: os.path.getsize(self.path)}
        self.append("after\n")
        os.rename(self.path, self.path + ".1")
        self.append("new\n")
        self.assertEqual(b"after\n", pressure_container.written_since(self.path + ".1", marks))
        self.assertEqual(b"new\n", pressure_container.written_since(self.path, marks))
        self.assertEqual("after\n", pressure.added(self.path + ".1", marks))
        self.assertEqual(b"", pressure_container.written_since(self.path + ".2", marks))


class ProbeTest(unittest.TestCase):
    @unittest.skipUnless(os.geteuid() == 0, "needs root: who asks is another user")
    def test_who_asks_has_the_whole_answer_also_where_it_is_refused_while_it_sends(self):
        listening = Listening(self, refusing)
        for path in (os.path.dirname(listening.path), listening.path):
            os.chmod(path, 0o777)
        self.assertEqual(b"Unauthorized access\n", pressure_container.ask(2001, listening.path))
        listening.serve = echo()
        self.assertEqual(b"> x\n", pressure_container.ask(2001, listening.path, b"x\n"))
        self.assertEqual(b"", pressure_container.ask(2001, "/nonexistent"))
        self.assertIsNone(pressure_container.as_user(2001, lambda: os._exit(1)))

    def test_counts_of_several_looks_are_the_most_of_each(self):
        self.assertEqual({"a": 2, "b": 1}, dict(pressure_container.normal([["a", "a"], ["a", "b"]])))


class VerdictTest(unittest.TestCase):
    def held(self, check):
        self.assertIsInstance(check.holds, bool)
        return check.holds

    def test_one_error_of_an_honest_client_is_too_many_and_no_reply_proves_nothing(self):
        self.assertTrue(self.held(verdicts.honest_check(CALM)))
        errors = ["no reply: a", "no reply: b", "foreign bytes: c"]
        self.assertFalse(self.held(verdicts.honest_check({**CALM, "errors": errors[:1]})))
        self.assertIn("; 1 × foreign bytes: c; 2 × no reply: a", verdicts.honest_check({**CALM, "errors": errors}).measured)
        self.assertFalse(self.held(verdicts.honest_check({**CALM, "replies": 0})))

    def test_p99_of_a_connect_is_at_most_a_second_where_it_is_judged(self):
        at, above = ({**CALM, "connect_us": [us] * 10} for us in (1_000_000, 1_000_001))
        self.assertTrue(self.held(verdicts.latency_check(CALM, at)))
        self.assertFalse(self.held(verdicts.latency_check(CALM, above)))
        self.assertFalse(self.held(verdicts.latency_check(CALM, {**CALM, "connect_us": []})))
        self.assertTrue(self.held(verdicts.latency_check(CALM, above, judged=False)))
        self.assertIn("0.4 / 0.4 ms, a line 0.2 / 0.9 ms", verdicts.latency_check(CALM, CALM).measured)

    def test_attackers_too_are_told_what_is_right(self):
        self.assertTrue(self.held(verdicts.attackers_check([FINE, FINE])))
        self.assertFalse(self.held(verdicts.attackers_check([FINE, {**FINE, "wrong": 1, "first_wrong": "x"}])))

    def test_the_audit_has_two_seconds_and_a_change_five(self):
        for seconds, holds in ((2.0, True), (2.01, False), (None, False)):
            self.assertIs(holds, self.held(verdicts.audit_check(seconds)))
        for given, holds in (((5.0, 5.0), True), ((5.01, 1.0), False), ((1.0, 5.01), False), ((None, 1.0), False), ((1.0, None), False)):
            self.assertIs(holds, self.held(verdicts.change_check(*given)))

    def test_the_process_is_the_same_and_alive(self):
        self.assertTrue(self.held(verdicts.process_check((1, "5"), (1, "5"))))
        self.assertFalse(self.held(verdicts.process_check((1, "5"), (1, "6"))))
        self.assertFalse(self.held(verdicts.process_check((1, "5"), None)))

    def test_nothing_is_left_over_but_what_the_jvm_runs_for_itself(self):
        before = {"peercred-loop-N": 1, "socket:": 7}
        self.assertEqual({}, verdicts.more_than(before, {"socket:": 7, "G1 Refine#N": 1, "GC Thread#N": 3}))
        self.assertEqual({"peercred-loop-N": 1, "x": 2}, verdicts.more_than(before, {"peercred-loop-N": 2, "x": 2}))
        self.assertEqual({}, verdicts.more_than({"peercred-names": 1}, {"peercred-names": 2}))
        self.assertEqual({"peercred-names": 2}, verdicts.more_than({"peercred-names": 1}, {"peercred-names": 3}))
        self.assertTrue(self.held(verdicts.back_check({}, {}, 1.0)))
        self.assertFalse(self.held(verdicts.back_check({"x": 1}, {}, 15.0)))
        self.assertFalse(self.held(verdicts.back_check({}, {"socket:": 1}, 15.0)))

    def test_no_memory_and_no_internal_error_in_the_log(self):
        self.assertTrue(self.held(verdicts.log_check("a | WARN  | x\nb | ERROR | y\n")))
        self.assertIn("1 errors, 1 warnings", verdicts.log_check("a | WARN  | x\nb | ERROR | y\nc | WARN  | event=denied\n").measured)
        self.assertFalse(self.held(verdicts.log_check("java.lang.OutOfMemoryError: Java heap space")))
        self.assertFalse(self.held(verdicts.log_check("x | Internal error in the loop")))

    def test_one_user_writes_eight_mebibytes_in_any_minute_at_most(self):
        most = 8 * 2**20
        self.assertTrue(self.held(verdicts.volume_check(most, 3, 0, 1)))
        self.assertFalse(self.held(verdicts.volume_check(most + 1, 3, 0, 1)))
        self.assertTrue(self.held(verdicts.volume_check(2 * most, 120, 0, 1)))
        self.assertFalse(self.held(verdicts.volume_check(2 * most + 1, 120, 0, 1)))
        self.assertTrue(self.held(verdicts.volume_check(4 * most, 60, 0, 4)))
        self.assertTrue(self.held(verdicts.volume_check(most + 60_000, 60, 1000, 1)))

    def test_the_table_tells_what_does_not_hold_and_so_does_the_whole(self):
        attack = pressure_attacks.Attack("a", "what | ever", 1, [])
        good, bad = verdicts.Check("t", "m", "x", True), verdicts.Check("t", "m | n", "x", False)
        text = verdicts.table([(attack, [good, bad])], "about")
        self.assertIn("| **a**: what | ever | t | m | x | yes |\n|  | t | m \\| n | x | **no** |\n", text)
        self.assertTrue(verdicts.holds([(attack, [good])]))
        self.assertFalse(verdicts.holds([(attack, [good, bad])]))
        self.assertFalse(verdicts.holds([]))

    def test_the_middle_and_the_slowest_are_told(self):
        self.assertEqual("5.0 / 9.0 ms", verdicts.milliseconds([5000] * 60 + [9000] * 2))
        self.assertEqual("none", verdicts.milliseconds([]))


class WholeTest(unittest.TestCase):
    def run_main(self, *arguments, uid=0):
        with mock.patch("sys.argv", ["pressure.py", *arguments]), mock.patch("os.geteuid", return_value=uid):
            with contextlib.redirect_stdout(io.StringIO()) as out, contextlib.redirect_stderr(io.StringIO()):
                return pressure.main(), out.getvalue()

    def test_without_root_it_says_why_not(self):
        status, text = self.run_main("--quick", uid=1000)
        self.assertEqual(pressure.NOT_ROOT, status)
        self.assertIn("only root", text)

    def test_an_attack_that_does_not_exist_is_refused(self):
        with self.assertRaises(SystemExit):
            self.run_main("--attack", "nothing")

    def options(self, **more):
        return argparse.Namespace(attack=["fuzz", "strangers"], fresh=False, limit=9, seconds=1, adversary="", loadgen="", **more)

    def attacked(self, options, checks, deadline=float("inf")):
        """Which containers were started, and what was attacked, when each attack ends in the next of these checks."""
        started = []

        class Run:
            def __init__(self, *_):
                self.container = argparse.Namespace(socket="", command_socket="")

            def __enter__(self):
                started.append(1)
                return self

            def __exit__(self, *_):
                started.append(-1)

            def check(self, _attack):
                return [checks.pop(0)]

        with tempfile.TemporaryDirectory() as directory, mock.patch.object(pressure, "Run", Run), mock.patch("os.chown"):
            with contextlib.redirect_stderr(io.StringIO()):
                results = list(pressure.attack_all(options, "128m", None, directory, deadline))
        return started, results

    def test_one_container_serves_for_all_attacks_until_it_does_not_hold(self):
        good, bad = verdicts.Check("t", "m", "x", True), verdicts.Check("t", "m", "x", False)
        self.assertEqual([1, -1], self.attacked(self.options(), [good, good])[0])
        self.assertEqual([1, -1, 1, -1], self.attacked(self.options(), [bad, good])[0])
        fresh = self.options()
        fresh.fresh = True
        self.assertEqual([1, -1, 1, -1], self.attacked(fresh, [good, good])[0])

    def test_what_this_machine_does_not_allow_is_left_out_and_the_table_says_so(self):
        options = self.options()
        options.attack = ["slow-names"]
        self.assertEqual("", pressure.left_out(options, argparse.Namespace(reason="")))
        self.assertEqual(" Left out: slow-names (no).", pressure.left_out(options, argparse.Namespace(reason="no")))
        options.attack = ["fuzz"]
        self.assertEqual("", pressure.left_out(options, argparse.Namespace(reason="no")))

    def test_attacks_that_time_does_not_allow_are_failures(self):
        started, results = self.attacked(self.options(), [], deadline=time.monotonic() - 1)
        self.assertEqual([], started)
        self.assertEqual(2, len(results))
        self.assertFalse(verdicts.holds(results))


if __name__ == "__main__":
    unittest.main()
