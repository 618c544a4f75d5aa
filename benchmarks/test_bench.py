#!/usr/bin/env python3
# Licensed under the Apache License, Version 2.0; see the file LICENSE.
# SPDX-License-Identifier: Apache-2.0
"""Tests of the runner: what it concludes from figures, and that it leaves no process behind."""

import argparse
import contextlib
import io
import json
import os
import platform
import pwd
import re
import select
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import unittest
from unittest import mock

import bench
import bench_machine
import bench_report
import bench_servers
import jmh


def run_of(rate, cpu, **more):
    return {"errors": 0, "ops_per_s": rate, "server_cpu_us_per_op": cpu, "p50_us": 1, "p99_us": 2, "p999_us": 3, **more}


def results(product, rival=(1, 1), workload="churn", **more):
    """The C server makes 100 replies a second at 10 µs each."""
    rows = [
        {"name": "C", "role": "reference", "runs": {workload: [run_of(100, 10)]}},
        {"name": "P", "role": "product", "runs": {workload: [run_of(*product)]}, **more},
        {"name": "Go, naive", "role": "rival", "runs": {workload: [run_of(*rival)]}},
    ]
    return {"machine": "m", "rounds": 1, "seconds": 1, "workloads": [workload], "rows": rows}


def met(found):
    return [value for _, _, value in found]


class MachineTest(unittest.TestCase):
    def test_the_heap_is_found_whatever_collects_it(self):
        parallel = " garbage-first heap   total 262144K, used 20480K [0x00000000f0000000, 0x0000000100000000)\n"
        self.assertEqual([(20480, 0xF0000000, 0x100000000)], bench_machine.heap_spaces(parallel))
        serial = """ def new generation   total 7424K, used 2450K [0x00000000f0000000, 0x00000000f0700000, 0x00000000f0800000)
  eden space 6656K,  27% used [0x00000000f0000000, 0x00000000f01cb388, 0x00000000f0680000)
 tenured generation   total 28268K, used 19509K [0x00000000f0800000, 0x00000000f239b000, 0x0000000100000000)
"""
        self.assertEqual([(2450, 0xF0000000, 0xF0800000), (19509, 0xF0800000, 0x100000000)], bench_machine.heap_spaces(serial))


