#!/usr/bin/env python3
# Licensed under the Apache License, Version 2.0; see the file LICENSE.
# SPDX-License-Identifier: Apache-2.0
"""Checks that the product, as installed from the assembly, holds at scale: very many connections, listeners, policies, rules and changes.

Needs Linux, Python 3.9, gcc, a JDK with jcmd, and the built assembly; policies and changes need root, to be other users. Prints one table with a
verdict for each row and writes it into docs/performance.md, unless only some of the checks were asked for. The exit status is 0 when every row
holds. What is allowed can be met on a busy machine too, but for ratios of latencies and rates: those need quiet.
"""

import argparse
import json
import os
import resource
import signal
import sys
import tempfile

import bench
import bench_machine
import bench_report
import scale_changes
import scale_connections
import scale_listeners
import scale_never_reads
import scale_policies
import scale_report
from bench_servers import Server, Unavailable

UNLIMITED = scale_report.UNLIMITED
# in the order in which they run: those that read latencies come last, since the JVM keeps threads for who watches it
CHECKS = {
    "open": scale_connections.check_open,
    "warning": lambda options, server: scale_connections.check_warning(server),
    "closed": scale_connections.check_closed,
    "burst": scale_connections.check_burst,
    "memory": scale_never_reads.check_memory,
    "idle": lambda options, server: scale_report.idle_check(bench.measure_idle(options, server)),
    "listeners": scale_listeners.check,
    "policies": scale_policies.check_policies,
    "rules": scale_policies.check_rules,
    "never-reads": scale_never_reads.check,
    "changes": scale_changes.check,
}
OTHER_USERS = ("policies", "rules", "changes")


def warm_up(options, server):
    bench.say("warming up")
    scale_connections.load(options, server, "--mode", "churn", "--connections", "64", "--count", "20000")
    scale_connections.load(options, server, "--mode", "pingpong", "--connections", "64", seconds=options.seconds)
    scale_connections.load(options, server, "--mode", "burst", "--connections", "1000")


def check_all(options, server):
    """Each check that is asked for, so often as it is asked for."""
    warm_up(options, server)
    for number in range(options.repeat):
        for name in options.only:
            bench.say(f"{name}{f', {number + 1} of {options.repeat}' if options.repeat > 1 else ''} …")
            found = CHECKS[name](options, server)
            bench.say(f"{name}: {'holds' if found.holds else 'DOES NOT HOLD'}: {found.measured}")
            yield found


def product_row(options):
    with open(options.servers, encoding="utf-8") as file:
        config = json.load(file)
    row = next(row for row in config["rows"] if row["role"] == "product")
    limits = {"max.connections": str(UNLIMITED), "max.connections.per.uid": str(UNLIMITED)}
    command = {"path": "{sockets}/command.sock", "mode": "0666"}
    return {**row, "etc": {"org.peercred.listener-echo.cfg": limits, "org.peercred.listener-command.cfg": command}}, config["karaf"]


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", metavar="NAME[,NAME]", help=f"these checks alone: {', '.join(CHECKS)}; nothing is written then")
    parser.add_argument("--repeat", type=int, default=1, help="how often all checks are made, in the same container; nothing is written above 1 (1)")
    parser.add_argument("--rounds", type=int, default=15, help="rounds with and without the client that never reads (15)")
    parser.add_argument("--seconds", type=float, default=3, help="measured time of each of these rounds (3)")
    parser.add_argument("--warmup", type=float, default=0.5, help="load before each measured time, in seconds (0.5)")
    parser.add_argument("--idle-seconds", type=float, default=30, help="how long the idle container is watched (30)")
    parser.add_argument("--servers", default=os.path.join(bench.HERE, "servers.json"), help="where the product's row is (servers.json)")
    parser.add_argument("--build-dir", default=os.path.join(bench.HERE, "target", "scale"), help="for what is built and logged (target/scale)")
    parser.add_argument("--write", default=os.path.join(bench.ROOT, "docs", "performance.md"), help="file with the markers (docs/performance.md)")
    parser.add_argument("--no-write", action="store_true", help="print the table only")
    options = parser.parse_args()
    if options.repeat < 1 or options.rounds < 1:
        parser.error("--repeat and --rounds must be at least 1")
    options.only = chosen(parser, options.only)
    options.no_write = options.no_write or options.repeat > 1 or len(options.only) < len(CHECKS)
    return options


def chosen(parser, names):
    """Those of the checks that are named, in their own order; all of them where none is."""
    wanted = list(CHECKS) if names is None else [name.strip() for name in names.split(",")]
    unknown = [name for name in wanted if name not in CHECKS]
    if unknown:
        parser.error(f"no such check: {', '.join(unknown)}; there are {', '.join(CHECKS)}")
    return [name for name in CHECKS if name in wanted]


def main():
    options = arguments()
    if os.geteuid() != 0 and set(OTHER_USERS) & set(options.only):
        options.only = [name for name in options.only if name not in OTHER_USERS]
        options.no_write = True
        bench.say(f"{', '.join(OTHER_USERS)} are left out, and nothing is written: only root can connect as another user")
    if not options.no_write and bench_report.insert(bench_machine.read(options.write), "scale", "") is None:
        sys.exit(f"{options.write} has no place for the table: <!-- benchmark:scale --> and <!-- /benchmark:scale -->")
    # for the server and the load generators alike: both inherit it
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that finally is reached
    bench.build_loadgen(options)
    with tempfile.TemporaryDirectory(prefix="peercred-scale-") as sockets:
        os.chmod(sockets, 0o755)  # other users must get as far as the sockets
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
    text = scale_report.table(checks, bench_machine.description())
    print(text)
    if not options.no_write:
        bench_report.insert_into(options.write, "scale", text)
        bench.say(f"written: {os.path.relpath(options.write)}")
    return 0 if all(check.holds for check in checks) else 1


if __name__ == "__main__":
    sys.exit(main())
