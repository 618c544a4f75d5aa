#!/usr/bin/env python3
# Licensed under the Apache License, Version 2.0; see the file LICENSE.
# SPDX-License-Identifier: Apache-2.0
"""Tests of scale.py: its verdicts, and what it takes for an answer. No container is started."""

import argparse
import contextlib
import io
import os
import socket
import tempfile
import threading
import types
import unittest

import scale
import scale_changes
import scale_config_report
import scale_connections
import scale_container
import scale_listeners
import scale_policies
import scale_report
from bench_servers import Unavailable

FINE = {"errors": 0, "first_error": ""}
BROKEN = {"errors": 2, "first_error": "wrong byte"}
WARNING = "2026-01-01T00:00:00 | WARN  | x | 1 | Listener echo: max.connections = 1000000 needs 1000000 descriptors (ulimit -n)."


def window(p99, client=1, disturbed=False):
    """A run beside which the server's own clock had this p99, and the load generator's another."""
    return {**FINE, "p99_us": client, "server": {"p99_us": p99}, "disturbed": disturbed}


class ScaleTest(unittest.TestCase):
    def held(self, check):
        self.assertIsInstance(check.holds, bool)
        return check.holds

    def test_connections_must_all_be_open_and_answered_and_small(self):
        self.assertTrue(self.held(scale_report.open_check(100, 100, [FINE, FINE], 2.0, -1.0, 3.0)))
        self.assertFalse(self.held(scale_report.open_check(100, 99, [FINE], 1.0, 1.0, 3.0)))
        self.assertFalse(self.held(scale_report.open_check(100, 100, [FINE, BROKEN], 1.0, 1.0, 3.0)))
        self.assertFalse(self.held(scale_report.open_check(100, 100, [FINE], 2.1, 1.0, 3.0)))
        self.assertFalse(self.held(scale_report.open_check(100, 100, [FINE], None, None, None)))

    def test_one_warning_is_wanted_and_no_error(self):
        self.assertTrue(self.held(scale_report.warning_check([WARNING])))
        self.assertIn("“Listener echo: max.connections = 1000000 needs", scale_report.warning_check([WARNING]).measured)
        self.assertFalse(self.held(scale_report.warning_check([])))
        self.assertFalse(self.held(scale_report.warning_check([WARNING, WARNING])))
        self.assertFalse(self.held(scale_report.warning_check([WARNING.replace("WARN ", "ERROR")])))

    def closed(self, ops=scale_report.CLOSED_CONNECTIONS, run=FINE, **after):
        before = {"descriptors": 90, "threads": ["main", "peercred-loop-1"], "heap": 18000}
        return self.held(scale_report.closed_check({**run, "ops": ops}, before, {**before, **after}))

    def test_descriptors_threads_and_heap_must_be_back(self):
        self.assertTrue(self.closed())
        self.assertTrue(self.closed(descriptors=88, threads=["peercred-loop-1"], heap=17000))
        self.assertTrue(self.closed(threads=["main", "peercred-loop-1", "C2 CompilerThre", "GC Thread#1"], heap=18000 + 1024))
        self.assertFalse(self.closed(descriptors=91))
        self.assertFalse(self.closed(threads=["main", "peercred-loop-1", "peercred-loop-1"]))
        self.assertFalse(self.closed(heap=18000 + 1025))
        self.assertFalse(self.closed(heap=None))
        self.assertFalse(self.closed(ops=scale_report.CLOSED_CONNECTIONS - 1))
        self.assertFalse(self.closed(run=BROKEN))

    def latency(self, without, beside, flood=FINE):
        runs = [[window(p99) for p99 in figures] for figures in (without, beside)]
        return self.held(scale_report.latency_check(*runs, [{**flood, "stalled_bytes": 1}]))

    def test_the_median_of_p99_must_not_move_by_more_than_a_tenth(self):
        self.assertTrue(self.latency([100, 100, 900], [110, 110, 5000]))
        self.assertFalse(self.latency([100, 100, 100], [100, 111, 111]))
        self.assertFalse(self.latency([100], [100], BROKEN))

    def test_rounds_that_others_disturb_do_not_count_where_there_are_enough_others(self):
        calm = [window(100, disturbed=False)] * 5
        wild = [window(5000, disturbed=True)] * 6
        check = scale_report.latency_check((calm * 3)[:11], calm + wild, [{**FINE, "stalled_bytes": 1}])
        self.assertTrue(self.held(check))
        self.assertIn("disturbed 6 of 22 rounds", check.measured)
        self.assertFalse(self.held(scale_report.latency_check(calm * 2, calm[1:] + wild, [{**FINE, "stalled_bytes": 1}])))

    def test_what_slows_both_in_one_round_does_not_count_against_the_other(self):
        self.assertTrue(self.latency([100, 100, 100, 500, 500], [105, 105, 510, 525, 525]))

    def test_what_the_third_process_takes_from_the_load_generator_is_told_and_not_judged(self):
        check = scale_report.latency_check([window(100, 200)], [window(101, 300)], [{**FINE, "stalled_bytes": 1}])
        self.assertTrue(self.held(check))
        self.assertIn("third process and all: 1.50 times", check.measured)

    def test_memory_beside_a_client_that_never_reads_is_bounded(self):
        before, bound = {"heap": 1000, "native": 1000}, scale_report.FLOOD_MEMORY_KIB
        self.assertTrue(self.held(scale_report.flood_memory_check(FINE, before, {"heap": 1000 + bound, "native": 1000})))
        self.assertFalse(self.held(scale_report.flood_memory_check(FINE, before, {"heap": 1000 + bound, "native": 1001})))
        self.assertFalse(self.held(scale_report.flood_memory_check(BROKEN, before, before)))
        self.assertFalse(self.held(scale_report.flood_memory_check(FINE, before, None)))

    def test_none_of_a_burst_may_be_lost(self):
        fine = {**FINE, "ops": scale_report.BURST, "most_open": scale_report.BURST, "max_us": 1.0, "connect_retries": 7}
        self.assertTrue(self.held(scale_report.burst_check([fine, fine])))
        for change in (BROKEN, {"ops": scale_report.BURST - 1}, {"most_open": scale_report.BURST - 1}):
            self.assertFalse(self.held(scale_report.burst_check([fine, {**fine, **change}])))

    def test_a_load_generator_that_failed_altogether_is_a_verdict_too(self):
        self.assertFalse(self.held(scale_report.burst_check([{"errors": 1, "first_error": "load generator: it did not end in time"}])))
        self.assertFalse(self.held(scale_report.closed_check({"errors": 1, "first_error": "x"}, {}, {})))
        self.assertFalse(self.held(scale_report.latency_check([BROKEN], [FINE], [FINE])))

    def test_idle_loops_use_nothing(self):
        idle = {"seconds": 30, "cpu_seconds": 0.1, "loop_seconds": 0.0}
        self.assertTrue(self.held(scale_report.idle_check(idle)))
        self.assertFalse(self.held(scale_report.idle_check({**idle, "loop_seconds": 0.005})))
        self.assertFalse(self.held(scale_report.idle_check({**idle, "loop_seconds": None})))
        self.assertFalse(self.held(scale_report.idle_check(None)))

    def test_connections_are_as_many_as_descriptors_allow_shared_among_load_generators(self):
        self.assertEqual(19000, scale_connections.room(20000, 91))
        self.assertEqual(17300, scale_connections.room(20000, 2500))
        self.assertEqual(100000, scale_connections.room(1048576, 91))
        self.assertEqual([19000], scale_connections.shares(19000, 19900))
        self.assertEqual([16667, 16667, 16667, 16667, 16666, 16666], scale_connections.shares(100000, 19900))

    def test_a_check_that_does_not_hold_stands_out(self):
        text = scale_report.table([scale_report.Check("a", "b | c", "d", True), scale_report.Check("e", "f", "g", False)], "m")
        self.assertIn("| a | b \\| c | d | yes |\n| e | f | g | **no** |\n", text)


