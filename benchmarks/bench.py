#!/usr/bin/env python3
# Licensed under the Apache License, Version 2.0; see the file LICENSE.
# SPDX-License-Identifier: Apache-2.0
"""Compares the product with other ways to serve lines on a Unix domain socket, on one machine, interleaved.

Needs Linux, Python 3.9, gcc, Maven and Java; with Go there is a row for Go. The rows stand in servers.json. As root, the refusal
of a stranger is measured too. Every server that was started is stopped again. The exit status is 0 when all rows were measured and
every byte of every reply was right; targets that are not met are shown and do not change it.
"""

import argparse
import contextlib
import json
import os
import select
import shlex
import signal
import subprocess
import sys
import tempfile
import time

import bench_machine
import bench_report
from bench_servers import Server, Unavailable, run_build

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(HERE)
FOREIGN_CORES = 0.1
IDLE_CONNECTIONS = 10000
MEMORY_ROUNDS = 3
# Verdicts need many rounds; the rows that are there for comparison have something to say with a third of them.
JUDGED = ("reference", "product", "rival", "fact", "counterpart")
OTHERS_EVERY = 3


def say(text):
    print(text, file=sys.stderr, flush=True)


def run_loadgen(options, server, arguments, duration, warmup):
    """One run of the load generator; its figures, with "errors" above 0 when anything was wrong."""
    limit = int(duration + warmup + 120)
    command = [options.loadgen, "--socket", server.socket, "--pid", str(server.pid), "--duration", str(duration)]
    command += ["--warmup", str(warmup), "--limit", str(limit), *arguments]
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        out, err = process.communicate(timeout=limit + 90)
        return json.loads(out.splitlines()[-1])
    except (subprocess.TimeoutExpired, IndexError, ValueError):
        reason = "it did not end in time" if process.poll() is None else err.strip() or f"exit status {process.returncode}"
        return {"errors": 1, "first_error": f"load generator: {reason}"}
    finally:
        if process.poll() is None:
            process.kill()
            process.wait()


def workload_arguments(options, workload):
    arguments = list(bench_report.WORKLOADS[workload][1])
    return arguments + (["--uid", str(options.refused_uid)] if workload == "refusal" else [])


def least_disturbed(options, name, attempt):
    """One run of the load generator. Repeated while others disturb it, and the least disturbed kept; at once that which has errors."""
    best = None
    for left in range(options.repeats, -1, -1):
        bench_machine.wait_for_quiet()
        run = attempt()
        if run["errors"]:
            say(f"  {name}: {run['errors']} errors, the first: {run['first_error']}")
            return run
        run["foreign_cores"] = run["other_cpu_cores"] + run["stolen_cores"]
        run["disturbed"] = run["foreign_cores"] > FOREIGN_CORES
        if best is None or run["foreign_cores"] < best["foreign_cores"]:
            best = run
        if not run["disturbed"]:
            break
        fate = "repeated" if left > 0 else "the least disturbed one is kept, and marked"
        say(f"  {name}: other processes took {run['foreign_cores']:.2f} cores: {fate}")
    return best


def measure(options, server, workload):
    """One round of one server."""
    asked = workload_arguments(options, workload)
    best = least_disturbed(options, server.name, lambda: run_loadgen(options, server, asked, options.seconds, options.warmup))
    if best["errors"]:
        return best
    cpu = best["server_cpu_us_per_op"] or 0
    say(f"  {server.name}: {best['ops_per_s']:,.0f}/s, {cpu:.3f} µs of CPU each, p99 {best['p99_us'] or 0:,.0f} µs")
    return best


def by_row(servers):
    """{name of a row: its processes}, in their order."""
    rows = {}
    for server in servers:
        rows.setdefault(server.name, []).append(server)
    return rows


def measure_rounds(options, servers, rows):
    """A B C A B C …: what drifts, drifts for all. The processes of one row take turns, a round each."""
    for workload in options.workloads:
        compared = [server for server in servers if server.measures(workload)]
        say(f"{bench_report.WORKLOADS[workload][0]}: warming up")
        for server in compared:
            if server.alive():
                run_loadgen(options, server, workload_arguments(options, workload), options.first_warmup, 0)
        for number in range(options.rounds):
            say(f"{bench_report.WORKLOADS[workload][0]}: round {number + 1} of {options.rounds}")
            for name, processes in by_row(compared).items():
                server = processes[number % len(processes)]
                if server.role not in JUDGED and number % OTHERS_EVERY != 0:
                    continue
                if server.alive():
                    run = measure(options, server, workload)
                else:
                    run = {"errors": 1, "first_error": "the server has died"}
                    say(f"  {name}: it has died")
                rows[name]["runs"].setdefault(workload, []).append({**run, "round": number})


