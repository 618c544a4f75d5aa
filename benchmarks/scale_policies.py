# Licensed under the Apache License, Version 2.0; see the file LICENSE.
# SPDX-License-Identifier: Apache-2.0
"""Very many policies, and very many rules in one: whether the answers stay right, and what connections and commands cost beside them."""

import os
import time

import bench
import bench_machine
import scale_config_report
import scale_connections
import scale_container
from bench_servers import Unavailable

OF_EACH_KIND = 250
FIRST_UID, FIRST_GID, FIRST_PID = 400_001, 500_001, 3_900_001  # what the kernel gives nobody on this machine
OUTSIDER = 300_001  # whom no policy lets in
USERS_AT_MOST = 10_000  # in one list
RULES = 1_000  # commands in one policy: each is a key, and what Karaf does for a configuration grows with the square of its keys
ROUNDS = 5  # before, with, and after
WARMUP = 50_000  # connections
COMMANDS = 20_000  # one after the other, in each round
COMMAND_WARMUPS = 8  # rounds before these, for the same reason
BESIDE = "scale"  # the policies' names begin so


def policies(process):
    """{file: keys} of 1,000 policies of four kinds, all of them asked about connections or commands. The last one of the kind pid lets a process in."""
    found = {}
    for number in range(OF_EACH_KIND):
        last = number == OF_EACH_KIND - 1
        found[f"org.peercred.policy.uid-{BESIDE}{number}.cfg"] = {"allow": FIRST_UID + number}
        found[f"org.peercred.policy.group-{BESIDE}{number}.cfg"] = {"allow": FIRST_GID + number}
        found[f"org.peercred.policy.pid-{BESIDE}{number}.cfg"] = {"allow": process if last else FIRST_PID + number}
        found[f"org.peercred.policy.command-{BESIDE}{number}.cfg"] = {"view" if last else f"command-{number}": "scale"}
    return found


def churn(options, server):
    """Rounds of connections of the owner, one after the other. Before them, so many that the compiler is done with what new policies make it do again."""
    scale_container.until_still(server)
    scale_connections.load(options, server, "--mode", "churn", "--connections", "64", "--count", str(WARMUP))
    return [
        scale_connections.load(options, server, "--mode", "churn", "--connections", "64", seconds=options.seconds, warmup=options.warmup)
        for _ in range(ROUNDS)
    ]


def told_wrongly(expected):
    """[(who, what he was told, what he had to be)] of [(who, a function that asks, the answer he must have)]"""
    return [(who, told, must) for who, asked, must in expected if (told := asked()) != must]


def command_of(server):
    return os.path.join(server.places["sockets"], "command.sock")


def fill_board(server):
    told = scale_container.converse(command_of(server), b"update scale\n")
    if told != b"ok\n":
        raise Unavailable(f"the notice board says {told!r}")


def expectations(server, process):
    """Those that the first, a middle and the last policy of a kind let in, and some that none does."""
    echo, command = server.socket, command_of(server)
    middle, end = OF_EACH_KIND // 2, OF_EACH_KIND - 1
    right, refused = b"> hello\n", scale_container.REFUSAL
    found = [("the process that is listed", process.answer, right)]
    for number in (0, middle, end):
        found.append((f"uid {FIRST_UID + number}", lambda uid=FIRST_UID + number: scale_container.answer_to(uid, echo), right))
        found.append((f"group {FIRST_GID + number}", lambda gid=FIRST_GID + number: scale_container.Person(OUTSIDER, gid, echo).answer(), right))
    found.append(("a stranger", lambda: scale_container.answer_to(OUTSIDER, echo), refused))
    found.append(("the uid after the last", lambda: scale_container.answer_to(FIRST_UID + end + 1, echo), refused))
    found.append(("one with the role", lambda: scale_container.answer_to(FIRST_UID, command, "view\n"), b"scale\nok\n"))
    found.append(("one without", lambda: scale_container.answer_to(FIRST_UID + 1, command, "view\n"), b"error: permission denied: view\n"))
    return found


def in_force(console, count):
    """Whether so many policies count, each with its newest configuration."""
    counted = console.statistics()["policies"]
    return counted["active"] == count and counted["rejected"] == 0 and counted["lastGood"] == 0


