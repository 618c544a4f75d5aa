# Licensed under the Apache License, Version 2.0; see the file LICENSE.
# SPDX-License-Identifier: Apache-2.0
"""A policy that is changed a thousand times a minute while connections come and go: who is answered how, and how long decisions take.

The changes are made through Config Admin, by JMX, of a configuration that has no file: a file in etc/ is looked at once a second, and could not be
changed so often; and Karaf's config:property-set writes the file anew each time, which is empty for a moment, so that whoever looks
just then takes everybody off the list. Each change makes the list of users another one. One user is on every list and one on none; a third is
on every other.
"""

import concurrent.futures
import threading
import time

import bench
import bench_machine
import scale_config_report
import scale_connections
import scale_container
import scale_listeners
from bench_servers import Unavailable

A_MINUTE = 1000
ALWAYS, SOMETIMES, NEVER = 400_001, 400_002, 400_003
FACTORY = "org.peercred.policy.uid"
ROUNDS = 6
STAYING = 64  # connections of the user on every list that are open all the time, and decided again at each change
SECONDS = 10  # of each round with changes and without: a minute of both


def listed(number):
    """The list that the change with this number makes."""
    return f"{ALWAYS}, {SOMETIMES}" if number % 2 else f"{ALWAYS}, {NEVER + 1 + number}"


class Changes(threading.Thread):
    """Changes the policy until it is stopped, at an even pace."""

    def __init__(self, management, pid, first):
        super().__init__(name="changes")
        self.management, self.pid, self.first, self.made, self.failure = management, pid, first, 0, None
        self.stopped = threading.Event()

    def run(self):
        begin = time.monotonic()
        try:
            # a tenth more than asked for: of two close together, the container may take in but the second
            while not self.stopped.wait(max(0, begin + self.made * 60 / (A_MINUTE * 1.1) - time.monotonic())):
                self.management.ask(f"update {self.pid} {listed(self.first + self.made)}")
                self.made += 1
        except (OSError, Unavailable) as e:
            self.failure = str(e)

    def stop(self):
        self.stopped.set()
        self.join()


def window(options, server, path):
    """One round: the owner's connections, and beside them those of the user who is never let in. Returns what each reports."""
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        runs = [
            pool.submit(scale_connections.load, options, server, *arguments, seconds=SECONDS, warmup=options.warmup, path=path)
            for arguments in (
                ("--mode", "churn", "--connections", "16", "--uid", str(ALWAYS)),
                ("--mode", "refusal", "--connections", "1", "--uid", str(NEVER)),
            )
        ]
        return [run.result() for run in runs]


class Rounds:
    """Rounds without and with changes of one policy."""

    def __init__(self, options, server, console, management, pid):
        self.options, self.server, self.console, self.management, self.pid = options, server, console, management, pid
        self.rest, self.beside = [], []
        self.changes = []  # of each round with changes: how many, in how many seconds, how many generations of decisions
        self.last = 0  # the number of the change that counts

    def generation(self):
        return self.console.statistics()["policies"]["generation"]

    def quiet(self, listener, path):
        self.rest.append(self.figures(listener, window(self.options, self.server, path)))

    def changing(self, listener, path):
        generation, begin = self.generation(), time.monotonic()
        changes = Changes(self.management, self.pid, self.last + 1)
        changes.start()
        try:
            found = window(self.options, self.server, path)
        finally:
            changes.stop()
        if changes.failure:
            raise Unavailable(f"a change could not be made: {changes.failure}")
        seconds = time.monotonic() - begin
        # the last one comes into force in a moment
        scale_container.until(lambda: self.generation() - generation >= changes.made, seconds=5)
        self.changes.append((changes.made, seconds, self.generation() - generation))
        self.last += changes.made
        self.beside.append(self.figures(listener, found))

    def figures(self, listener, found):
        return {"allowed": found[0], "denied": found[1], "server": self.management.latencies(listener)}

    def run(self, paths):
        """Uses a listener for each, so that its histogram is that of the round."""
        left = list(paths.items())
        for number in range(ROUNDS):
            for one in (self.quiet, self.changing) if number % 2 == 0 else (self.changing, self.quiet):
                bench_machine.wait_for_quiet()
                one(*left.pop())
            rest, beside = (f"{figure['p99_us']:,.0f}, {figure['max_us']:,.0f} µs" for figure in (runs[-1]["server"] for runs in (self.rest, self.beside)))
            bench.say(f"  round {number + 1} of {ROUNDS}: p99 and slowest decision {rest} at rest, {beside} beside {self.changes[-1][0]} changes")

    def wrong_at_the_end(self):
        """Who is not told what the last list says."""
        right, refused = b"> hello\n", scale_container.REFUSAL
        odd = self.last % 2
        wanted = {ALWAYS: right, SOMETIMES: right if odd else refused, NEVER: refused, NEVER + 1 + self.last: refused if odd else right}
        told = {uid: scale_container.answer_to(uid, self.server.socket) for uid in wanted}
        return [f"uid {uid} is told {told[uid]!r}" for uid in wanted if told[uid] != wanted[uid]]


def check(options, server):
    of, stayed = scale_listeners.names(2 * ROUNDS, "change"), []
    with scale_container.Console(server) as console, scale_container.Management(server) as management:
        pid = management.ask(f"create {FACTORY}")
        rounds = Rounds(options, server, console, management, pid)
        try:
            management.ask(f"update {pid} {listed(0)}")
            if scale_container.until(lambda: scale_container.answer_to(ALWAYS, server.socket) == b"> hello\n") is None:
                raise Unavailable("the policy that is to be changed does not come into force")
            with scale_listeners.open_listeners(server, of) as (paths, seconds):
                if seconds is None:
                    raise Unavailable("not all listeners of the windows came")
                with bench.held_connections(options, server, [STAYING], stayed, "--uid", str(ALWAYS)):
                    rounds.run(paths)
            wrong = rounds.wrong_at_the_end()
        finally:
            management.ask(f"delete {pid}")
    return scale_config_report.changes_check(A_MINUTE, rounds.rest, rounds.beside, rounds.changes, stayed, wrong)
