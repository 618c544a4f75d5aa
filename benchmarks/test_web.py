#!/usr/bin/env python3
# Licensed under the Apache License, Version 2.0; see the file LICENSE.
# SPDX-License-Identifier: Apache-2.0
"""Tests of what web.py concludes from figures, and that its client notices every wrong, missing or surplus byte."""

import http.server
import json
import socketserver
import subprocess
import tempfile
import threading
import unittest
import zlib

import web
import web_report
from web_report import BASIC, SOCKET, TCP

BLOCK = bytes((i * 167 + (i >> 8) * 13) & 255 for i in range(64 * 1024))


def run_of(rate, cpu_micros=10):
    return {"per_s": rate, "ops": 1000, "server_cpu_seconds": cpu_micros / 1000}


def figures(ours=(100, 10), tcp=(100, 10), basic=(20, 50)):
    runs = {row: {SOCKET: [run_of(*ours)], TCP: [run_of(*tcp)], BASIC: [run_of(*basic)]} for row in (*web_report.ROWS, *web_report.TRANSFERS)}
    idle = {SOCKET: {"heap_kib": 18, "threads": 0}, TCP: {"heap_kib": 18, "threads": 0}}
    state = {"descriptors": 50, "threads": ["main", "qtp-1"], "heap": 1000}
    return runs, idle, (state, state)


class VerdictTest(unittest.TestCase):
    def missed(self, *arguments):
        return [verdict.what for verdict in web_report.verdicts(*arguments) if not verdict.holds]

    def test_all_hold_at_their_bounds(self):
        self.assertEqual([], self.missed(*figures()))

    def test_a_rate_below_that_over_tcp_misses_in_every_row_but_that_of_new_connections(self):
        rows = [*web_report.KEEP_ALIVE, *web_report.TRANSFERS]
        self.assertEqual([f"rate, {row}, to {TCP}" for row in rows], self.missed(*figures(ours=(99.9, 10), basic=(10, 50))))
        self.assertIn(f"rate, {web_report.CHURN}, to {TCP}", self.missed(*figures(ours=(89.9, 10), basic=(10, 50))))

    def test_more_cpu_time_than_over_tcp_misses_where_connections_are_kept(self):
        self.assertEqual([f"server's CPU, {row}, to {TCP}" for row in web_report.KEEP_ALIVE], self.missed(*figures(ours=(100, 10.1))))

    def test_each_row_has_its_own_bound_against_a_password(self):
        self.assertEqual([f"rate, {web_report.ONE}, to {BASIC}"], self.missed(*figures(basic=(25, 50))))
        self.assertEqual(3, len(self.missed(*figures(basic=(67, 50)))))

    def test_ratios_are_those_of_the_same_round(self):
        runs, idle, aborted = figures()
        # the machine becomes slower and slower: the medians of the rates would say the contrary
        runs[web_report.ONE] = {SOCKET: [run_of(99), run_of(49), run_of(100)], TCP: [run_of(100), run_of(50), run_of(10)], BASIC: [run_of(1)] * 3}
        self.assertEqual([f"rate, {web_report.ONE}, to {TCP}"], self.missed(runs, idle, aborted))

    def test_idle_connections_may_take_no_more_heap_and_no_thread(self):
        runs, idle, aborted = figures()
        idle[SOCKET] = {"heap_kib": 18.1, "threads": 0.02}
        self.assertEqual(2, len(self.missed(runs, idle, aborted)))

    def test_what_was_not_measured_does_not_hold(self):
        runs, _, aborted = figures()
        del runs[web_report.MANY]
        missed = self.missed(runs, {}, ({**aborted[0], "heap": None}, aborted[1]))
        self.assertEqual(3, sum(web_report.MANY in what for what in missed))
        self.assertEqual(6, len(missed))

    def test_what_aborting_clients_leave_is_told(self):
        runs, idle, (before, _) = figures()
        after = {"descriptors": 51, "threads": ["main", "qtp-1", "qtp-1", "C2 CompilerThre"], "heap": 2025}
        missed = self.missed(runs, idle, (before, after))
        self.assertEqual(3, len(missed))
        self.assertEqual([], self.missed(runs, idle, (before, {**before, "heap": 2024})))

    def test_the_tables_show_all_ways(self):
        shown = web_report.tables(*figures(ours=(1234, 10))[:2])
        self.assertIn("| 1 connection | 1,234 | 100 | 20 | 10 | 10 | 50 |", shown)
        self.assertIn("| KiB of heap of an idle connection | 18.00 | 18.00 |  |", shown)


