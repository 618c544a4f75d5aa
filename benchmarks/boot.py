#!/usr/bin/env python3
# Licensed under the Apache License, Version 2.0; see the file LICENSE.
# SPDX-License-Identifier: Apache-2.0
"""Measures how long the assembly takes to serve, and what memory it takes then, beside a stock Karaf with the same feature.

Needs Linux, a JDK, the built assembly and Karaf's own distribution in the local Maven repository. Each boot begins with the exec of
"bin/karaf daemon", whose shell is part of it, and ends with the first echo reply; memory is read three seconds later. A first boot has an
empty data/, a later one what the first has left there. Both containers boot in turn, and a ratio is that of two boots in the same round;
what is printed are medians. CPU time says more than wall time on a machine that does other work. --hundred boots the assembly alone a
hundred times, each second time with one core kept busy, and fails at the first that does not answer.
"""

import argparse
import glob
import os
import signal
import subprocess
import sys
import tempfile

import bench
import bench_machine
import bench_report
import boot_container
import boot_report
from boot_report import FIRST, LATER, OURS, STOCK

HERE = os.path.dirname(os.path.abspath(__file__))
TOP = os.path.dirname(HERE)
KARAF = "~/.m2/repository/org/apache/karaf/apache-karaf/*/apache-karaf-*.tar.gz"
HUNDRED = 100


def say(text):
    print(f"boot.py: {text}", file=sys.stderr, flush=True)


def measure(rounds, containers):
    """{(kind, container): [Boot, …]}"""
    boots = {}
    for number in range(rounds):
        say(f"round {number + 1} of {rounds}")
        for kind in (FIRST, LATER):
            for name, container in containers.items():
                if kind == FIRST:
                    container.empty()
                boots.setdefault((kind, name), []).append(container.boot())
    return boots


def boot_often(count, container):
    """The boots in order, each second one beside a process that keeps a core busy."""
    container.empty()
    boots = []
    for number in range(count):
        busy = subprocess.Popen([sys.executable, "-c", "while True: pass"]) if number % 2 else None
        try:
            boots.append(container.boot(settle=False))
        finally:
            if busy is not None:
                busy.kill()
                busy.wait()
        if (number + 1) % 10 == 0:
            say(f"{number + 1} boots")
    return boots


def one_file(pattern, what):
    found = glob.glob(os.path.expanduser(pattern))
    if len(found) != 1:
        raise SystemExit(f"boot.py: {what}: {len(found)} files match {pattern}, and there should be one")
    return found[0]


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=20, help="of a first and a later boot of each (20)")
    parser.add_argument("--hundred", action="store_true", help="boot the assembly a hundred times in place of measuring")
    parser.add_argument("--boots", type=int, default=HUNDRED, help=f"how many boots --hundred makes ({HUNDRED})")
    parser.add_argument("--archive", default=os.path.join(TOP, "karaf-assembly", "target", "*.tar.gz"), help="the assembly")
    parser.add_argument("--karaf", default=KARAF, help="Karaf's own distribution")
    parser.add_argument("--no-write", action="store_true", help="print the table only, which goes into docs/performance.md otherwise")
    options = parser.parse_args()
    if options.rounds < 1 or options.boots < 1:
        parser.error("--rounds and --boots have to be positive")
    return options


def main():
    options = arguments()
    archive = one_file(options.archive, "the assembly; ./peercred build makes it")
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that finally is reached
    with tempfile.TemporaryDirectory(prefix="peercred-boot-") as directory:
        containers = {OURS: boot_container.Container(os.path.join(directory, "ours"), archive)}
        if not options.hundred:
            stock = boot_container.Container(os.path.join(directory, "stock"), one_file(options.karaf, "Karaf's own distribution"))
            stock.install_from(containers[OURS])
            containers[STOCK] = stock
        try:
            if options.hundred:
                print(boot_report.line_of_many(boot_often(options.boots, containers[OURS])))
            else:
                boots = measure(options.rounds, containers)
                text = f"{bench_machine.description()}. Medians of rounds: {options.rounds}.\n\n{boot_report.table(boots)}\n"
                print(text)
                if not options.no_write:
                    bench_report.insert_into(os.path.join(bench.ROOT, "docs", "performance.md"), "boot", text)
        finally:
            for container in containers.values():
                container.stop()


if __name__ == "__main__":
    main()