def check_policies(options, server):
    roles = "org.peercred.roles-scale.cfg"
    fill_board(server)
    process = scale_container.Person(OUTSIDER, OUTSIDER, server.socket)
    files = policies(process.pid)
    with scale_container.Console(server) as console:
        before = churn(options, server)
        count = console.statistics()["policies"]["active"]
        try:
            scale_container.write_etc(server, roles, {"scale": f"uid:{FIRST_UID}"})
            begin = time.monotonic()
            for name, values in files.items():
                scale_container.write_etc(server, name, values)
            scale_container.until(lambda: in_force(console, count + len(files)), pause=0.1)
            seconds = time.monotonic() - begin if in_force(console, count + len(files)) else None
            bench.say(f"  {len(files):,} in force after {seconds and round(seconds, 1)} s")
            wrong = told_wrongly(expectations(server, process))
            beside = churn(options, server)
        finally:
            scale_container.remove_etc(server, [*files, roles])
        gone = scale_container.until(lambda: in_force(console, count), pause=0.1)
        after = churn(options, server)
    return scale_config_report.policies_check(len(files), seconds, wrong, before + after, beside, gone)


# ---- one policy with very many rules ----


def numbers(last, count=USERS_AT_MOST):
    """Every other number, so that no two of them make a range."""
    return ", ".join([*(str(FIRST_UID + 2 * number) for number in range(count - 1)), str(last)])


def commands(last, count=RULES):
    return {**{f"command-{number}": "scale" for number in range(count - 1)}, last: "scale"}


def cost_of_a_command(server):
    """The server's CPU time for each command of a connection of the owner's, in µs; None where one was answered wrongly."""
    before = bench_machine.cpu_seconds(server.pid)
    told = scale_container.converse(command_of(server), b"view\n" * COMMANDS)
    after = bench_machine.cpu_seconds(server.pid)
    return 1e6 * (after - before) / COMMANDS if told == b"scale\nok\n" * COMMANDS else None


class Rules:
    """A list of users and a policy of commands, short or long."""

    USERS, COMMANDS, ROLES = (f"org.peercred.{name}-scale.cfg" for name in ("policy.uid", "policy.command", "roles"))
    FIRST, SECOND = FIRST_UID + 2 * USERS_AT_MOST, FIRST_UID + 2 * USERS_AT_MOST + 2
    VIEWS, DENIED = b"scale\nok\n", b"error: permission denied: view\n"

    def __init__(self, options, server):
        self.options, self.server = options, server
        self.took, self.connections, self.costs = {}, {"short": [], "long": []}, {"short": [], "long": []}

    def until(self, what, uid, path, data, wanted):
        """How long it takes until that user is told that."""
        seconds = scale_container.until(lambda: scale_container.answer_to(uid, path, data) == wanted)
        self.took[what] = seconds
        bench.say(f"  {what}: {seconds and round(seconds, 1)} s")

    def users(self, what, text, admitted):
        scale_container.write_etc(self.server, self.USERS, {"allow": text})
        self.until(what, admitted, self.server.socket, "hello\n", b"> hello\n")

    def commands(self, what, values, told):
        scale_container.write_etc(self.server, self.COMMANDS, values)
        self.until(what, self.SECOND, command_of(self.server), "view\n", told)

    def load(self, name):
        self.connections[name] += churn(self.options, self.server)
        for _ in range(COMMAND_WARMUPS):
            cost_of_a_command(self.server)
        self.costs[name] += [cost_of_a_command(self.server) for _ in range(ROUNDS)]

    def shorten(self):
        self.users("one user again", self.SECOND, self.SECOND)
        self.commands("one command again", commands("help", 1), self.DENIED)

    def remove(self):
        scale_container.remove_etc(self.server, [self.USERS, self.COMMANDS, self.ROLES])


def check_rules(options, server):
    """A list of 10,000 users and a policy of 1,000 commands, beside a list of one and a policy of one: put in their place, changed in the last entry,
    and put back."""
    fill_board(server)
    rules = Rules(options, server)
    try:
        scale_container.write_etc(server, rules.ROLES, {"scale": f"uid:{rules.SECOND}"})
        rules.users("a user in force", rules.SECOND, rules.SECOND)
        rules.commands("a command in force", commands("view", 1), rules.VIEWS)
        rules.shorten()
        rules.load("short")
        rules.users("the list in force", numbers(rules.FIRST), rules.FIRST)
        rules.users("its last entry changed", numbers(rules.SECOND), rules.SECOND)
        rules.until("the entry before refused", rules.FIRST, server.socket, "hello\n", scale_container.REFUSAL)
        rules.commands("the commands in force", commands("view"), rules.VIEWS)
        rules.commands("their last one changed", commands("help"), rules.DENIED)
        rules.load("long")
        rules.shorten()
        rules.load("short")
    finally:
        rules.remove()
    scale_container.until(lambda: scale_container.answer_to(rules.SECOND, server.socket) == scale_container.REFUSAL)
    return scale_config_report.rules_check(USERS_AT_MOST, RULES, rules.took, rules.connections, rules.costs)
