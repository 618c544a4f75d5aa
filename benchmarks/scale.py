#!/usr/bin/env python3
# Licensed under the Apache License, Version 2.0; see the file LICENSE.
# SPDX-License-Identifier: Apache-2.0
"""Checks that the product, as installed from the assembly, holds at scale: very many connections, very many at once, one that never reads.

Needs Linux, Python 3.9, gcc, Java with jcmd, and the built assembly. Prints one table with a verdict for each row and writes it into
docs/performance.md. The exit status is 0 when every row holds. What is allowed can be met on a busy machine too, but for the latency
beside a client that never reads: that one needs quiet.
"""

import argparse
import collections
import concurrent.futures
import json
import os
import re
import resource
import signal
import statistics
import subprocess
import sys
import tempfile
import time

import bench
import bench_machine
import bench_report
from bench_servers import Server, Unavailable

MOST_CONNECTIONS = 100_000  # in one listener, where the descriptor limit allows it
DESCRIPTORS_APART = 1000  # of the container itself: its jars, its log, its own sockets
UNLIMITED = 1_000_000  # max.connections: more than any limit allows
CLOSED_CONNECTIONS = 100_000
HEAP_TOLERANCE_KIB = 1024  # ten bytes for each of them would be seen
BURST = 5000
BURSTS = 3
P99_RATIO = 1.10
ENOUGH_ROUNDS = 5
FLOOD_MEMORY_KIB = 8 * 1024  # write.buffer is 1 MiB, and the JVM's own memory is never quite still
# the JVM starts and ends these as it needs them
JVM_THREADS = ("C1 ", "C2 ", "G1 ", "GC Thread", "VM ", "Sweeper", "Attach Listener", "Signal Dispatch", "Common-Cleaner", "Monitor Deflati")

Check = collections.namedtuple("Check", "text measured allowed holds")


# ---- verdicts ----


def errors_of(runs):
    """What went wrong in runs of the load generator, in one line; "" when nothing did."""
    count = sum(run["errors"] for run in runs)
    return f"{count} errors, the first: {next(run['first_error'] for run in runs if run['errors'])}" if count else ""


def open_check(wanted, opened, runs, heap_kib, native_kib, kernel_kib):
    """heap_kib and the others are what one connection takes; None where it could not be told."""
    wrong = errors_of(runs) or ("" if opened == wanted else f"only {opened:,} could be opened")
    # a difference below nothing says that something else let go of more
    native = "no native memory to speak of" if native_kib is not None and native_kib < 0 else f"{bench_report.number(native_kib, 2)} KiB of native memory"
    memory = f"each takes {bench_report.number(heap_kib, 2)} KiB of heap and {native}; "
    memory += f"in the kernel {bench_report.number(kernel_kib, 2)} KiB, both ends together"
    fits = heap_kib is not None and heap_kib <= bench_report.HEAP_PER_CONNECTION
    return Check(
        f"{wanted:,} connections open in one listener, each with an echo at its beginning and one at its end",
        wrong or f"all answered; {memory}",
        f"no error; {bench_report.HEAP_PER_CONNECTION:g} KiB of heap each",
        not wrong and fits,
    )


def warning_check(lines):
    """lines: those of the log that speak of the listener's max.connections."""
    warnings = [line for line in lines if "ulimit" in line and " WARN " in line]
    text = re.sub(r"^.*?(Listener )", r"\1", warnings[0]) if warnings else "no such line"
    return Check(
        f"max.connections = {UNLIMITED:,}, more than the descriptor limit: said in the log, and the listener serves",
        f"“{text}”" if warnings else text,
        "one line",
        len(warnings) == 1,
    )


def difference(before, after):
    """Threads there are more of than before, by name; those the JVM runs for itself apart."""
    more = collections.Counter(after) - collections.Counter(before)
    return {name: count for name, count in more.items() if not name.startswith(JVM_THREADS)}