@contextlib.contextmanager
def held_connections(options, server, counts, outcome, *arguments):
    """Silent connections, so many of each of several load generators; each has had an echo when the block begins.

    Yields how many are open. What the load generators report at their end, each connection having had one more echo and a clean end
    of stream, is appended to outcome.
    """
    holders = []
    try:
        for count in counts:
            command = [options.loadgen, "--socket", server.socket, "--mode", "hold", "--connections", str(count)]
            command += ["--duration", "300", "--limit", "400", *arguments]
            holders.append(subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True))
        opened = 0
        for holder in holders:
            ready, _, _ = select.select([holder.stdout], [], [], 120)
            line = holder.stdout.readline() if ready else ""
            opened += json.loads(line)["connections"] if '"open"' in line else 0
        yield opened
    finally:
        for holder in holders:
            holder.stdin.close()
        for holder in holders:
            try:
                text = holder.stdout.read() if holder.wait(120) is not None else ""
                outcome.append(json.loads(text.splitlines()[-1]))
            except (subprocess.TimeoutExpired, IndexError, ValueError):
                outcome.append({"errors": 1, "first_error": "the load generator did not end as it must"})
                holder.kill()
                holder.wait()
            holder.stdout.close()


def memory_with_connections(options, server):
    """The server's memory while so many silent connections are open; None where they could not be opened."""
    outcome = []
    with held_connections(options, server, [IDLE_CONNECTIONS], outcome) as opened:
        memory = bench_machine.settled_java_memory(server.pid) if opened == IDLE_CONNECTIONS else None
    return memory if not any(result["errors"] for result in outcome) else None


def measure_memory(options, server):
    """Heap and native memory of an idle connection; None where it cannot be told.

    Measured three times, and the greatest taken: what the server keeps for the next connections makes the later differences
    smaller, and what it lets go of late the first one.
    """
    # once before, so that what the first connections load and compile is not counted as theirs
    run_loadgen(options, server, ["--mode", "churn", "--connections", "10"], 1, 0)
    heap, native = [], []
    for _ in range(MEMORY_ROUNDS):
        before = bench_machine.settled_java_memory(server.pid)
        after = memory_with_connections(options, server)
        if before is None or after is None:
            return None
        heap.append((after["heap"] - before["heap"]) / IDLE_CONNECTIONS)
        native.append((after["native"] - before["native"]) / IDLE_CONNECTIONS)
    say(f"{server.name}: heap KiB per idle connection {heap}, native {native}")
    return {
        "connections": IDLE_CONNECTIONS,
        # a difference below nothing says that something else let go of more: no figure at all
        "heap_kib_per_connection": max(heap) if max(heap) > 0 else None,
        "native_kib_per_connection": max(native),
    }


def measure_idle(options, server):
    """CPU time while nothing is asked of the server: of the process, of its event loops, and of its busiest threads."""
    prefix = server.row.get("loop_threads")
    bench_machine.wait_for_quiet()
    before, threads_before = bench_machine.cpu_seconds(server.pid), bench_machine.thread_cpu_seconds(server.pid)
    time.sleep(options.idle_seconds)
    after, threads_after = bench_machine.cpu_seconds(server.pid), bench_machine.thread_cpu_seconds(server.pid)
    if before is None or after is None:
        return None
    used = {thread: seconds - threads_before.get(thread, 0) for thread, seconds in threads_after.items()}
    loops = [seconds for (_, name), seconds in used.items() if prefix and name.startswith(prefix)]
    busiest = sorted(((name, seconds) for (_, name), seconds in used.items() if seconds >= 0.0005), key=lambda t: -t[1])
    return {
        "seconds": options.idle_seconds,
        "cpu_seconds": after - before,
        "loop_seconds": sum(loops) if loops else None,
        "busiest": busiest[:5],
    }