BEFORE = {"descriptors": 90, "threads": ["main"], "heap": 18000, "native": 90000}
DURING = {"descriptors": 190, "threads": ["main"], "heap": 22000, "native": 91000}


class ListenersTest(unittest.TestCase):
    def check(self, seconds=1.5, wrong=(), during=DURING, left=(), after=BEFORE):
        return scale_config_report.listeners_check(100, seconds, list(wrong), BEFORE, during, list(left), after)

    def test_all_listen_in_time_and_nothing_is_left(self):
        check = self.check()
        self.assertIs(True, check.holds)
        self.assertIn("all listening after 1.5 s; each takes 1.00 descriptors, 0.00 threads, 40.0 KiB of heap and 10.0 of native memory", check.measured)

    def test_what_is_late_wrong_large_or_left_does_not_hold(self):
        found = [
            self.check(seconds=None),
            self.check(seconds=5.1),
            self.check(wrong=["many7"]),
            self.check(during={**DURING, "descriptors": 191}),
            self.check(during={**DURING, "threads": ["main", "peercred-loop-2"]}),
            self.check(during={**DURING, "heap": 18000 + 12801}),
            self.check(during={**DURING, "heap": None, "native": None}),
            self.check(left=["/run/many7.sock"]),
            self.check(after={**BEFORE, "descriptors": 91}),
            self.check(after={**BEFORE, "heap": None}),
        ]
        self.assertEqual([False] * len(found), [check.holds for check in found])
        self.assertIn("wrong echoes from 1, the first many7", found[2].measured)
        self.assertIn("1 sockets are left, the first /run/many7.sock", found[7].measured)

    def test_a_wrong_byte_is_noticed(self):
        with tempfile.TemporaryDirectory() as directory:
            paths = {name: os.path.join(directory, name) for name in ("right", "wrong", "short", "missing")}
            changes = {"right": lambda data: data, "wrong": lambda data: data[:-2] + b"!\n", "short": lambda data: data[:-1]}
            for name, change in changes.items():
                serve(self, paths[name], lambda data, change=change: change(b"".join(b"> " + line + b"\n" for line in data.split(b"\n")[:-1])))
            self.assertEqual(["wrong", "short", "missing"], scale_listeners.wrong_echoes(paths))

    def test_what_is_left_is_a_file_or_a_socket_that_listens(self):
        with tempfile.TemporaryDirectory() as directory:
            path = os.path.join(directory, "s")
            self.assertEqual([], scale_listeners.left_of([path]))
            with socket.socket(socket.AF_UNIX) as server:
                server.bind(path)
                self.assertEqual([path], scale_listeners.left_of([path]))
                server.listen()
                os.unlink(path)
                self.assertEqual([path], scale_listeners.left_of([path]))


