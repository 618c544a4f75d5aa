#!/usr/bin/env python3
# Licensed under the Apache License, Version 2.0; see the file LICENSE.
# SPDX-License-Identifier: Apache-2.0
"""Measures web applications over a socket beside Karaf's TCP port, without authentication and with a password of Karaf's realm.

Needs Linux, gcc, a JDK and the built assembly, which is started in a directory of its own with the feature "peercred-http". The same
servlet of the same container answers all; a client in C compares every byte. Each row is measured in rounds, one way after the other, and
a ratio is that of two ways in the same round; what is printed are medians. The exit status is 0 when all verdicts hold. Takes five minutes.
"""

import argparse
import base64
import contextlib
import glob
import json
import os
import select
import signal
import statistics
import subprocess
import sys

import bench_machine
import bench_servers
import scale_connections
import scale_report
import web_container
import web_report
from web_report import BASIC, SOCKET, TCP

HERE = os.path.dirname(os.path.abspath(__file__))
TOP = os.path.dirname(HERE)
CLIENT_SECONDS = 150
TRANSFER_BYTES = 200_000_000
BACK_SECONDS = 90
# What opens and ends so many connections is done by then, the audit of it included, which a port has none of.
SETTLED_SECONDS = 3

LOADS = {
    web_report.ONE: ["--mode", "keep", "--connections", "1"],
    web_report.SOME: ["--mode", "keep", "--connections", "16"],
    web_report.MANY: ["--mode", "keep", "--connections", "64"],
    web_report.AMONG_IDLE: ["--mode", "keep", "--connections", "16", "--idle", str(web_report.IDLE)],
    web_report.CHURN: ["--mode", "churn", "--connections", "16"],
}
TRANSFERS = {
    web_report.DOWN: ["--mode", "down", "--count", str(TRANSFER_BYTES)],
    web_report.UP: ["--mode", "up", "--count", str(TRANSFER_BYTES)],
}


def say(text):
    print(f"web.py: {text}", file=sys.stderr, flush=True)