def named(word, names):
    """The one name that is the given word, or the only one that has it as a part."""
    found = [name for name in names if name == word] or [name for name in names if word.lower() in name.lower()]
    if len(found) != 1:
        sys.exit(f"--row {word}: {'several rows are' if found else 'no row is'} called so; there are: {'; '.join(names)}")
    return found[0]


def load_rows(options):
    with open(options.servers, encoding="utf-8") as file:
        config = json.load(file)
    rows = config["rows"]
    for row in rows:
        if row.get("role") == "product" and options.product_command:
            row["karaf"] = False
            row["processes"] = 1
            row.update(command=shlex.split(options.product_command), socket=options.product_socket, loop_threads=options.loop_threads)
            if options.product_pid_file:
                row["pid_file"] = options.product_pid_file
    if options.row:
        names = [named(word, [row["name"] for row in rows]) for word in options.row]
        names += [row["beside"] for row in rows if row["name"] in names and "beside" in row]
        # the reference is in every table: without it there are no ratios
        rows = [row for row in rows if row["role"] == "reference" or row["name"] in names]
    return rows, config.get("karaf", {})


def start_all(options, rows, karaf, places):
    """Builds and starts all rows; those that cannot be had are in the results with their reason."""
    servers, results, built = [], {}, set()
    processes = [row for row in rows for _ in range(row.get("processes", 1))]
    try:
        for index, row in enumerate(processes):
            server = Server(row, places, index, karaf)
            empty = {"name": server.name, "role": server.role, "runs": {}, "processes": row.get("processes", 1)}
            empty.update(targets=row.get("targets"), beside=row.get("beside"))
            results.setdefault(server.name, empty)
            try:
                say(f"{server.name}: preparing")
                server.prepare(built)
                servers.append(server)
                server.start()
            except Unavailable as e:
                if server in servers:
                    servers.remove(server)
                server.stop()
                results[server.name]["reason"] = str(e)
                results[server.name]["optional"] = server.optional
                say(f"{server.name} is left out: {e}")
    except BaseException:
        stop_all(servers)
        raise
    return servers, results


def stop_all(servers):
    """To the end, also when it is told a second time to hurry."""
    former = {number: signal.signal(number, signal.SIG_IGN) for number in (signal.SIGTERM, signal.SIGINT)}
    for server in servers:
        server.stop()
    for number, handler in former.items():
        signal.signal(number, handler)


def render(results, files):
    report = bench_report.Report(results)
    tables = {"summary": report.summary(), "ratios": report.ratios(), "details": report.details(), "facts": report.facts()}
    print(f"{tables['ratios']}\n{tables['facts'] or ''}\n{tables['details']}")
    for path in files:
        text = bench_machine.read(path)
        changed = text
        for name, body in tables.items():
            if body is not None:
                changed = bench_report.insert(changed, name, body) or changed
        with open(path, "w", encoding="utf-8") as file:
            file.write(changed)
        say(f"written: {os.path.relpath(path)}")


