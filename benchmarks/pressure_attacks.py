# Licensed under the Apache License, Version 2.0; see the file LICENSE.
# SPDX-License-Identifier: Apache-2.0
"""The attacks: which processes take part in them, and what these report."""

import collections
import json
import os
import signal
import subprocess
import sys
import time

import bench
import pressure_container
from pressure_container import ATTACKER, VIEWING_ATTACKER

FIRST_STRANGER, LAST_STRANGER = 2000, 6000
HANGING = 1999  # a stranger whose name is looked up for ever
CROWD = 900  # connections of one user: max.connections.per.uid is 1,000
UNFINISHED = 65535  # bytes: max.line.length is 65,536
LOOK_SECONDS = 0.25
GRACE = 20  # seconds for a process of an attack to end after its time

# rounds run one after the other; the commands of one run together. users: how many uids take part in the writing of logs
Attack = collections.namedtuple("Attack", "name text users rounds slow_names", defaults=(False,))


class Tools:
    """Builds the command lines of attackers."""

    def __init__(self, adversary, loadgen, container, seconds):
        self.adversary, self.loadgen, self.container, self.seconds = adversary, loadgen, container, seconds
        self.echo, self.command = container.socket, container.command_socket

    def attack(self, mode, path, uid=ATTACKER, **more):
        arguments = {"mode": mode, "socket": path, "duration": self.seconds, "uid": uid, **more}
        return [self.adversary] + [word for key, value in arguments.items() for word in (f"--{key.replace('_', '-')}", str(value))]

    def flood(self, path, head="", fill=0, connections=CROWD, **more):
        return self.attack("flood", path, head=head, fill=fill, connections=connections, **more)

    def pipeline(self, line, reply, connections=1, **more):
        return self.attack("pipeline", self.command, head=line, expect=reply, connections=connections, **more)

    def load(self, mode, connections, *more):
        limits = ["--duration", str(self.seconds), "--warmup", "0", "--timeout", "30", "--limit", str(int(self.seconds) + 60)]
        return [self.loadgen, "--socket", self.echo, "--mode", mode, "--connections", str(connections), "--uid", str(ATTACKER), *limits, *more]

    def fuzz(self, path, listener):
        return [sys.executable, os.path.join(bench.HERE, "pressure_fuzz.py"), path, listener, str(ATTACKER), str(self.seconds)]

    def strangers(self):
        return self.attack("strangers", self.echo, FIRST_STRANGER, last_uid=LAST_STRANGER, connections=6000, expect="Unauthorized access")


def attacks(t):
    """t: the tools."""
    denied, endless = "error: permission denied: ", "send lines without end and never read: empty, short, of 64 KiB"
    lines = [("", 0), ("x", 0), ("", UNFINISHED)]  # what they start with, and how many bytes follow
    return [
        Attack("endless-commands", f"{CROWD} connections {endless}, to the command service", 1, [[t.flood(t.command, *line)] for line in lines]),
        Attack("endless-lines", f"{CROWD} connections {endless}, to echo", 1, [[t.flood(t.echo, *line)] for line in lines]),
        Attack(
            "pipelined-commands",
            "1 and 4 connections send commands as fast as they are answered",
            1,
            [[t.pipeline(line, reply, connections)] for line, reply in (
                ("help", f"{denied}help"), ("x", "error: unknown command: x"), ("whoami", f"{denied}whoami")
            ) for connections in (1, 4)] + [[t.pipeline("help", "", 4, uid=VIEWING_ATTACKER)]],
        ),
        Attack(
            "unfinished-lines",
            f"{CROWD} connections send {UNFINISHED:,} bytes without an end, and wait; to each listener",
            1,
            [[t.attack("unfinished", path, fill=UNFINISHED, connections=CROWD)] for path in (t.command, t.echo)],
        ),
        Attack(
            "dying-clients",
            "clients are killed anywhere: while they send, wait, have closed a half, have not read",
            1,
            [[t.attack("dying", t.echo, second=t.command, fill=3000, count=100_000)]],
        ),
        Attack(
            "strangers",
            f"{LAST_STRANGER - FIRST_STRANGER + 1:,} users who are not let in connect as fast as they can, the backlog full",
            LAST_STRANGER - FIRST_STRANGER + 1,
            [[t.strangers()]],
        ),
        Attack("pipelining-500", "500 connections pipeline lines and read the echo", 1, [[t.load("pipelined", 500)]]),
        Attack(
            "queued-commands",
            f"{CROWD} connections ask for more than they read: update with 60 KB; view with a board of 60 KB",
            2,
            [[t.flood(t.command, "update ", 60000)], [t.flood(t.command, "view", uid=VIEWING_ATTACKER)]],
        ),
        Attack("fuzz", "random bytes, split anywhere, ended anyhow", 1, [[t.fuzz(t.echo, "echo"), t.fuzz(t.command, "command")]]),
        Attack("audited-churn", "one user connects, has a line, closes, as fast as it can", 1, [[t.load("churn", 64)]]),
        Attack(
            "slow-names",
            "the same strangers, and each name is looked up for 20 ms, one for ever",
            LAST_STRANGER - FIRST_STRANGER + 1,
            [[t.strangers(), t.attack("strangers", t.echo, HANGING, last_uid=HANGING, connections=2, expect="Unauthorized access")]],
            slow_names=True,
        ),
    ]


def outcome(process, text):
    """What an attacker reports, {"wrong": …, "first_wrong": …}; the load generator's words are brought into the same form."""
    try:
        found = json.loads(text.splitlines()[-1])
    except (IndexError, ValueError):
        return {"wrong": 1, "first_wrong": f"the attacker ended with {process.returncode} and no report"}
    if "errors" in found:
        found.update(wrong=found["errors"], first_wrong=found["first_error"])
    return found


def run_round(commands, seconds, look):
    """Runs the commands together; look is called again and again meanwhile. Returns what they report."""
    processes = [subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True) for command in commands]
    try:
        deadline = time.monotonic() + seconds + GRACE
        while time.monotonic() < deadline and any(process.poll() is None for process in processes):
            look()
            time.sleep(LOOK_SECONDS)
    finally:
        for process in processes:
            if process.poll() is None:
                process.send_signal(signal.SIGKILL)
    return [outcome(process, process.communicate()[0]) for process in processes]


def run_attack(attack, container, seconds, look):
    """All rounds of it; ends early when the container is gone."""
    reports, alive = [], container.identity()
    if attack.slow_names:
        container.names.be_slow(20, HANGING)
    for commands in attack.rounds:
        if container.identity() != alive:
            break
        reports.extend(run_round(commands, seconds, look))
    return reports


def build(directory):
    """The adversary; raises Unavailable where it cannot be built."""
    source, program = os.path.join(bench.HERE, "adversary", "adversary.c"), os.path.join(directory, "adversary")
    done = subprocess.run(["gcc", "-O2", "-Wall", "-Wextra", "-Werror", "-o", program, source], capture_output=True, text=True, timeout=120, check=False)
    if done.returncode != 0:
        raise pressure_container.Unavailable(f"the adversary cannot be built: {done.stderr.strip().splitlines()[-1:]}")
    return program