class ReportTest(unittest.TestCase):
    def targets(self, *arguments, **more):
        return met(bench_report.Report(results(*arguments, **more)).targets())

    def test_the_small_table_shows_the_product_beside_its_rival_and_only_when_all_was_measured(self):
        data = results((90, 10), rival=(3, 1))
        self.assertIsNone(bench_report.Report(data).summary())
        data["workloads"] = list(bench_report.WORKLOADS)
        for row in data["rows"]:
            row["runs"] = {workload: row["runs"]["churn"] for workload in data["workloads"]}
        table = [line for line in bench_report.Report(data).summary().splitlines() if line.startswith("|")]
        self.assertEqual("| | P | Go, naive |", table[0])
        self.assertEqual(["| .90 | .03 |"] * 4, [line[line.index(" | ") + 1 :] for line in table[2:]])

    def test_targets_are_met_at_their_bounds_and_not_below_them(self):
        self.assertEqual([True, True, True, None, None], self.targets((95, 11)))
        self.assertEqual([False, False, True, None, None], self.targets((94.9, 11.01)))

    def test_pipelined_and_idle_must_reach_the_whole_rate(self):
        self.assertEqual([False, True], self.targets((99, 11.5), workload="pipelined")[:2])
        self.assertEqual([False, False], self.targets((99, 11.5), workload="idle")[:2])
        self.assertEqual([True, True], self.targets((100, 10), workload="idle")[:2])

    def test_as_fast_as_the_rival_does_not_beat_it(self):
        self.assertIs(False, self.targets((100, 10), rival=(100, 1))[2])
        self.assertIs(True, self.targets((100, 10), rival=(99, 1))[2])

    def test_memory_and_idleness_are_targets_too(self):
        found = self.targets((100, 10), memory={"heap_kib_per_connection": 2.1}, idle={"loop_seconds": 0.2})
        self.assertEqual([False, False], found[3:])
        found = self.targets((100, 10), memory={"heap_kib_per_connection": 1.9}, idle={"loop_seconds": 0.0})
        self.assertEqual([True, True], found[3:])

    def test_what_was_not_measured_is_not_met(self):
        data = results((100, 10))
        data["rows"][1]["runs"] = {}
        self.assertEqual([None] * 5, met(bench_report.Report(data).targets()))

    def test_a_variant_has_targets_of_its_own(self):
        data = results((100, 10))
        data["rows"].append({"name": "audited", "role": "variant", "targets": {"churn": 0.5}, "runs": {"churn": [run_of(49, 1)]}})
        self.assertIs(False, met(bench_report.Report(data).targets())[-1])

    def fact(self, rate, counterpart=(80, 12)):
        data = results((100, 10))
        row = {"role": "fact", "beside": "C, groups", "targets": {"churn": 0.7}, "runs": {"churn": [run_of(rate, 15)]}}
        data["rows"].append({"name": "— with a group policy", **row})
        data["rows"].append({"name": "C, groups", "role": "counterpart", "runs": {"churn": [run_of(*counterpart)]}})
        return bench_report.Report(data)

    def test_a_fact_is_compared_with_plain_c_and_with_the_c_server_that_reads_it_too(self):
        self.assertEqual([True, True], met(self.fact(76).targets())[-2:])
        self.assertEqual([True, False], met(self.fact(75.9).targets())[-2:])
        self.assertEqual([False, True], met(self.fact(69, counterpart=(70, 12)).targets())[-2:])
        self.assertIn("| with a group policy | .76 [1.50] | .95 [1.25] | .80 [1.20] |", self.fact(76).facts())

    def test_a_fact_without_its_counterpart_has_not_met_anything(self):
        report = self.fact(76)
        report.rows = [row for row in report.rows if row["role"] != "counterpart"]
        self.assertEqual([True, None], met(report.targets())[-2:])
        self.assertIn("| with a group policy | .76 [1.50] | – [–] | – [–] |", report.facts())

    def test_there_is_no_table_of_facts_where_none_was_measured(self):
        self.assertIsNone(bench_report.Report(results((100, 10))).facts())

    def test_a_cell_shows_rate_and_cpu_relative_to_the_reference(self):
        table = bench_report.Report(results((97, 10.4))).ratios()
        self.assertIn("| P | .97 [1.04] ✓ |", table)
        self.assertIn("| C | 1.00 [1.00] |", table)
        self.assertIn("| P | .90 [1.04] ✗ |", bench_report.Report(results((90, 10.4))).ratios())

    def test_runs_with_errors_do_not_count(self):
        data = results((100, 10))
        data["rows"][1]["runs"]["churn"] = [{"errors": 3, "first_error": "wrong byte"}]
        self.assertIn("| P | failed |", bench_report.Report(data).ratios())

    def test_each_round_is_compared_with_the_reference_in_the_same_round(self):
        data = results((100, 10))
        # the machine slows down and down: the medians of the rates, 60 and 50, would say 1.20
        data["rows"][0]["runs"]["churn"] = [run_of(100, 10), run_of(50, 20), run_of(10, 100)]
        data["rows"][1]["runs"]["churn"] = [run_of(100, 9), run_of(60, 22), run_of(11, 100)]
        self.assertIn("| P | 1.10 [1.00] ✓ |", bench_report.Report(data).ratios())

    def test_a_row_that_was_not_in_every_round_is_compared_with_the_rounds_it_was_in(self):
        found = results((1, 1))
        found["rows"][0]["runs"]["churn"] = [run_of(rate, 10, round=number) for number, rate in enumerate((100, 200, 400))]
        found["rows"][1]["runs"]["churn"] = [run_of(200, 10, round=2)]
        self.assertEqual((0.5, 1.0), bench_report.Report(found).relative(found["rows"][1], "churn"))

    def test_a_round_that_went_wrong_for_one_of_two_does_not_count(self):
        data = results((100, 10))
        failed = {"errors": 1, "first_error": "it has died"}
        data["rows"][0]["runs"]["churn"] = [run_of(100, 10), failed, run_of(100, 10)]
        data["rows"][1]["runs"]["churn"] = [run_of(90, 12), run_of(900, 1), failed]
        self.assertIn("| P | .90 [1.20] ✗ |", bench_report.Report(data).ratios())

    def test_the_spread_over_the_rounds_is_shown(self):
        data = results((100, 10))
        data["rows"][0]["runs"]["churn"] = [run_of(100, 10)] * 5
        data["rows"][1]["runs"]["churn"] = [run_of(rate, cpu) for rate, cpu in ((80, 15), (90, 12), (100, 10), (105, 9), (300, 8))]
        self.assertIn("| P | 1.00 (0.90–1.05) | 1.00 (0.90–1.20) |", bench_report.Report(data).details())

    def test_medians_and_not_means_are_compared(self):
        self.assertEqual(2, bench_report.medians([run_of(1, 1), run_of(2, 1), run_of(900, 1)])["ops_per_s"])

    def test_disturbed_rounds_and_rows_left_out_are_shown(self):
        data = results((100, 10))
        data["rows"][1]["runs"]["churn"][0]["disturbed"] = True
        data["rows"].append({"name": "Netty", "role": "baseline", "runs": {}, "reason": "java is not installed"})
        table = bench_report.Report(data).ratios()
        self.assertIn("✓ * |", table)
        self.assertIn("Left out: Netty, java is not installed.", table)

    def test_only_what_stands_between_the_markers_is_replaced(self):
        text = "a\n<!-- benchmark:ratios -->\nold\n<!-- /benchmark:ratios -->\nb\n"
        wanted = "a\n<!-- benchmark:ratios -->\nnew\n<!-- /benchmark:ratios -->\nb\n"
        self.assertEqual(wanted, bench_report.insert(text, "ratios", "new\n"))
        self.assertIsNone(bench_report.insert(text, "details", "new\n"))