def serve(test, path, answer):
    """One connection: what came until its end is answered at once."""
    server = socket.socket(socket.AF_UNIX)
    server.bind(path)
    server.listen()

    def run():
        connection, _ = server.accept()
        with connection, connection.makefile("rb") as reader:
            connection.sendall(answer(reader.read()))

    thread = threading.Thread(target=run)
    thread.start()
    test.addCleanup(server.close)
    test.addCleanup(thread.join, 60)


def load(cpu=10.0, rate=1000.0, p99=100.0):
    return {**FINE, "server_cpu_us_per_op": cpu, "ops_per_s": rate, "p99_us": p99, "ops": 10}


class PoliciesTest(unittest.TestCase):
    def policies(self, seconds=6.0, wrong=(), beside=None, gone=2.0):
        return scale_config_report.policies_check(1000, seconds, list(wrong), [load()], [beside or load(49, 500, 250)], gone)

    def test_all_are_in_force_and_every_answer_is_right(self):
        check = self.policies()
        self.assertIs(True, check.holds)
        self.assertIn("takes 49.0 µs of CPU beside them for 10.0 without (4.90 times), at 500 a second for 1,000 (0.50 times)", check.measured)
        self.assertIn("p99 250 µs for 100 (2.50 times)", check.measured)

    def test_policies_that_do_not_come_or_go_or_cost_too_much_do_not_hold(self):
        found = [self.policies(seconds=None), self.policies(seconds=30.1), self.policies(gone=None)]
        found += [self.policies(beside=load(51)), self.policies(beside=BROKEN)]
        self.assertEqual([False] * len(found), [check.holds for check in found])

    def test_one_wrong_answer_is_told(self):
        check = self.policies(wrong=scale_policies.told_wrongly([("uid 1", lambda: b"no", b"yes"), ("uid 2", lambda: b"yes", b"yes")]))
        self.assertIs(False, check.holds)
        self.assertEqual("1 wrong answers, the first: uid 1 is told b'no' and not b'yes'", check.measured)

    def test_a_thousand_policies_of_four_kinds_no_two_of_which_say_the_same(self):
        files = scale_policies.policies(4242)
        self.assertEqual(1000, len(files))
        self.assertEqual(1000, len({str(values) for values in files.values()}))
        self.assertEqual({"uid", "group", "pid", "command"}, {name.split(".")[3].split("-")[0] for name in files})

    def rules(self, took=1.0, beside=10.9, commands=11.9):
        runs = {"short": [load()], "long": [load(beside)]}
        return scale_config_report.rules_check(10000, 1000, {"the list in force": took}, runs, {"short": [10.0], "long": [commands]})

    def test_many_rules_cost_next_to_nothing(self):
        self.assertIs(True, self.rules().holds)
        self.assertIn("the list in force after 1.0 s", self.rules().measured)
        found = [self.rules(took=None), self.rules(took=5.1), self.rules(beside=11.1), self.rules(commands=12.1), self.rules(commands=None)]
        self.assertEqual([False] * len(found), [check.holds for check in found])

    def test_no_two_users_of_the_long_list_make_a_range(self):
        users = [int(user) for user in scale_policies.numbers(7).split(", ")]
        self.assertEqual(10000, len(users))
        self.assertFalse({user + 1 for user in users} & set(users))
        self.assertEqual(1000, len(scale_policies.commands("view")))


