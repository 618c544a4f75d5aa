#!/usr/bin/env python3
# Licensed under the Apache License, Version 2.0; see the file LICENSE.
# SPDX-License-Identifier: Apache-2.0
"""Measures the console over a socket beside Karaf's own ways in: bin/client with a password, and OpenSSH's client to Karaf's TCP port.

Needs Linux, OpenSSH's client, nc (of OpenBSD), a JDK and the built assembly, which is started in a directory of its own with the feature
"ssh".
Each way runs the same command, one after the other, round by round. Prints medians of wall time and of the client's CPU time; of the
first command by each way after a start, each of a container of its own; what a terminal takes at which nobody types; and the verdicts.
The exit status is 0 when all hold.
"""

import argparse
import glob
import os
import select
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time

import bench_machine
import bench_servers
import karaf_home

TOP = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
START_SECONDS = 180
COMMAND_SECONDS = 120
OUTPUT_BYTES = 50_000_000
IDLE_SESSIONS = 50
# Karaf's shell keeps the threads that have run a command for a minute.
SETTLE_SECONDS = 65
USER = "boss"

CLIENT = "bin/client, password"
TCP = "ssh, Karaf's TCP port"
CONSOLE = "bin/console"
MASTER = "ssh, socket, ControlMaster"
LINE = "nc, line mode"
TCP_OUTPUT = "50 MB by Karaf's TCP port"
OUTPUT = "50 MB by the socket"