class RepetitionTest(unittest.TestCase):
    def measure(self, foreign, repeats=3):
        runs = [run_of(n, 1, other_cpu_cores=cores, stolen_cores=0.0) for n, cores in enumerate(foreign)]
        server = argparse.Namespace(name="s")
        options = argparse.Namespace(repeats=repeats, seconds=1, warmup=0, refused_uid=1)
        with mock.patch("bench.run_loadgen", side_effect=runs) as called, mock.patch("bench_machine.wait_for_quiet"):
            with contextlib.redirect_stderr(io.StringIO()):
                return bench.measure(options, server, "churn"), called.call_count

    def test_a_quiet_round_is_taken_at_once(self):
        run, count = self.measure([0.1])
        self.assertEqual((0, False, 1), (run["ops_per_s"], run["disturbed"], count))

    def test_a_disturbed_round_is_repeated(self):
        run, count = self.measure([0.5, 0.11, 0.02])
        self.assertEqual((2, False, 3), (run["ops_per_s"], run["disturbed"], count))

    def test_repetition_ends_and_the_least_disturbed_round_is_kept_and_marked(self):
        run, count = self.measure([0.5, 0.2, 0.7, 0.6, 0.0])
        self.assertEqual((1, True, 4), (run["ops_per_s"], run["disturbed"], count))


class TurnsTest(unittest.TestCase):
    """Two rows, one of them of two processes, one of which dies after its first round."""

    class Process:
        def __init__(self, name, rounds=99, role="product"):
            self.name, self.rounds, self.role = name, rounds, role

        def measures(self, _workload):
            return True

        def alive(self):
            return self.rounds > 0

    def test_the_processes_of_a_row_take_turns_and_each_round_is_one_run_of_the_row(self):
        c, first, second = self.Process("C"), self.Process("P"), self.Process("P", rounds=1)
        warmed, runs = self.measure([c, first, second], 4)
        self.assertEqual([c, first, second], warmed)
        self.assertEqual([c] * 4, [run["by"] for run in runs["C"]])
        self.assertEqual([first, second, first, None], [run.get("by") for run in runs["P"]])
        self.assertEqual([0, 0, 0, 1], [run["errors"] for run in runs["P"]])

    def test_rows_without_a_verdict_have_every_third_round(self):
        _, runs = self.measure([self.Process("C"), self.Process("N", role="baseline")], 5)
        self.assertEqual([0, 1, 2, 3, 4], [run["round"] for run in runs["C"]])
        self.assertEqual([0, 3], [run["round"] for run in runs["N"]])

    def measure(self, servers, rounds):
        warmed, rows = [], {server.name: {"runs": {}} for server in servers}

        def measure(_options, server, _workload):
            server.rounds -= 1
            return {"errors": 0, "by": server}

        options = argparse.Namespace(workloads=["churn"], rounds=rounds, first_warmup=1)
        with mock.patch("bench.measure", side_effect=measure), contextlib.redirect_stderr(io.StringIO()):
            with mock.patch("bench.run_loadgen", side_effect=lambda _options, server, *_: warmed.append(server)):
                bench.measure_rounds(options, servers, rows)
        return warmed, {name: row["runs"]["churn"] for name, row in rows.items()}

    def test_as_many_processes_are_started_as_the_row_says_and_belong_to_one_row(self):
        rows = [{"name": "C"}, {"name": "P", "processes": 3}]
        places = {"sockets": "/nowhere"}
        with mock.patch.object(bench_servers.Server, "start"), contextlib.redirect_stderr(io.StringIO()):
            servers, found = bench.start_all(None, rows, {}, places)
        self.assertEqual(["C", "P", "P", "P"], [server.name for server in servers])
        self.assertEqual(4, len({server.socket for server in servers}))
        self.assertEqual([("C", 1), ("P", 3)], [(name, row["processes"]) for name, row in found.items()])

    def test_the_table_says_which_rows_are_of_several_processes(self):
        self.assertNotIn("took turns", bench_report.Report(results((100, 10))).ratios())
        text = bench_report.Report(results((100, 10), processes=3)).ratios()
        self.assertIn("Several processes took turns at the rounds of: P (3).", text)


