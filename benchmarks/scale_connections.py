# Licensed under the Apache License, Version 2.0; see the file LICENSE.
# SPDX-License-Identifier: Apache-2.0
"""What scale.py does with very many connections: open at once, one after the other, all at the same moment; and a container that is idle."""

import collections
import concurrent.futures
import os
import re
import resource
import signal
import time

import bench
import bench_machine
import scale_report

MOST_CONNECTIONS = 100_000  # in one listener, where the descriptor limit allows it
DESCRIPTORS_APART = 1000  # of the container itself: its jars, its log, its own sockets

Target = collections.namedtuple("Target", "socket pid")


def descriptors_of(pid):
    return len(os.listdir(f"/proc/{pid}/fd"))


def state(server, quickly=False):
    memory = None if quickly else bench_machine.settled_java_memory(server.pid)
    threads = [name for _, name in bench_machine.thread_cpu_seconds(server.pid)]
    return {"descriptors": descriptors_of(server.pid), "threads": threads, **(memory or {"heap": None, "native": None})}


def settle(server, before, seconds=30):
    """Waits, for so many seconds at most, until no more descriptors and threads are there than before."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        now = state(server, quickly=True)
        if now["descriptors"] <= before["descriptors"] and not scale_report.difference(before["threads"], now["threads"]):
            return
        time.sleep(0.5)


def slab_kib():
    match = re.search(r"^Slab:\s+(\d+)", bench_machine.read("/proc/meminfo"), re.MULTILINE)
    return int(match.group(1)) if match else None


def descriptor_limit(pid):
    match = re.search(r"^Max open files\s+(\d+)", bench_machine.read(f"/proc/{pid}/limits"), re.MULTILINE)
    return int(match.group(1)) if match else 0


def shares(total, most):
    """The total in as few parts as possible, none greater than most."""
    parts = -(-total // most)
    return [total // parts + (number < total % parts) for number in range(parts)]


def room(limit, used):
    """How many connections a server may hold that may open so many descriptors and has opened some."""
    return min(MOST_CONNECTIONS, limit - max(DESCRIPTORS_APART, used + 200))


def load(options, server, *arguments, seconds=300.0, warmup=0.0, path=None):
    """One run of the load generator; path: another listener of the server than that of its row."""
    return bench.run_loadgen(options, Target(path or server.socket, server.pid), list(arguments), seconds, warmup)


def check_open(options, server):
    wanted = room(descriptor_limit(server.pid), descriptors_of(server.pid))
    if wanted < 1:
        return scale_report.Check("many connections open in one listener", "the descriptor limit leaves no room", "", False)
    own_limit = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
    before, slab, outcome = bench_machine.settled_java_memory(server.pid), slab_kib(), []
    with bench.held_connections(options, server, shares(wanted, own_limit - 100), outcome) as opened:
        slab_with, during = slab_kib(), bench_machine.settled_java_memory(server.pid)
    bench.say(f"  memory in KiB: {before} before, {during} with {opened:,} connections; slab {slab} and {slab_with}")
    each = {}
    for name in ("heap", "native"):
        each[name] = None if before is None or during is None else (during[name] - before[name]) / wanted
    kernel = None if slab is None else (slab_with - slab) / wanted
    return scale_report.open_check(wanted, opened, outcome, each["heap"], each["native"], kernel)


def check_warning(server):
    log = bench_machine.read(os.path.join(server.places["karaf"], "data", "log", "karaf.log"))
    return scale_report.warning_check([line for line in log.splitlines() if "Listener echo" in line and "max.connections" in line])


def check_closed(options, server):
    before = state(server)
    run = load(options, server, "--mode", "churn", "--connections", "64", "--count", str(scale_report.CLOSED_CONNECTIONS))
    settle(server, before)
    return scale_report.closed_check(run, before, state(server))


def check_burst(options, server):
    """The server is stopped until all have tried, so that they are there at the same moment and more than the backlog holds."""
    runs = []
    with concurrent.futures.ThreadPoolExecutor(1) as pool:
        for _ in range(scale_report.BURSTS):
            os.kill(server.pid, signal.SIGSTOP)
            try:
                running = pool.submit(load, options, server, "--mode", "burst", "--connections", str(scale_report.BURST), "--timeout", "30")
                time.sleep(1)
            finally:
                os.kill(server.pid, signal.SIGCONT)
            runs.append(running.result())
    return scale_report.burst_check(runs)