def closed_check(run, before, after):
    """before, after: {"descriptors": …, "threads": [names], "heap": KiB after a collection, or None}"""
    wrong = errors_of([run]) or ("" if run["ops"] == CLOSED_CONNECTIONS else f"only {run['ops']:,} were served")
    if wrong:
        return Check(closed_text(), wrong, "no error", False)
    descriptors = after["descriptors"] - before["descriptors"]
    threads = difference(before["threads"], after["threads"])
    heap = None if None in (before["heap"], after["heap"]) else after["heap"] - before["heap"]
    named = ", ".join(f"{count} × {name}" for name, count in threads.items())
    measured = f"descriptors {before['descriptors']} {descriptors:+d}, threads {len(before['threads'])} {sum(threads.values()):+d}"
    measured += f"{f' ({named})' if named else ''}, heap "
    measured += "not measured" if heap is None else f"{before['heap']:,} {heap:+,} KiB"
    holds = descriptors <= 0 and not threads and heap is not None and heap <= HEAP_TOLERANCE_KIB
    return Check(closed_text(), measured, f"none more; heap within {HEAP_TOLERANCE_KIB:,} KiB", holds)


def closed_text():
    return f"{CLOSED_CONNECTIONS:,} connections opened and closed: descriptors, threads and heap are back"


def undisturbed(pairs):
    """Those that count: the ones that others did not disturb where they are enough for a median, else all."""
    calm = [pair for pair in pairs if not any(run.get("disturbed") for run in pair)]
    return calm if len(calm) >= ENOUGH_ROUNDS else pairs


def latency_check(without, beside, floods):
    """without, beside: runs of 64 ping-pong connections, alone and beside a client that never reads, round by round; floods: what that one reports."""
    text = "one client sends up to 1 GiB of lines and never reads: p99 of 64 others"
    wrong = errors_of(without + beside + floods)
    if wrong:
        return Check(text, wrong, "no error", False)
    disturbed = sum(run.get("disturbed", False) for run in without + beside)
    rounds = len(without + beside)
    pairs = [(run["p99_us"], beset["p99_us"]) for run, beset in undisturbed(list(zip(without, beside)))]
    alone, beset = (statistics.median(figures) for figures in zip(*pairs))
    ratios = [with_flood / single for single, with_flood in pairs]
    ratio = statistics.median(ratios)
    taken = statistics.median(flood["stalled_bytes"] for flood in floods) / 1024
    measured = (
        f"{beset:,.0f} µs beside it, {alone:,.0f} µs without; round by round {ratio:.2f} times as long ({min(ratios):.2f} to {max(ratios):.2f} in "
        f"{len(ratios)} rounds); it got rid of {taken:,.0f} KiB, and had every reply when it read at last"
    )
    measured += f"; other processes disturbed {disturbed} of {rounds} rounds" if disturbed else ""
    return Check(text, measured, f"at most {P99_RATIO:.2f} times, the median of the rounds", ratio <= P99_RATIO)


def flood_memory_check(flood, before, during):
    text = "the same client: the server's memory, heap and native"
    if errors_of([flood]) or before is None or during is None:
        return Check(text, errors_of([flood]) or "not measured", "no error", False)
    more = sum(during.values()) - sum(before.values())
    return Check(text, f"{more:+,} KiB while it waits", f"at most {FLOOD_MEMORY_KIB:,} KiB more", more <= FLOOD_MEMORY_KIB)


def burst_check(runs):
    text = f"{BURST:,} connect at the same moment, {BURSTS} times: none is lost"
    wrong = errors_of(runs)
    if not wrong:
        short = next((run for run in runs if run["ops"] != BURST or run["most_open"] != BURST), None)
        wrong = f"{short['ops']:,} were answered, {short['most_open']:,} were open together" if short else ""
    if wrong:
        return Check(text, wrong, "every one answered", False)
    slowest = max(run["max_us"] or 0 for run in runs) / 1000
    retries = max(run["connect_retries"] for run in runs)
    measured = f"all answered, all open together; the last after {slowest:,.0f} ms, of which the server was stopped for 1,000; "
    measured += f"{'the backlog overflowed' if retries else 'the backlog took them all'}"
    return Check(text, measured, "every one answered", True)


def idle_check(idle):
    loops = None if idle is None else idle["loop_seconds"]
    seconds = 0 if idle is None else idle["seconds"]
    measured = "not measured" if loops is None else f"event loops {1000 * loops:.1f} ms, the whole container {1000 * idle['cpu_seconds']:.0f} ms"
    allowed = f"event loops 0 (less than {1000 * bench_report.IDLE_LOOP_SECONDS:.0f} ms)"
    return Check(f"idle for {seconds:g} s: CPU time", measured, allowed, loops is not None and loops < bench_report.IDLE_LOOP_SECONDS)