class Right(http.server.BaseHTTPRequestHandler):
    """Answers as the measured servlet does; what is spoilt, a class below says."""

    protocol_version = "HTTP/1.1"

    def address_string(self):
        return "local"

    def log_message(self, *_):
        pass

    def reply(self, body, status=200):
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def echo(self, number):
        letter = int(number, 16) % 26
        return number.encode() + bytes(97 + (letter + i) % 26 for i in range(240))

    def transferred(self, count):
        return (BLOCK * (count // len(BLOCK) + 1))[:count]

    def do_GET(self):
        target, _, number = self.path.partition("?")
        self.reply(self.echo(number) if target.endswith("echo") else self.transferred(int(number, 16)))

    def do_PUT(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.reply(b"%016x %08x\n" % (len(body), zlib.crc32(body)))


class WrongNumber(Right):
    def echo(self, number):
        return super().echo(f"{int(number, 16) + 26:016x}")


class WrongLetter(Right):
    def echo(self, number):
        return super().echo(number)[:-1] + b"!"


class WrongStatus(Right):
    def reply(self, body, status=203):
        super().reply(body, status)


class Short(Right):
    def echo(self, number):
        return super().echo(number)[:-1]


class Surplus(Right):
    def reply(self, body, status=200):
        super().reply(body, status)
        self.wfile.write(b"x")


class Ending(Right):
    def reply(self, body, status=200):
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body[:-1])
        self.close_connection = True


class Swapped(Right):
    def transferred(self, count):
        return super().transferred(count)[:-2] + b"??"


class Forgetful(Right):
    def do_PUT(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.reply(b"%016x %08x\n" % (len(body), zlib.crc32(body[:-1])))


class Server(socketserver.ThreadingMixIn, socketserver.UnixStreamServer):
    daemon_threads = True
    request_queue_size = 128

    def handle_error(self, *_):
        pass  # a client that has found an error is gone


class ClientTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.directory = tempfile.TemporaryDirectory(prefix="webload-")
        cls.program = web.build_client(cls.directory.name)

    @classmethod
    def tearDownClass(cls):
        cls.directory.cleanup()

    def run_against(self, handler, *arguments):
        """The exit status and what was reported."""
        with tempfile.TemporaryDirectory(prefix="w-") as directory:
            path = f"{directory}/s"
            with Server(path, handler) as server:
                threading.Thread(target=server.serve_forever, daemon=True).start()
                command = [self.program, "--socket", path, *arguments]
                done = subprocess.run(command, input="", capture_output=True, text=True, timeout=60, check=False)
                server.shutdown()
        return done.returncode, json.loads(done.stdout.splitlines()[-1])

    def modes(self):
        keep = ["--mode", "keep", "--connections", "2", "--idle", "3", "--duration", "0.1"]
        return [keep, ["--mode", "churn", "--connections", "2", "--duration", "0.1"], ["--mode", "hold", "--connections", "3"]]

    def test_right_replies_are_counted(self):
        for mode in [*self.modes(), ["--mode", "down", "--count", "200001"], ["--mode", "up", "--count", "200001"]]:
            code, report = self.run_against(Right, *mode)
            self.assertEqual((0, 0, ""), (code, report["errors"], report["first_error"]), mode)
            self.assertGreater(report["ops"], 0)

    def test_wrong_replies_are_noticed_in_every_mode(self):
        for handler in (WrongNumber, WrongLetter, WrongStatus, Short, Surplus, Ending):
            for mode in self.modes():
                code, report = self.run_against(handler, *mode)
                self.assertEqual((1, False), (code, report["first_error"] == ""), (handler, mode))

    def test_wrong_transfers_are_noticed(self):
        for handler, mode in ((Swapped, "down"), (WrongStatus, "down"), (Surplus, "down"), (Ending, "down"), (Forgetful, "up"), (WrongStatus, "up")):
            code, _ = self.run_against(handler, "--mode", mode, "--count", "200001")
            self.assertEqual(1, code, (handler, mode))

    def test_aborting_clients_need_no_reply(self):
        self.assertEqual(30, self.run_against(Right, "--mode", "abort", "--count", "30")[1]["ops"])


if __name__ == "__main__":
    unittest.main()