ECHO = """
import os, signal, socket, sys
{before}
s = socket.socket(socket.AF_UNIX)
s.bind(sys.argv[1])
s.listen(8)
while True:
    c = s.accept()[0]
    c.sendall({prefix!r} + c.recv(100))
    c.close()
"""


class ServerTest(unittest.TestCase):
    def setUp(self):
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        self.places = {"build": directory.name, "sockets": directory.name, "root": directory.name}

    def server(self, before="", prefix=b"> ", **row):
        code = ECHO.format(before=before, prefix=prefix)
        row = {"name": "s", "command": [sys.executable, "-c", code, "{socket}"], "start_timeout": 20, **row}
        server = bench_servers.Server(row, self.places, 0)
        self.addCleanup(server.stop)
        return server

    def test_it_is_found_by_its_socket_and_ends_when_stopped(self):
        server = self.server()
        server.start()
        pid = server.pid
        self.assertEqual(server.process.pid, pid)
        self.assertTrue(server.alive())
        server.stop()
        self.assertFalse(os.path.exists(f"/proc/{pid}"))
        self.assertFalse(os.path.exists(server.socket))

    def test_a_server_behind_a_launcher_is_stopped_as_well(self):
        launcher = ["sh", "-c", '"$0" "$@" & wait', sys.executable, "-c", ECHO.format(before="", prefix=b"> "), "{socket}"]
        server = self.server(command=launcher)
        server.start()
        pid, parent = server.pid, server.process.pid
        self.assertNotEqual(parent, pid)
        server.stop()
        self.assertTrue(server.gone(pid) and server.gone(parent))

    def test_one_that_does_not_listen_to_sigterm_is_stopped_as_well(self):
        server = self.server(before="signal.signal(signal.SIGTERM, signal.SIG_IGN)")
        server.start()
        pid = server.pid
        with mock.patch("bench_servers.STOP_TIMEOUT", 0.5):
            server.stop()
        self.assertTrue(server.gone(pid))

    def test_one_that_answers_wrongly_is_left_out(self):
        server = self.server(prefix=b"? ", start_timeout=1)
        with self.assertRaisesRegex(bench_servers.Unavailable, "no echo on its socket"):
            server.start()

    def test_one_whose_policy_is_not_in_force_is_left_out(self):
        log = os.path.join(self.places["build"], "data", "log")
        os.makedirs(log)
        with open(os.path.join(log, "karaf.log"), "w", encoding="utf-8") as file:
            file.write("… | Policy group~bench is in force: listeners [*] …\n")
        self.places["karaf"] = self.places["build"]
        server = self.server(log=["Policy group~bench is in force"])
        server.start()
        server.stop()
        with self.assertRaisesRegex(bench_servers.Unavailable, "its log does not say: Policy uid~bench is in force"):
            self.server(log=["Policy uid~bench is in force"], start_timeout=1).start()

    def test_one_that_fails_at_once_is_left_out(self):
        with self.assertRaisesRegex(bench_servers.Unavailable, "ended at once with 3"):
            self.server(before="sys.exit(3)").start()

    def test_a_strangers_socket_is_neither_measured_nor_its_owner_killed(self):
        server = self.server()
        with socket.socket(socket.AF_UNIX) as stranger:
            stranger.bind(server.socket)
            stranger.listen()
            with self.assertRaisesRegex(bench_servers.Unavailable, "somebody else listens"):
                server.start()
            server.stop()
            self.assertTrue(os.path.exists(server.socket))

    def test_a_missing_tool_is_the_reason(self):
        with self.assertRaisesRegex(bench_servers.Unavailable, "no-such-tool is not installed"):
            self.server(needs=["no-such-tool"]).prepare(set())

    def test_a_build_that_fails_is_the_reason(self):
        with self.assertRaisesRegex(bench_servers.Unavailable, "sh -c failed: broken"):
            self.server(build=[["sh", "-c", "echo broken; exit 1"]]).prepare(set())

    def test_keys_are_set_in_a_karaf_configuration(self):
        path = os.path.join(self.places["build"], "x.cfg")
        with open(path, "w", encoding="utf-8") as file:
            file.write("# path = a comment\npath = /old, \\\n  /continued\nmode=0600\nkept = 1\n")
        bench_servers.set_properties(path, {"path": "/new", "mode": None, "fresh": 2})
        self.assertEqual("# path = a comment\nkept = 1\npath = /new\nfresh = 2\n", bench_machine.read(path))