def table(checks, machine):
    lines = [f"The distribution as installed, with its policies; {machine}.", "", "| check | measured | allowed | holds |", "|---|---|---|---|"]
    for check in checks:
        cells = [cell.replace("|", "\\|").replace("\n", " ") for cell in check[:3]]
        lines.append(f"| {' | '.join(cells)} | {'yes' if check.holds else '**no**'} |")
    return "\n".join(lines) + "\n"


# ---- measuring ----


def descriptors_of(pid):
    return len(os.listdir(f"/proc/{pid}/fd"))


def state(server, quickly=False):
    memory = None if quickly else bench_machine.settled_java_memory(server.pid)
    threads = [name for _, name in bench_machine.thread_cpu_seconds(server.pid)]
    return {"descriptors": descriptors_of(server.pid), "threads": threads, "heap": memory and memory["heap"]}


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


def load(options, server, *arguments, seconds=300.0, warmup=0.0):
    return bench.run_loadgen(options, server, list(arguments), seconds, warmup)


def check_open(options, server):
    wanted = room(descriptor_limit(server.pid), descriptors_of(server.pid))
    if wanted < 1:
        return Check("many connections open in one listener", "the descriptor limit leaves no room", "", False)
    own_limit = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
    before, slab, outcome = bench_machine.settled_java_memory(server.pid), slab_kib(), []
    with bench.held_connections(options, server, shares(wanted, own_limit - 100), outcome) as opened:
        slab_with, during = slab_kib(), bench_machine.settled_java_memory(server.pid)
    bench.say(f"  memory in KiB: {before} before, {during} with {opened:,} connections; slab {slab} and {slab_with}")
    each = {}
    for name in ("heap", "native"):
        each[name] = None if before is None or during is None else (during[name] - before[name]) / wanted
    kernel = None if slab is None else (slab_with - slab) / wanted
    return open_check(wanted, opened, outcome, each["heap"], each["native"], kernel)


def check_warning(server):
    log = bench_machine.read(os.path.join(server.places["karaf"], "data", "log", "karaf.log"))
    return warning_check([line for line in log.splitlines() if "Listener echo" in line and "max.connections" in line])


def check_closed(options, server):
    before = state(server)
    run = load(options, server, "--mode", "churn", "--connections", "64", "--count", str(CLOSED_CONNECTIONS))
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        now = state(server, quickly=True)
        if now["descriptors"] <= before["descriptors"] and not difference(before["threads"], now["threads"]):
            break
        time.sleep(0.5)
    return closed_check(run, before, state(server))


def flooding(options, server, seconds):
    command = [options.loadgen, "--socket", server.socket, "--mode", "flood", "--connections", "1", "--warmup", "0"]
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


def check_latency(options, server):
    without, beside, floods = [], [], []
    with concurrent.futures.ThreadPoolExecutor(1) as pool:

        def alone():
            return load(options, server, "--mode", "pingpong", "--connections", "64", seconds=options.seconds, warmup=options.warmup)

        def beset():
            running = pool.submit(alone)
            time.sleep(options.warmup + 0.2)  # so that its beginning falls into what is measured
            floods.append(end_of(flooding(options, server, options.seconds)))
            return running.result()

        for number in range(options.rounds):
            # A B, B A, A B …: what drifts, drifts for both
            rounds = [(without, "without", alone), (beside, "beside it", beset)]
            for runs, name, attempt in rounds if number % 2 == 0 else reversed(rounds):
                runs.append(bench.least_disturbed(options, name, attempt))
            shown = [bench_report.number(runs[-1].get("p99_us")) for runs in (without, beside)]
            bench.say(f"  round {number + 1} of {options.rounds}: p99 {shown[0]} µs without, {shown[1]} µs beside it")
    return latency_check(without, beside, floods)


def check_flood_memory(options, server):
    before = bench_machine.settled_java_memory(server.pid)
    flood = flooding(options, server, 15)
    try:
        time.sleep(2)
        during = bench_machine.settled_java_memory(server.pid)
    finally:
        outcome = end_of(flood)
    return flood_memory_check(outcome, before, during)