class ChangesTest(unittest.TestCase):
    def check(self, changes=((170, 10.0, 170),), slowest=1900.0, allowed=None, denied=None, stayed=FINE, wrong=()):
        rest = {"allowed": load(), "denied": load(), "server": {"p99_us": 50.0, "p999_us": 80.0, "max_us": 1000.0}}
        beside = {"allowed": allowed or load(), "denied": denied or load(), "server": {"p99_us": 60.0, "p999_us": 90.0, "max_us": slowest}}
        return scale_config_report.changes_check(1000, [rest], [beside], list(changes), [stayed], list(wrong))

    def test_all_changes_count_and_no_decision_waits_for_one(self):
        check = self.check()
        self.assertIs(True, check.holds)
        self.assertIn("170 in 10 s, 0 of them taken in together with the next; 40 answers and the state at the end, all right", check.measured)
        self.assertIn("slowest, median of the rounds 1,900 µs for 1,000 at rest (1.90 times)", check.measured)

    def test_too_few_lost_slow_or_wrong_ones_do_not_hold(self):
        found = [
            self.check(changes=[(166, 10.0, 166)]),
            self.check(changes=[(170, 10.0, 166)]),
            self.check(slowest=2001.0),
            self.check(allowed=BROKEN),
            self.check(denied=BROKEN),
            self.check(stayed=BROKEN),
            self.check(wrong=["uid 1 is told b''"]),
        ]
        self.assertEqual([False] * len(found), [check.holds for check in found])

    def test_more_generations_than_changes_in_one_round_make_up_for_none_in_another(self):
        self.assertIs(False, self.check(changes=[(170, 10.0, 300), (170, 10.0, 100)]).holds)

    def test_each_change_is_another_list_with_the_one_user_and_never_the_other(self):
        lists = [scale_changes.listed(number).split(", ") for number in range(50)]
        self.assertTrue(all(str(scale_changes.ALWAYS) in users and str(scale_changes.NEVER) not in users for users in lists))
        self.assertTrue(all(before != after for before, after in zip(lists, lists[1:])))


class ContainerTest(unittest.TestCase):
    def console(self, directory, answer):
        os.makedirs(os.path.join(directory, "data"))
        serve(self, os.path.join(directory, "data", "console.sock"), answer)
        return scale_container.Console(types.SimpleNamespace(places={"karaf": directory}))

    def test_the_console_is_told_from_its_last_line(self):
        for reply, outcome in ((b"one\ntwo\nok\n", "one\ntwo\n"), (b"ok\n", ""), (b"one\nerror: no\n", None), (b"one\n", None)):
            with tempfile.TemporaryDirectory() as directory, self.console(directory, lambda _, reply=reply: reply) as console:
                console.socket.sendall(b"x\n")
                console.socket.shutdown(socket.SHUT_WR)
                console.socket = types.SimpleNamespace(sendall=lambda _: None, close=console.socket.close)
                if outcome is None:
                    with self.assertRaises(Unavailable):
                        console.run("x")
                else:
                    self.assertEqual(outcome, console.run("x"))

    def test_who_does_not_come_in_time_is_not_waited_for(self):
        self.assertIsNone(scale_container.until(lambda: False, seconds=0.05))
        self.assertLess(scale_container.until(lambda: True), 1)


class OptionsTest(unittest.TestCase):
    def test_checks_run_in_their_own_order_and_unknown_ones_are_told(self):
        parser = argparse.ArgumentParser()
        self.assertEqual(list(scale.CHECKS), scale.chosen(parser, None))
        self.assertEqual(["open", "never-reads"], scale.chosen(parser, "never-reads,open"))
        with self.assertRaises(SystemExit), contextlib.redirect_stderr(io.StringIO()) as told:
            scale.chosen(parser, "open,latency")
        self.assertIn("no such check: latency; there are open, warning,", told.getvalue())


if __name__ == "__main__":
    unittest.main()
