#!/usr/bin/env python3
# Licensed under the Apache License, Version 2.0; see the file LICENSE.
# SPDX-License-Identifier: Apache-2.0
"""Has the assembly do everything at once for half an hour, and looks whether its memory, threads or descriptors grow.

Needs Linux, gcc, a JDK and the built assembly. Beside each other: connections that come and go, connections that stay and talk, commands,
streams of the console, a policy that changes each second, and a bundle that restarts. Every event is audited, and groups, programs
and the end of processes are looked at. The exit status is 0 when nothing grows and nobody heard anything wrong. Writes its table and its
picture into docs/performance.md.
"""

import argparse
import glob
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time

import bench
import bench_machine
import bench_report
import boot_container
import soak_load
import soak_report

SAMPLE_SECONDS = 2
PICTURE = os.path.join(bench.ROOT, "docs", "images", "soak.svg")


def say(text):
    print(f"soak.py: {text}", file=sys.stderr, flush=True)


def configure(container, loadgen):
    """Everything that can be switched on, for this user and the programs that load it."""
    container.set("org.peercred.listener-echo.cfg", {"peer.exit": "close"})
    container.set("org.peercred.audit.cfg", {"events": "allowed, denied, revoked, limited, closed, command", "size.per.uid": "0"})
    programs = f"{loadgen}, {os.path.realpath(sys.executable)}"
    for name, text in (("group-soak", f"allow = {os.getgid()}"), ("executable-soak", f"only = {programs}"), (soak_load.CHANGED, "allow = 1")):
        with open(container.path(f"etc/org.peercred.policy.{name}.cfg"), "w", encoding="utf-8") as file:
            file.write(text + "\n")


def sample(pid, begin):
    status = bench_machine.read(f"/proc/{pid}/status")
    fields = dict(line.split(":", 1) for line in status.splitlines() if ":" in line)
    return soak_report.Sample(
        time.monotonic() - begin, int(fields["VmRSS"].split()[0]) / 1024, int(fields["Threads"]), len(os.listdir(f"/proc/{pid}/fd"))
    )


def soak(container, loadgen, minutes):
    """Returns the samples, {what: how often}, and what went wrong."""
    stop = threading.Event()
    loads = soak_load.all_of(container, loadgen, stop)
    for load in loads:
        load.start()
    samples, begin = [], time.monotonic()
    try:
        # A load that goes wrong stops all.
        while not stop.wait(SAMPLE_SECONDS) and time.monotonic() - begin < minutes * 60:
            if container.process.poll() is not None:
                raise SystemExit("soak.py: the container has ended")
            samples.append(sample(container.process.pid, begin))
            if len(samples) % (60 // SAMPLE_SECONDS) == 0:
                say(f"{samples[-1].seconds / 60:.0f} minutes, {samples[-1].memory:.0f} MiB")
    finally:
        stop.set()
        for load in loads:
            load.join()
    return samples, {load.what: load.done for load in loads}, [load.wrong for load in loads if load.wrong]


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=30, help="how long (30)")
    parser.add_argument("--archive", default=os.path.join(bench.ROOT, "karaf-assembly", "target", "*.tar.gz"), help="the assembly")
    parser.add_argument("--no-write", action="store_true", help="print the table only")
    options = parser.parse_args()
    if options.minutes <= 0:
        parser.error("--minutes has to be positive")
    return options


def main():
    options = arguments()
    archives = glob.glob(options.archive)
    if len(archives) != 1:
        raise SystemExit(f"soak.py: {len(archives)} files match {options.archive}, and there should be one; ./peercred build makes it")
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that finally is reached
    with tempfile.TemporaryDirectory(prefix="peercred-soak-") as directory:
        loadgen = os.path.join(directory, "loadgen")
        subprocess.run(["gcc", "-O2", "-o", loadgen, os.path.join(bench.HERE, "loadgen", "loadgen.c")], check=True, timeout=120)
        container = boot_container.Container(directory, archives[0])
        configure(container, loadgen)
        try:
            container.start()
            samples, done, wrong = soak(container, loadgen, options.minutes)
        finally:
            container.stop()
    table = soak_report.table(samples, done)
    print(f"{bench_machine.description()}.\n\n{table}")
    print("".join(f"\n{text}" for text in wrong), file=sys.stderr)
    if not options.no_write:
        with open(PICTURE, "w", encoding="utf-8") as file:
            file.write(soak_report.picture(samples))
        bench_report.insert_into(os.path.join(bench.ROOT, "docs", "performance.md"), "soak", f"\n{bench_machine.description()}.\n\n{table}\n\n")
    sys.exit(0 if not wrong and all(row[-1] for row in soak_report.verdicts(samples)) else 1)


if __name__ == "__main__":
    main()