class RowsTest(unittest.TestCase):
    NAMES = ["C, epoll", "Peercred in Karaf", "— with a group policy", "Peercred"]

    def test_a_row_is_named_by_its_name_or_a_part_that_no_other_has(self):
        self.assertEqual("C, epoll", bench.named("C, epoll", self.NAMES))
        self.assertEqual("— with a group policy", bench.named("GROUP", self.NAMES))
        self.assertEqual("Peercred", bench.named("Peercred", self.NAMES))

    def test_a_part_of_several_names_or_of_none_is_refused(self):
        with self.assertRaisesRegex(SystemExit, "several rows are called so"):
            bench.named("peercred", self.NAMES)
        with self.assertRaisesRegex(SystemExit, "no row is called so; there are: C, epoll; Peercred in Karaf"):
            bench.named("Rust", self.NAMES)

    def test_the_reference_is_always_among_them(self):
        options = argparse.Namespace(servers=os.path.join(bench.HERE, "servers.json"), product_command=None, row=["Peercred in", "Go"])
        rows, _ = bench.load_rows(options)
        self.assertEqual(["reference", "product", "rival"], [row["role"] for row in rows])

    def test_a_fact_brings_the_c_server_that_reads_it_too(self):
        options = argparse.Namespace(servers=os.path.join(bench.HERE, "servers.json"), product_command=None, row=["a group policy"])
        rows, _ = bench.load_rows(options)
        self.assertEqual(["C, epoll", "— with a group policy", "C, groups"], [row["name"] for row in rows])

    def test_every_fact_has_its_counterpart(self):
        with open(os.path.join(bench.HERE, "servers.json"), encoding="utf-8") as file:
            rows = json.load(file)["rows"]
        facts = [row["beside"] for row in rows if row.get("role") == "fact"]
        self.assertEqual(sorted(facts), sorted(row["name"] for row in rows if row.get("role") == "counterpart"))


# the variants of this fact, and the versions of Linux that they need
EXECUTABLE = {
    "executable": (6, 5),
    "executable_info": (6, 13),
    "executable_stat": (6, 13),
    "executable_anew": (6, 9),
    "executable_held": (6, 9),
}