def check_burst(options, server):
    """The server is stopped until all have tried, so that they are there at the same moment and more than the backlog holds."""
    runs = []
    with concurrent.futures.ThreadPoolExecutor(1) as pool:
        for _ in range(BURSTS):
            os.kill(server.pid, signal.SIGSTOP)
            try:
                running = pool.submit(load, options, server, "--mode", "burst", "--connections", str(BURST), "--timeout", "30")
                time.sleep(1)
            finally:
                os.kill(server.pid, signal.SIGCONT)
            runs.append(running.result())
    return burst_check(runs)


def check_all(options, server):
    bench.say("warming up")
    load(options, server, "--mode", "churn", "--connections", "64", "--count", "20000")
    load(options, server, "--mode", "pingpong", "--connections", "64", seconds=options.seconds)
    load(options, server, "--mode", "burst", "--connections", "1000")
    for name, check in (
        ("open", lambda: check_open(options, server)),
        ("warning", lambda: check_warning(server)),
        ("closed", lambda: check_closed(options, server)),
        ("burst", lambda: check_burst(options, server)),
        ("latency", lambda: check_latency(options, server)),
        ("memory", lambda: check_flood_memory(options, server)),
        ("idle", lambda: idle_check(bench.measure_idle(options, server))),
    ):
        if name in options.checks:
            bench.say(f"{name} …")
            found = check()
            bench.say(f"{name}: {'holds' if found.holds else 'DOES NOT HOLD'}: {found.measured}")
            yield found


CHECKS = ["open", "warning", "closed", "burst", "latency", "memory", "idle"]


def product_row(options):
    with open(options.servers, encoding="utf-8") as file:
        config = json.load(file)
    row = next(row for row in config["rows"] if row["role"] == "product")
    limits = {"max.connections": str(UNLIMITED), "max.connections.per.uid": str(UNLIMITED)}
    return {**row, "etc": {"org.peercred.listener-echo.cfg": limits}}, config["karaf"]


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--checks", default=",".join(CHECKS), help=f"which, separated by commas ({','.join(CHECKS)})")
    parser.add_argument("--rounds", type=int, default=15, help="rounds with and without the client that never reads (15)")
    parser.add_argument("--seconds", type=float, default=3, help="measured time of each of these rounds (3)")
    parser.add_argument("--warmup", type=float, default=0.5, help="load before each measured time, in seconds (0.5)")
    parser.add_argument("--repeats", type=int, default=3, help="how often a round that others disturb is repeated at most (3)")
    parser.add_argument("--idle-seconds", type=float, default=30, help="how long the idle container is watched (30)")
    parser.add_argument("--servers", default=os.path.join(bench.HERE, "servers.json"), help="where the product's row is (servers.json)")
    parser.add_argument("--build-dir", default=os.path.join(bench.HERE, "target", "scale"), help="for what is built and logged (target/scale)")
    parser.add_argument("--write", default=os.path.join(bench.ROOT, "docs", "performance.md"), help="file with the markers (docs/performance.md)")
    parser.add_argument("--no-write", action="store_true", help="print the table only")
    options = parser.parse_args()
    options.checks = options.checks.split(",")
    unknown = [name for name in options.checks if name not in CHECKS]
    if unknown:
        parser.error(f"no such check: {', '.join(unknown)}; there are {', '.join(CHECKS)}")
    return options


def main():
    options = arguments()
    if not options.no_write and bench_report.insert(bench_machine.read(options.write), "scale", "") is None:
        sys.exit(f"{options.write} has no place for the table: <!-- benchmark:scale --> and <!-- /benchmark:scale -->")
    # for the server and the load generators alike: both inherit it
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that finally is reached
    bench.build_loadgen(options)
    with tempfile.TemporaryDirectory(prefix="peercred-scale-") as sockets:
        row, karaf = product_row(options)
        server = Server(row, bench.places_of(options, sockets), 0, karaf)
        try:
            server.prepare(set())
            bench.say("starting the container")
            server.start()
            checks = list(check_all(options, server))
        except Unavailable as e:
            sys.exit(f"the product cannot be checked: {e}")
        finally:
            bench.stop_all([server])
    text = table(checks, bench_machine.description())
    print(text)
    if not options.no_write:
        bench_report.insert_into(options.write, "scale", text)
        bench.say(f"written: {os.path.relpath(options.write)}")
    return 0 if all(check.holds for check in checks) else 1


if __name__ == "__main__":
    sys.exit(main())