class Client:
    """The program that makes the load, for one container."""

    def __init__(self, program, container):
        self.program, self.pid = program, container.pid
        password = base64.b64encode(f"{web_container.USER}:{web_container.USER}".encode()).decode()
        port = ["--port", str(container.port)]
        self.ways = {
            SOCKET: ["--socket", container.socket],
            TCP: port,
            BASIC: [*port, "--path", "/bench/basic", "--authorization", f"Basic {password}"],
        }

    def command(self, way, arguments):
        return [self.program, *self.ways[way], "--pid", str(self.pid), *map(str, arguments)]

    def run(self, way, *arguments):
        """What it reports; anything wrong ends the measurement."""
        done = subprocess.run(self.command(way, arguments), capture_output=True, text=True, timeout=CLIENT_SECONDS, check=False)
        return report_of(way, arguments, done.returncode, done.stdout, done.stderr)

    @contextlib.contextmanager
    def held(self, way, count):
        """So many connections that have had a reply each when the block begins, and have another at its end."""
        arguments = ["--mode", "hold", "--connections", count]
        holder = subprocess.Popen(self.command(way, arguments), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        try:
            ready, _, _ = select.select([holder.stdout], [], [], CLIENT_SECONDS)
            if not ready or json.loads(holder.stdout.readline() or "{}").get("open") != count:
                raise SystemExit(f"web.py: {count} connections over {way} could not be opened")
            yield
            text, _ = holder.communicate(timeout=CLIENT_SECONDS)
            report_of(way, arguments, holder.returncode, text, "")
        finally:
            holder.kill()
            holder.wait()


def report_of(way, arguments, code, out, err):
    try:
        report = json.loads(out.splitlines()[-1])
    except (IndexError, ValueError):
        report = {"errors": 1, "first_error": err.strip() or "the client reported nothing"}
    if code != 0 or report["errors"]:
        raise SystemExit(f"web.py: {way}, {' '.join(map(str, arguments))}: {report['first_error']}")
    return report


def measure(options, client):
    """{row: {way: [run, …]}}"""
    runs = {}
    for row, load in LOADS.items():
        say(row)
        for number in range(options.rounds + 1):
            for way in client.ways:
                first = number == 0  # warms up
                warmup = max(options.warmup, SETTLED_SECONDS) if row == web_report.AMONG_IDLE else options.warmup
                times = ["--warmup", warmup, "--duration", options.first_warmup if first else options.seconds]
                run = client.run(way, *load, *times)
                if not first:
                    runs.setdefault(row, {}).setdefault(way, []).append(run)
    for row, load in TRANSFERS.items():
        say(row)
        for number in range(options.rounds + 1):
            for way in client.ways:
                run = client.run(way, *load)
                if number > 0:
                    runs.setdefault(row, {}).setdefault(way, []).append(run)
    return runs


def measure_idle(options, client):
    """What one idle connection takes, by way: the greatest of all rounds, since what is kept for the next ones makes later differences smaller."""
    seen = {SOCKET: [], TCP: []}
    say("memory of idle connections")
    for way in seen:
        with client.held(way, web_report.IDLE):
            pass
    for _ in range(options.idle_rounds):
        for way, differences in seen.items():
            before, threads = bench_machine.settled_java_memory(client.pid, attempts=5), thread_count(client.pid)
            with client.held(way, web_report.IDLE):
                during, more = bench_machine.settled_java_memory(client.pid, attempts=5), thread_count(client.pid)
            if before is not None and during is not None:
                differences.append(((during["heap"] - before["heap"]) / web_report.IDLE, (more - threads) / web_report.IDLE))
    return {way: {"heap_kib": max(h for h, _ in each), "threads": max(0.0, *(t for _, t in each))} for way, each in seen.items() if each}


def thread_count(pid):
    return len(os.listdir(f"/proc/{pid}/task"))


def measure_aborted(client):
    """Before so many clients that are killed over the socket, and after, when what they left had time to go."""
    say(f"{web_report.ABORTED:,} aborting clients")
    client.run(SOCKET, "--mode", "abort", "--count", web_report.ABORTED // 4)
    before = scale_connections.state(client)
    client.run(SOCKET, "--mode", "abort", "--count", web_report.ABORTED)
    web_container.wait_until(BACK_SECONDS, lambda: is_back(before, scale_connections.state(client, quickly=True)))
    return before, scale_connections.state(client)


def is_back(before, now):
    return now["descriptors"] <= before["descriptors"] and not scale_report.difference(before["threads"], now["threads"])


def build_client(directory):
    os.makedirs(directory, exist_ok=True)
    program = os.path.join(directory, "webload")
    try:
        bench_servers.run_build(["gcc", "-O2", "-Wall", "-Wextra", "-Werror", "-o", program, os.path.join(HERE, "loadgen", "webload.c")], set())
    except bench_servers.Unavailable as e:
        raise SystemExit(f"web.py: the client cannot be built: {e}") from e
    return program


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--http", action="store_true", help="accepted, since ./peercred bench --http calls this program")
    parser.add_argument("--rounds", type=int, default=7, help="of each row (7)")
    parser.add_argument("--seconds", type=float, default=0.7, help="measured time of each round (0.7)")
    parser.add_argument("--warmup", type=float, default=0.2, help="load before each measured time, in seconds (0.2)")
    parser.add_argument("--first-warmup", type=float, default=2, help="load before the first round of each row (2)")
    parser.add_argument("--idle-rounds", type=int, default=2, help="of the memory of idle connections (2)")
    parser.add_argument("--quick", action="store_true", help="shows that all of it works, in a minute; the figures are worth nothing")
    parser.add_argument("--archive", default=os.path.join(TOP, "karaf-assembly", "target", "*.tar.gz"), help="the assembly")
    options = parser.parse_args()
    if options.quick:
        options.rounds, options.seconds, options.first_warmup, options.idle_rounds = 1, 0.2, 0.2, 1
    if options.rounds < 1 or options.idle_rounds < 1:
        parser.error("--rounds and --idle-rounds must be at least 1")
    return options


def main():
    options = arguments()
    archives = glob.glob(options.archive)
    if not archives:
        raise SystemExit("web.py: the assembly has not been built; ./peercred build")
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that finally is reached
    program = build_client(os.path.join(HERE, "target"))
    container = web_container.Container(archives[0])
    try:
        say("starting the assembly")
        container.start()
        client = Client(program, container)
        runs = measure(options, client)
        idle = measure_idle(options, client)
        aborted = measure_aborted(client)
    finally:
        container.stop()
    others = statistics.median(run["other_cores"] for ways in runs.values() for each in ways.values() for run in each)
    print(f"{bench_machine.description()}. Other processes took {others:.2f} cores.\n")
    print(web_report.tables(runs, idle), end="\n\n")
    found = web_report.verdicts(runs, idle, aborted)
    print("\n".join(map(str, found)))
    return 0 if all(verdict.holds for verdict in found) else 1


if __name__ == "__main__":
    sys.exit(main())