@unittest.skipUnless(shutil.which("gcc"), "gcc is not installed")
class FactServerTest(unittest.TestCase):
    """The C servers that are compared with: each reads the fact that it says it reads."""

    @classmethod
    def setUpClass(cls):
        cls.directory = tempfile.mkdtemp()
        cls.program = os.path.join(cls.directory, "server")
        sources = [os.path.join(bench.HERE, "baselines", "c", name) for name in ("server.c", "facts.c", "audit.c")]
        subprocess.run(["gcc", "-O2", "-Wall", "-Wextra", "-Werror", "-pthread", "-o", cls.program, *sources], check=True)

    @classmethod
    def tearDownClass(cls):
        shutil.rmtree(cls.directory)

    def start(self, *fact):
        server = subprocess.Popen([self.program, os.path.join(self.directory, "s"), *fact])
        self.addCleanup(server.wait)
        self.addCleanup(server.kill)
        self.await_true(lambda: bench_machine.listening_pid(os.path.join(self.directory, "s")) == server.pid)
        return server

    def await_true(self, condition):
        deadline = time.monotonic() + 60
        while not condition():
            self.assertLess(time.monotonic(), deadline, "it did not come true")
            select.select([], [], [], 0.01)

    def answer(self):
        with socket.socket(socket.AF_UNIX) as client:
            client.settimeout(60)
            client.connect(os.path.join(self.directory, "s"))
            with contextlib.suppress(BrokenPipeError):
                client.sendall(b"x\n")
            return client.recv(100)

    def variants(self, **since):
        """Those that this kernel can: each with the version of Linux that it needs."""
        kernel = tuple(int(number) for number in platform.release().split(".")[:2])
        found = [name.replace("_", "-") for name, version in since.items() if kernel >= version]
        return found or self.skipTest(f"Linux {kernel} has no SO_PEERPIDFD")

    def check(self, listed, unlisted):
        for fact, wanted in ((listed, b"> x\n"), (unlisted, b"Unauthorized access\n")):
            server = self.start(*fact)
            self.assertEqual([wanted] * 3, [self.answer() for _ in range(3)], fact)
            server.kill()
            server.wait()

    def test_the_group_decides(self):
        self.check(["groups", str(os.getgid())], ["groups", "4000000000"])

    def test_the_program_decides(self):
        python, other = os.path.realpath(sys.executable), os.path.realpath(shutil.which("sh"))
        for variant in self.variants(**EXECUTABLE):
            self.check([variant, other, python], [variant, other])

    def test_the_same_process_is_asked_again_after_it_has_executed_another_program(self):
        code = "import os, socket, sys\ns = socket.socket(socket.AF_UNIX)\ns.connect(sys.argv[1])\n"
        code += "s.sendall(b'x\\n')\nprint(s.recv(100), flush=True)\n"
        again = f"{code}s.close()\nos.execv(sys.argv[2], [sys.argv[2], '-c', sys.argv[3], sys.argv[1]])\n"
        copy = os.path.join(self.directory, "python")
        shutil.copy(os.path.realpath(sys.executable), copy)
        home = {**os.environ, "PYTHONHOME": sys.base_prefix}
        for variant in self.variants(**EXECUTABLE):
            server = self.start(variant, os.path.realpath(sys.executable))
            arguments = [sys.executable, "-c", again, os.path.join(self.directory, "s"), copy, code]
            done = subprocess.run(arguments, capture_output=True, text=True, timeout=60, check=True, env=home)
            self.assertEqual("b'> x\\n'\nb'Unauthorized access\\n'\n", done.stdout, variant)
            server.kill()
            server.wait()

    def test_the_servers_own_control_group_is_let_in(self):
        for variant in self.variants(cgroup=(6, 5), cgroup_id=(6, 13), cgroup_held=(6, 9)):
            server = self.start(variant)
            self.assertEqual(b"> x\n", self.answer(), variant)
            server.kill()
            server.wait()

    def test_a_connection_ends_with_the_process_that_made_it(self):
        for variant in self.variants(pidfd=(6, 5), pidfd_shared=(6, 9)):
            server = self.start(variant)
            code = "import os, socket, sys\ns = socket.socket(socket.AF_UNIX)\ns.connect(sys.argv[1])\n"
            code += "os.write(1, b'1')\nos.set_inheritable(s.fileno(), True)\n"
            code += "if os.fork() == 0:\n    os.read(0, 1)\n    os.write(1, s.recv(100) or b'end')\n    os._exit(0)\n"
            ours, theirs = os.pipe()
            maker = subprocess.Popen([sys.executable, "-c", code, os.path.join(self.directory, "s")], stdin=subprocess.PIPE, stdout=theirs)
            os.close(theirs)
            self.assertEqual(0, maker.wait(60), variant)
            maker.stdin.write(b"1")
            maker.stdin.close()
            with os.fdopen(ours, "rb") as output:
                self.assertEqual(b"1end", output.read(), variant)
            self.assertEqual(b"> x\n", self.answer(), variant)
            server.kill()
            server.wait()

    def test_each_connection_has_two_lines_and_none_is_lost_on_the_way_to_another_file(self):
        log = os.path.join(self.directory, "audit.log")
        with open(log, "wb") as file:
            file.truncate((16 << 20) - 1000)
        self.start("audited", log)
        for _ in range(50):
            self.assertEqual(b"> x\n", self.answer())

        def lines():
            parts = [bench_machine.read(log + suffix) for suffix in (".1", "")]
            return [line for line in "".join(parts).replace("\0", "").splitlines() if line]

        self.await_true(lambda: len(lines()) >= 100)
        self.assertTrue(os.path.exists(log + ".1"))
        user = pwd.getpwuid(os.geteuid()).pw_name
        who = rf"uid={os.geteuid()} user={user} gid={os.getegid()} pid={os.getpid()} action=connect"
        time_of_day = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}[+-]\d\d:\d\d INFO  "
        reason = "the peer runs as the daemon's own user"
        allowed = re.compile(rf'{time_of_day}event=allowed listener=echo connection=(\d+) {who} policy=owner reason="{reason}"')
        closed = re.compile(rf"{time_of_day}event=closed listener=echo connection=(\d+) {who} lines=1 millis=\d+")
        for form in (allowed, closed):
            numbers = [int(match.group(1)) for match in map(form.fullmatch, lines()) if match]
            self.assertEqual(list(range(1, 51)), sorted(numbers))

    def test_a_fact_that_there_is_not_is_refused(self):
        done = subprocess.run([self.program, os.path.join(self.directory, "s"), "height"], capture_output=True, text=True, timeout=60, check=False)
        self.assertEqual(2, done.returncode)
        self.assertIn("the facts are: audited FILE, or one of groups pidfd", done.stderr)


