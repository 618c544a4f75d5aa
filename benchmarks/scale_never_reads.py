# Licensed under the Apache License, Version 2.0; see the file LICENSE.
# SPDX-License-Identifier: Apache-2.0
"""Beside a client that sends without end and never reads: how long the others' answers take, by the server's own clock, and the server's memory.

The server's part is the time from the event loop's waking with what is to be read to the write of its answer, as the listener's own histogram
has it. What the third process takes from the load generator, and from the kernel on the way there and back, is not in it; what the
loop does for that process is, since all answers of one waking are timed from the same moment.
"""

import concurrent.futures
import json
import subprocess
import time

import bench
import bench_machine
import bench_report
import scale_connections
import scale_container
import scale_listeners
import scale_report
from bench_servers import Unavailable


def flooding(options, path, seconds):
    command = [options.loadgen, "--socket", path, "--mode", "flood", "--connections", "1", "--warmup", "0"]
    command += ["--duration", str(seconds), "--limit", str(int(seconds) + 120)]
    return subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True)


def end_of(flood):
    """Waits for the end of a flood, and tells what it reports."""
    try:
        return json.loads(flood.communicate(timeout=240)[0].splitlines()[-1])
    except (subprocess.TimeoutExpired, IndexError, ValueError):
        return {"errors": 1, "first_error": "the client that does not read did not end as it must"}
    finally:
        if flood.poll() is None:
            flood.kill()
            flood.wait()


def check(options, server):
    """Each window has a listener of its own, whose histogram begins with it."""
    of = scale_listeners.names(2 * options.rounds, "window")
    with scale_container.Management(server) as management, scale_listeners.open_listeners(server, of) as (paths, seconds):
        if seconds is None:
            raise Unavailable("not all listeners of the windows came")
        return measure(options, server, management, paths)


def measure(options, server, management, paths):
    without, beside, floods, left = [], [], [], list(paths)
    with concurrent.futures.ThreadPoolExecutor(1) as pool:

        def alone(path):
            arguments = ["--mode", "pingpong", "--connections", "64"]
            return scale_connections.load(options, server, *arguments, seconds=options.seconds, warmup=options.warmup, path=path)

        def beset(path):
            running = pool.submit(alone, path)
            time.sleep(options.warmup + 0.2)  # so that its beginning falls into what is measured
            floods.append(end_of(flooding(options, path, options.seconds)))
            return running.result()

        for number in range(options.rounds):
            # A B, B A, A B …: what drifts, drifts for both
            rounds = [(without, alone), (beside, beset)]
            for runs, attempt in rounds if number % 2 == 0 else reversed(rounds):
                bench_machine.wait_for_quiet()
                name = left.pop()
                run = attempt(paths[name])
                run["disturbed"] = not run["errors"] and run["other_cpu_cores"] + run["stolen_cores"] > bench.FOREIGN_CORES
                run["server"] = management.latencies(name)
                runs.append(run)
            shown = [f"{bench_report.number(runs[-1]['server']['p99_us'])} µs ({bench_report.number(runs[-1].get('p99_us'))})" for runs in (without, beside)]
            bench.say(f"  round {number + 1} of {options.rounds}: p99 by the server's (the client's) clock {shown[0]} without, {shown[1]} beside it")
    return scale_report.latency_check(without, beside, floods)


def check_memory(options, server):
    before = bench_machine.settled_java_memory(server.pid)
    flood = flooding(options, server.socket, 15)
    try:
        time.sleep(2)
        during = bench_machine.settled_java_memory(server.pid)
    finally:
        outcome = end_of(flood)
    return scale_report.flood_memory_check(outcome, before, during)