class Container(karaf_home.Home):
    """The assembly with both consoles, in a directory that goes with it."""

    def __init__(self, archive):
        self.directory = tempfile.mkdtemp(prefix="peercred-console-")
        super().__init__(os.path.join(self.directory, "karaf"), archive)
        self.port = bench_servers.free_ports(1)[0]
        self.set("org.peercred.listener-echo.cfg", {"path": f"{self.directory}/echo.sock"})
        self.edit("org.apache.karaf.features.cfg", "    log/", "    ssh, \\\n    log/")
        self.set("org.apache.karaf.shell.cfg", {"sshPort": self.port})
        with open(self.path("etc/users.properties"), "a", encoding="utf-8") as file:
            file.write(f"\n{USER} = {USER},group,admin,manager,viewer,systembundles,ssh\n")
        with open(self.path("data-50mb"), "w", encoding="utf-8") as file:
            file.write(("x" * 99 + "\n") * (OUTPUT_BYTES // 100))
        self.askpass = self.path("askpass")
        with open(self.askpass, "w", encoding="utf-8") as file:
            file.write(f"#!/bin/sh\necho {USER}\n")
        os.chmod(self.askpass, 0o700)

    def open_ways(self):
        """Starts it, and waits until both ways can be gone, but does not go them."""
        self.launch(os.path.join(self.directory, "terminal.txt"), self.directory)
        self.until(lambda: run(self.ways()[LINE])[3] == len("4.4.10\nok\n"))
        self.until(lambda: os.path.exists(self.path("data/console.ssh_config")) and is_open(self.port))

    def start(self):
        self.open_ways()
        for way in (CONSOLE, TCP):
            self.until(lambda: run(self.ways()[way], self.askpass)[0] == 0)

    def until(self, ready):
        deadline = time.monotonic() + START_SECONDS
        while not ready():
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise SystemExit("console.py: the assembly did not start")
            time.sleep(0.2)

    def used(self):
        """Bytes of heap that are used once collections leave the same, and threads."""
        memory = bench_machine.settled_java_memory(self.process.pid)
        if memory is None:
            raise SystemExit("console.py: jcmd cannot tell how much heap is used")
        return memory["heap"] * 1024, len(os.listdir(f"/proc/{self.process.pid}/task"))

    def stop(self):
        if self.process is not None:
            run(self.master("-O", "exit", "peercred"))
            super().stop()
        shutil.rmtree(self.directory)

    def tcp(self, *command):
        options = ["StrictHostKeyChecking=no", "UserKnownHostsFile=/dev/null", "LogLevel=ERROR", "PreferredAuthentications=password"]
        flags = [word for option in options for word in ("-o", option)]
        return ["ssh", "-F", "none", *flags, "-p", str(self.port), f"{USER}@127.0.0.1", *command]

    def master(self, *rest):
        control = os.path.join(self.directory, "control")
        options = ["-o", f"ControlPath={control}", "-o", "ControlMaster=auto", "-o", "ControlPersist=600"]
        return ["ssh", "-F", self.path("data/console.ssh_config"), *options, *rest]

    def ways(self):
        return {
            CLIENT: [self.path("bin/client"), "-h", "127.0.0.1", "-a", str(self.port), "-u", USER, "-p", USER, "version"],
            TCP: self.tcp("version"),
            CONSOLE: [self.path("bin/console"), "version"],
            MASTER: self.master("peercred", "version"),
            LINE: ["sh", "-c", f"echo version | nc -N -U '{self.path('data/console.sock')}'"],
        }

    def terminals(self):
        client, *options = self.tcp()
        return {
            TCP: [client, "-tt", *options],
            CONSOLE: [client, "-F", self.path("data/console.ssh_config"), "-tt", "peercred"],
        }

    def outputs(self):
        command = f"cat {self.path('data-50mb')}"
        return {TCP_OUTPUT: self.tcp(command), OUTPUT: [self.path("bin/console"), command]}


def is_open(port):
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def with_password(askpass):
    return dict(os.environ, SSH_ASKPASS=askpass or "false", SSH_ASKPASS_REQUIRE="force", DISPLAY="none", TERM="xterm")


def run(words, askpass=""):
    """The exit status, wall seconds, the client's CPU seconds, and how many bytes it printed."""
    environment = with_password(askpass)
    begun = time.monotonic()
    # bin/client loses its output where its standard input has ended.
    process = subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=environment)
    limit = threading.Timer(COMMAND_SECONDS, process.kill)
    limit.start()
    try:
        printed = len(process.stdout.read())
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    finally:
        limit.cancel()
        process.stdin.close()
        process.stdout.close()
    return process.returncode, time.monotonic() - begun, usage.ru_utime + usage.ru_stime, printed


def measure(container, rounds, output_rounds):
    samples = {}
    plan = [(way, words, rounds, 1) for way, words in container.ways().items()]
    plan += [(way, words, output_rounds, OUTPUT_BYTES) for way, words in container.outputs().items()]
    for current in range(max(rounds, output_rounds) + 1):
        for way, words, most, least_printed in plan:
            if current > most:
                continue
            status, wall, cpu, printed = run(words, container.askpass)
            whole = status == 0 and printed >= least_printed
            # Karaf's own loses the end of much output now and then.
            if not whole and way != TCP_OUTPUT:
                raise SystemExit(f"console.py: {way} failed: status {status}, {printed} bytes")
            if whole and current > 0:  # the first round warms up
                samples.setdefault(way, []).append((wall, cpu))
    return {way: (statistics.median(w for w, _ in each), statistics.median(c for _, c in each)) for way, each in samples.items()}


def first_commands(archive, boots):
    """The median seconds of the first command by SSH after a start, by the socket and by Karaf's port, each start for one of them."""
    samples = {CONSOLE: [], TCP: []}
    for _ in range(boots):
        for way, each in samples.items():
            container = Container(archive)
            try:
                container.open_ways()
                status, wall, _, _ = run(container.ways()[way], container.askpass)
                if status != 0:
                    raise SystemExit(f"console.py: the first command by {way} failed with status {status}")
                each.append(wall)
            finally:
                container.stop()
    return {way: statistics.median(each) for way, each in samples.items()}


def idle_sessions(container):
    """What one terminal takes at which nobody types, for each way: bytes of heap and threads."""
    taken = {}
    for way, words in container.terminals().items():
        during = crowd(container, words, IDLE_SESSIONS)
        time.sleep(SETTLE_SECONDS)
        # Not what was used before: what the container had kept of other things until then is gone by now.
        after = container.used()
        taken[way] = tuple((much - little) / IDLE_SESSIONS for little, much in zip(after, during))
    return taken


def crowd(container, words, count):
    """Opens so many terminals, and returns what the container uses when all have prompted and nothing more is done."""
    clients = []
    try:
        for _ in range(count):
            clients.append(
                subprocess.Popen(
                    words,
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    stderr=subprocess.DEVNULL,
                    env=with_password(container.askpass),
                    start_new_session=True,
                )
            )
        for client in clients:
            await_prompt(client)
        time.sleep(SETTLE_SECONDS)
        return container.used()
    finally:
        for client in clients:
            client.stdin.close()
            client.kill()
            client.stdout.close()
            client.wait(60)


def await_prompt(client):
    shown = b""
    deadline = time.monotonic() + COMMAND_SECONDS
    while b"()> " not in shown:
        ready, _, _ = select.select([client.stdout], [], [], max(0, deadline - time.monotonic()))
        data = os.read(client.stdout.fileno(), 65536) if ready else b""
        if not data:
            raise SystemExit(f"console.py: a terminal did not prompt: {shown!r}")
        shown += data


def verdicts(medians, first, idle):
    wall = {way: each[0] for way, each in medians.items()}
    cpu = {way: each[1] for way, each in medians.items()}
    return [
        ("wall, bin/console to bin/client", wall[CONSOLE] / wall[CLIENT], 1 / 40),
        ("wall, bin/console to ssh to Karaf's port", wall[CONSOLE] / wall[TCP], 0.4),
        ("client's CPU, bin/console to bin/client", cpu[CONSOLE] / cpu[CLIENT], 1 / 60),
        ("wall, line mode to bin/client", wall[LINE] / wall[CLIENT], 1 / 80),
        ("wall, a warm ControlMaster to bin/console", wall[MASTER] / wall[CONSOLE], 1.0),
        ("wall, 50 MB, to ssh to Karaf's port", wall[OUTPUT] / wall[TCP_OUTPUT], 1.0),
        ("wall, first command after a start, to ssh to Karaf's port", first[CONSOLE] / first[TCP], 0.3),
        ("heap of an idle terminal, to ssh to Karaf's port", idle[CONSOLE][0] / idle[TCP][0], 1.0),
        ("threads of an idle terminal", idle[CONSOLE][1], 3.0),
    ]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--console", action="store_true", help="accepted, since ./peercred bench --console calls this program")
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--output-rounds", type=int, default=15, help="rounds of 50 MB of output")
    parser.add_argument("--boots", type=int, default=3, help="starts for each way's first command")
    options = parser.parse_args()
    archives = glob.glob(os.path.join(TOP, "karaf-assembly", "target", "*.tar.gz"))
    for tool in ("ssh", "nc"):
        if shutil.which(tool) is None:
            raise SystemExit(f"console.py: {tool} is missing")
    if not archives:
        raise SystemExit("console.py: the assembly has not been built; ./peercred build")
    container = Container(archives[0])
    try:
        container.start()
        medians = measure(container, options.rounds, options.output_rounds)
        idle = idle_sessions(container)
    finally:
        container.stop()
    first = first_commands(archives[0], options.boots)
    print("| | wall, ms | client's CPU, ms |\n|---|--:|--:|")
    for way, (wall, cpu) in medians.items():
        print(f"| {way} | {wall * 1000:.0f} | {cpu * 1000:.0f} |")
    print()
    for way, wall in first.items():
        print(f"First command after a start, {way}: {wall * 1000:.0f} ms")
    for way, (heap, threads) in idle.items():
        print(f"An idle terminal, {way}: {heap / 1024:.0f} KiB of heap, {threads:.1f} threads")
    held = True
    for what, value, most in verdicts(medians, first, idle):
        held = held and value <= most
        print(f"{'held  ' if value <= most else 'MISSED'} {what}: {value:.3f}, at most {most:.3f}")
    return 0 if held else 1


if __name__ == "__main__":
    sys.exit(main())