class PartsTest(unittest.TestCase):
    def result(self, name, samples, **params):
        return {
            "benchmark": f"org.peercred.benchmarks.{name}",
            "params": params,
            "forks": 2,
            "measurementIterations": 2,
            "primaryMetric": {"rawData": [samples[:2], samples[2:]]},
        }

    def lists(self, shortest, longest, listed="true"):
        return [self.result("ListBenchmark.decide", [ns] * 4, entries=n, listed=listed) for n, ns in (("1", shortest), ("10000", longest))]

    def test_medians_of_all_forks_are_shown_with_their_spread(self):
        text = jmh.table([self.result("DecisionBenchmark.decide", [4.0, 2.0, 90.0, 3.0], policies="1")], "m")
        self.assertIn("| decision, 1 policy | 3.5 | 2.0 to 90.0 |", text)
        self.assertNotIn("longer list", text)

    def test_a_list_may_not_make_decisions_slower(self):
        self.assertEqual(30, jmh.growth(self.lists(20, 50)))
        self.assertEqual(101, jmh.growth(self.lists(20, 50) + self.lists(20, 121, "false")))
        self.assertIn("+30 ns, 100 are allowed: holds", jmh.table(self.lists(20, 50), "m"))
        self.assertIn("+101 ns, 100 are allowed: **does not hold**", jmh.table(self.lists(20, 121, "false"), "m"))
        self.assertIn("| decision, a list of 10,000 uids, the peer not on it | 121.0 |", jmh.table(self.lists(20, 121, "false"), "m"))


class MachineTest(unittest.TestCase):
    def test_cpu_time_of_another_process_is_seen(self):
        with subprocess.Popen([sys.executable, "-c", "while True: pass"]) as busy:
            try:
                before, all_before = bench_machine.cpu_seconds(busy.pid), bench_machine.all_cpu_seconds()
                bench_machine.wait_for_quiet(seconds=0.5)
                self.assertGreater(bench_machine.cpu_seconds(busy.pid), before)
                self.assertGreater(bench_machine.all_cpu_seconds(), all_before)
                self.assertGreater(sum(bench_machine.thread_cpu_seconds(busy.pid).values()), 0)
            finally:
                busy.kill()
        self.assertIsNone(bench_machine.cpu_seconds(busy.pid))

    def test_a_socket_nobody_listens_on_has_no_pid(self):
        with tempfile.TemporaryDirectory() as directory:
            path = os.path.join(directory, "s")
            with socket.socket(socket.AF_UNIX) as s:
                s.bind(path)
                self.assertIsNone(bench_machine.listening_pid(path))
                s.listen()
                self.assertEqual(os.getpid(), bench_machine.listening_pid(path))


if __name__ == "__main__":
    unittest.main()