def check_files(files):
    """Found out before an hour of measuring, not after it."""
    for path in files:
        text = bench_machine.read(path)
        if all(bench_report.insert(text, name, "") is None for name in ("summary", "ratios", "details", "facts")):
            sys.exit(f"{path} has no place for the table: a line <!-- benchmark:ratios --> and a line <!-- /benchmark:ratios -->")


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=19, help="rounds per workload; rows without a verdict have a third of them (19)")
    parser.add_argument("--seconds", type=float, default=1, help="measured time of each round (1)")
    parser.add_argument("--warmup", type=float, default=1, help="load before each measured time, in seconds (1)")
    parser.add_argument("--first-warmup", type=float, default=5, help="load before the first round of each workload (5)")
    parser.add_argument("--repeats", type=int, default=3, help="how often a disturbed round is repeated at most (3)")
    parser.add_argument("--idle-seconds", type=float, default=30, help="how long the idle product is watched; 0: not (30)")
    parser.add_argument("--workloads", default=",".join(bench_report.WORKLOADS), help="which, separated by commas (all)")
    parser.add_argument("--row", action="append", metavar="NAME", help="a row wanted: its name, or a part that no other has; repeatable (all)")
    parser.add_argument("--servers", default=os.path.join(HERE, "servers.json"), help="the rows (servers.json)")
    parser.add_argument("--product-command", help="starts the product, instead of what the rows say")
    parser.add_argument("--product-socket", default="/tmp/echo.sock", help="where it then listens (/tmp/echo.sock)")
    parser.add_argument("--product-pid-file", help="holds its pid; without, the process that listens there is taken")
    parser.add_argument("--loop-threads", default="peercred-loop", help="how the names of its event loops begin (peercred-loop)")
    parser.add_argument("--refused-uid", type=int, default=1, help="a user that is not allowed (1)")
    parser.add_argument("--build-dir", default=os.path.join(HERE, "target"), help="for what is built and logged (target)")
    parser.add_argument("--write", action="append", help="file with the markers; repeatable (README.md and docs/performance.md)")
    parser.add_argument("--no-write", action="store_true", help="print the tables only")
    parser.add_argument("--render", metavar="RESULTS", help="measure nothing: make the tables of an earlier results.json")
    options = parser.parse_args()
    options.workloads = options.workloads.split(",")
    unknown = [name for name in options.workloads if name not in bench_report.WORKLOADS]
    if unknown:
        parser.error(f"no such workload: {', '.join(unknown)}; there are {', '.join(bench_report.WORKLOADS)}")
    if options.rounds < 1:
        parser.error("--rounds must be at least 1")
    pages = [os.path.join(ROOT, "README.md"), os.path.join(ROOT, "docs", "performance.md")]
    options.write = [] if options.no_write else options.write or pages
    return options


def build_loadgen(options):
    options.build_dir = os.path.abspath(options.build_dir)
    os.makedirs(options.build_dir, exist_ok=True)
    options.loadgen = os.path.join(options.build_dir, "loadgen")
    source = os.path.join(HERE, "loadgen", "loadgen.c")
    try:
        run_build(["gcc", "-O2", "-Wall", "-Wextra", "-Werror", "-o", options.loadgen, source], set())
    except Unavailable as e:
        sys.exit(f"the load generator cannot be built: {e}")


def places_of(options, sockets):
    """What stands for {name} in servers.json."""
    return {
        "here": HERE,
        "root": ROOT,
        "build": options.build_dir,
        "sockets": sockets,
        "loadgen": options.loadgen,
        "python": os.path.realpath(sys.executable),
        "gid": str(os.getgid()),
        "cgroup": bench_machine.control_group(),
    }


def main():
    options = arguments()
    check_files(options.write)
    if options.render:
        with open(options.render, encoding="utf-8") as file:
            render(json.load(file), options.write)
        return 0
    if "refusal" in options.workloads and os.geteuid() != 0:
        options.workloads.remove("refusal")
        say("refusal is left out: only root can connect as another user")
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that finally is reached
    build_loadgen(options)
    with tempfile.TemporaryDirectory(prefix="peercred-bench-") as sockets:
        os.chmod(sockets, 0o755)  # the refused user must get as far as the socket
        places = places_of(options, sockets)
        rows, karaf = load_rows(options)
        servers, results = start_all(options, rows, karaf, places)
        try:
            if not any(server.role == "reference" for server in servers):
                sys.exit("without the C server there is nothing to compare with")
            products = [processes[0] for processes in by_row(servers).values() if processes[0].role == "product"]
            measure_rounds(options, servers, results)
            for server in products if options.idle_seconds > 0 else []:
                say(f"{server.name}: idle for {options.idle_seconds:g} s")
                results[server.name]["idle"] = measure_idle(options, server)
            # last, since the full collections that it asks for leave the JVM with a smaller heap
            for server in products:
                results[server.name]["memory"] = measure_memory(options, server)
        finally:
            stop_all(servers)
    everything = {
        "machine": bench_machine.description(),
        "rounds": options.rounds,
        "seconds": options.seconds,
        "workloads": options.workloads,
        "rows": list(results.values()),
    }
    with open(os.path.join(options.build_dir, "results.json"), "w", encoding="utf-8") as file:
        json.dump(everything, file, indent=1, ensure_ascii=False)
    render(everything, options.write)
    wrong = any(run["errors"] for row in results.values() for runs in row["runs"].values() for run in runs)
    missing = any("reason" in row and not row["optional"] for row in results.values())
    return 1 if wrong or missing else 0


if __name__ == "__main__":
    sys.exit(main())
