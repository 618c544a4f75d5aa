# Licensed under the Apache License, Version 2.0; see the file LICENSE.
# SPDX-License-Identifier: Apache-2.0
"""A policy that is changed a thousand times a minute while connections come and go: who is answered how, and how long decisions take.

The changes are made through Config Admin, by config:property-set on the console's socket: a file in etc/ is looked at once a second, and could
not be changed so often. Each makes the list of users another one. One user is on every list and one on none; a third is on every other.
"""

import concurrent.futures
import threading
import time

import bench
import bench_machine
import bench_report
import scale_config_report
import scale_connections
import scale_container
import scale_listeners
from bench_servers import Unavailable

A_MINUTE = 1000
ALWAYS, SOMETIMES, NEVER = 400_001, 400_002, 400_003
FILE, PID = "org.peercred.policy.uid-changing.cfg", "org.peercred.policy.uid~changing"
ROUNDS = 6
STAYING = 64  # connections of the user on every list that are open all the time, and decided again at each change
SECONDS = 10  # of each round with changes and without: a minute of both


def listed(number):
    """The list that the change with this number makes."""
    return f"{ALWAYS}, {SOMETIMES}" if number % 2 else f"{ALWAYS}, {NEVER + 1 + number}"


class Changes(threading.Thread):
    """Changes the policy until it is stopped, at an even pace."""

    def __init__(self, console, first):
        super().__init__(name="changes")
        self.console, self.first, self.made, self.failure = console, first, 0, None
        self.stopped = threading.Event()

    def run(self):
        begin = time.monotonic()
        try:
            # a twentieth more than asked for, since a late one is not made up for at the end
            while not self.stopped.wait(max(0, begin + self.made * 60 / (A_MINUTE * 1.05) - time.monotonic())):
                self.console.run(f'config:property-set -p "{PID}" allow "{listed(self.first + self.made)}"')
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


def check(options, server):
    of, stayed = scale_listeners.names(2 * ROUNDS, "change"), []
    with scale_container.Console(server) as console, scale_container.Latencies(server) as latencies:
        try:
            scale_container.write_etc(server, FILE, {"allow": listed(0)})
            if scale_container.until(lambda: scale_container.answer_to(ALWAYS, server.socket) == b"> hello\n") is None:
                raise Unavailable("the policy that is to be changed does not come into force")
            with scale_listeners.open_listeners(server, of) as (paths, seconds):
                if seconds is None:
                    raise Unavailable("not all listeners of the windows came")
                with bench.held_connections(options, server, [STAYING], stayed, "--uid", str(ALWAYS)):
                    rest, beside, changes = measure(options, server, console, latencies, paths)
            last = sum(made for made, _, _ in changes) - 1
            told = {uid: scale_container.answer_to(uid, server.socket) for uid in (ALWAYS, SOMETIMES, NEVER, NEVER + 1 + last)}
        finally:
            scale_container.remove_etc(server, [FILE])
    right, refused = b"> hello\n", scale_container.REFUSAL
    wanted = {ALWAYS: right, SOMETIMES: right if last % 2 else refused, NEVER: refused, NEVER + 1 + last: refused if last % 2 else right}
    wrong = [f"uid {uid} is told {told[uid]!r}" for uid in wanted if told[uid] != wanted[uid]]
    return scale_config_report.changes_check(A_MINUTE, rest, beside, changes, stayed, wrong)


def measure(options, server, console, latencies, paths):
    """Rounds without and with changes. Returns the runs of both, and of each round with changes [how many, seconds, how many generations of decisions]."""
    rest, beside, changes, left = [], [], [], list(paths)
    made = 0
    with scale_container.Console(server) as watch:
        for number in range(ROUNDS):
            for runs in (rest, beside) if number % 2 == 0 else (beside, rest):
                bench_machine.wait_for_quiet()
                name = left.pop()
                generation, begin = watch.statistics()["policies"]["generation"], time.monotonic()
                changing = Changes(console, made) if runs is beside else None
                if changing:
                    changing.start()
                try:
                    found = window(options, server, paths[name])
                finally:
                    if changing:
                        changing.stop()
                if changing:
                    if changing.failure:
                        raise Unavailable(f"a change could not be made: {changing.failure}")
                    generations = watch.statistics()["policies"]["generation"] - generation
                    changes.append((changing.made, time.monotonic() - begin, generations))
                    made += changing.made
                runs.append({"allowed": found[0], "denied": found[1], "server": latencies.of(name)})
            shown = [f"{bench_report.number(runs[-1]['server']['p99_us'])}, {bench_report.number(runs[-1]['server']['max_us'])} µs" for runs in (rest, beside)]
            bench.say(f"  round {number + 1} of {ROUNDS}: p99 and slowest decision {shown[0]} at rest, {shown[1]} beside {changes[-1][0]} changes")
    return rest, beside, changes
