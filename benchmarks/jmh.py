#!/usr/bin/env python3
# Licensed under the Apache License, Version 2.0; see the file LICENSE.
# SPDX-License-Identifier: Apache-2.0
"""Measures with JMH what runs for each connection and for each line: a credentials read, a decision, framing.

Needs Linux, Python 3.9, Java, Maven and the built bundles. Prints one table and writes it into docs/performance.md. The exit status is 0
when all was measured and a longer list makes no slower decision.
"""

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys

import bench
import bench_machine
import bench_report
from bench_servers import Unavailable, run_build

MODULE = os.path.join(bench.HERE, "jmh")
TIMEOUT = 1800
# a search through 10,000 entries one by one would take several thousand
LIST_NANOSECONDS = 100

# benchmark: what it is called in the table; parameters by their names
TITLES = {
    "CredentialsBenchmark.identify": "credentials read: who is connected",
    "DecisionBenchmark.decide": "decision, {policies} policies",
    "ListBenchmark.decide": "decision, a list of {entries} uids, the peer {listed} it",
    "FramingBenchmark.serve": "framing and echo, one read with {lines} lines of 64 bytes",
}
WORDS = {("listed", "true"): "on", ("listed", "false"): "not on", ("entries", "10000"): "10,000"}


def title(result):
    parameters = {name: WORDS.get((name, value), value) for name, value in result.get("params", {}).items()}
    text = TITLES[".".join(result["benchmark"].split(".")[-2:])].format(**parameters)
    for plural, singular in (("1 policies", "1 policy"), ("1 uids", "1 uid"), ("1 lines", "1 line")):
        text = text.replace(f" {plural}", f" {singular}")
    return text


def samples(result):
    """Nanoseconds per call: the average of each iteration of each fork."""
    return [value for fork in result["primaryMetric"]["rawData"] for value in fork]


def growth(results):
    """How many nanoseconds more a decision takes with the longest list than with the shortest, the worse of listed or not; None without."""
    worst = None
    for listed in ("true", "false"):
        by_entries = {
            int(result["params"]["entries"]): statistics.median(samples(result))
            for result in results
            if result.get("params", {}).get("listed") == listed
        }
        if len(by_entries) > 1:
            more = by_entries[max(by_entries)] - by_entries[min(by_entries)]
            worst = more if worst is None else max(worst, more)
    return worst


def table(results, machine):
    forks = max(result["forks"] for result in results)
    iterations = max(result["measurementIterations"] for result in results)
    lines = [f"Nanoseconds per call, medians of {forks} × {iterations} iterations; {machine}.", "", "| part | ns | least and greatest |", "|---|--:|---|"]
    for result in results:
        values = samples(result)
        spread = f"{bench_report.number(min(values), 1)} to {bench_report.number(max(values), 1)}"
        lines.append(f"| {title(result)} | {bench_report.number(statistics.median(values), 1)} | {spread} |")
    more = growth(results)
    if more is not None:
        verdict = "holds" if more <= LIST_NANOSECONDS else "**does not hold**"
        lines += ["", f"A longer list makes no slower decision: 10,000 entries take {more:+.0f} ns, {LIST_NANOSECONDS} are allowed: {verdict}."]
    return "\n".join(lines) + "\n"


def measure(options):
    try:
        run_build(["mvn", "-q", "-f", os.path.join(MODULE, "pom.xml"), "package"], set())
    except Unavailable as e:
        sys.exit(f"the benchmarks cannot be built: {e}")
    java = os.path.join(os.environ["JAVA_HOME"], "bin", "java") if os.environ.get("JAVA_HOME") else shutil.which("java")
    found = os.path.join(MODULE, "target", "results.json")
    if os.path.exists(found):
        os.unlink(found)
    command = [java, "-cp", f"{MODULE}/target/classes:{MODULE}/target/lib/*", "org.openjdk.jmh.Main", *options.jmh]
    command += ["-rf", "json", "-rff", found, "-foe", "true", "-jvmArgs", "-Xmx512m -Dorg.slf4j.simpleLogger.defaultLogLevel=warn"]
    try:
        done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=sys.stderr, timeout=TIMEOUT, check=False)
    except (OSError, subprocess.TimeoutExpired) as e:
        sys.exit(f"the benchmarks could not be run: {e}")
    if done.returncode != 0 or not os.path.exists(found):
        sys.exit("the benchmarks failed; their messages are above")
    with open(found, encoding="utf-8") as file:
        return json.load(file)


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--write", default=os.path.join(bench.ROOT, "docs", "performance.md"), help="file with the markers (docs/performance.md)")
    parser.add_argument("--no-write", action="store_true", help="print the table only")
    parser.add_argument("jmh", nargs="*", help="options and patterns for JMH, after --; for instance: -- -f 1 Framing")
    return parser.parse_args()


def main():
    options = arguments()
    if not options.no_write and bench_report.insert(bench_machine.read(options.write), "jmh", "") is None:
        sys.exit(f"{options.write} has no place for the table: <!-- benchmark:jmh --> and <!-- /benchmark:jmh -->")
    results = measure(options)
    text = table(results, bench_machine.description())
    print(text)
    if not options.no_write:
        bench_report.insert_into(options.write, "jmh", text)
        bench.say(f"written: {os.path.relpath(options.write)}")
    more = growth(results)
    return 0 if more is None or more <= LIST_NANOSECONDS else 1


if __name__ == "__main__":
    sys.exit(main())
