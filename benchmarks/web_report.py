# Licensed under the Apache License, Version 2.0; see the file LICENSE.
# SPDX-License-Identifier: Apache-2.0
"""What the figures of web.py say: tables and verdicts."""

import statistics

import scale_report

SOCKET = "our socket"
TCP = "TCP, no authentication"
BASIC = "TCP, Basic"

IDLE = 5000
ABORTED = 60_000
ONE, SOME, MANY, AMONG_IDLE = "1 connection", "16 connections", "64 connections", f"{IDLE:,} idle + 16"
CHURN = "a connection per request"
DOWN, UP = "200 MB down", "200 MB up"

KEEP_ALIVE = (ONE, SOME, MANY, AMONG_IDLE)
ROWS = (*KEEP_ALIVE, CHURN)
TRANSFERS = (DOWN, UP)

TIMES_BASIC = {ONE: 5.0, MANY: 4.0, CHURN: 1.5}
TIMES_TCP = {**dict.fromkeys(KEEP_ALIVE, 1.0), CHURN: 0.9}
THREADS_PER_CONNECTION = 0.01
HEAP_LEFT_KIB = 1024  # as much as scale.py allows: the JVM's own memory is never quite still


class Verdict:
    """One promise: at most, or at least, a figure. A figure that is None was not to be had, and holds nothing."""

    def __init__(self, what, value, least=None, most=None):
        self.what, self.value, self.least, self.most = what, value, least, most

    @property
    def holds(self):
        if self.value is None:
            return False
        return self.value >= self.least if self.least is not None else self.value <= self.most

    def __str__(self):
        bound = f"at least {self.least:g}" if self.least is not None else f"at most {self.most:g}"
        value = "not measured" if self.value is None else f"{self.value:,.2f}"
        return f"{'held  ' if self.holds else 'MISSED'} {self.what}: {value}, {bound}"


def cpu_micros(run):
    """The server's CPU time for each request, in µs."""
    return run["server_cpu_seconds"] / run["ops"] * 1e6


def ratio(ways, other, figure):
    """The median of what the socket has to another way's, round by round; None where there are no rounds."""
    pairs = zip(ways.get(SOCKET, []), ways.get(other, []))
    return statistics.median(ratios) if (ratios := [figure(ours) / figure(theirs) for ours, theirs in pairs]) else None


def rate(run):
    return run["per_s"]


def verdicts(runs, idle, aborted):
    """runs: {row: {way: [run, …]}}; idle: {way: {"heap_kib", "threads"} of one connection}; aborted: (state before, state after)."""
    found = [Verdict(f"rate, {row}, to {BASIC}", ratio(runs.get(row, {}), BASIC, rate), least=least) for row, least in TIMES_BASIC.items()]
    found += [Verdict(f"rate, {row}, to {TCP}", ratio(runs.get(row, {}), TCP, rate), least=least) for row, least in TIMES_TCP.items()]
    found += [Verdict(f"server's CPU, {row}, to {TCP}", ratio(runs.get(row, {}), TCP, cpu_micros), most=1.0) for row in KEEP_ALIVE]
    found += [Verdict(f"rate, {row}, to {TCP}", ratio(runs.get(row, {}), TCP, rate), least=1.0) for row in TRANSFERS]
    ours, theirs = idle.get(SOCKET), idle.get(TCP)
    found.append(Verdict(f"heap of an idle connection, to {TCP}", ours["heap_kib"] / theirs["heap_kib"] if ours and theirs else None, most=1.0))
    found.append(Verdict("threads of an idle connection", ours and ours["threads"], most=THREADS_PER_CONNECTION))
    return found + left_over(*aborted)


def left_over(before, after):
    """Of clients that were killed; before and after as scale_connections.state tells them."""
    heap = None if None in (before["heap"], after["heap"]) else after["heap"] - before["heap"]
    what = f"{ABORTED:,} aborting clients leave"
    return [
        Verdict(f"{what} descriptors", after["descriptors"] - before["descriptors"], most=0),
        Verdict(f"{what} threads", sum(scale_report.difference(before["threads"], after["threads"]).values()), most=0),
        Verdict(f"{what} KiB of heap", heap, most=HEAP_LEFT_KIB),
    ]


def medians(runs, row, figure):
    return [f"{statistics.median(map(figure, runs[row][way])):,.0f}" for way in (SOCKET, TCP, BASIC)]


def tables(runs, idle):
    """Two of them, in Markdown."""
    lines = ["| | requests a second | | | server's CPU for each, µs | | |", "|---|--:|--:|--:|--:|--:|--:|"]
    lines.append(f"| | {' | '.join((SOCKET, TCP, BASIC) * 2)} |")
    for row in (row for row in ROWS if row in runs):
        lines.append(f"| {row} | {' | '.join(medians(runs, row, rate) + medians(runs, row, cpu_micros))} |")
    lines += ["", f"| | {SOCKET} | {TCP} | {BASIC} |", "|---|--:|--:|--:|"]
    for row in (row for row in TRANSFERS if row in runs):
        lines.append(f"| {row}, MB/s | {' | '.join(medians(runs, row, lambda run: rate(run) / 1e6))} |")
    for what, key in (("KiB of heap", "heap_kib"), ("threads", "threads")):
        each = [f"{idle[way][key]:.2f}" if idle.get(way) else "" for way in (SOCKET, TCP, BASIC)]
        lines.append(f"| {what} of an idle connection | {' | '.join(each)} |")
    return "\n".join(lines)
