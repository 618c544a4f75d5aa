# Licensed under the Apache License, Version 2.0; see the file LICENSE.
# SPDX-License-Identifier: Apache-2.0
"""What scale.py concludes from what it measured: a verdict for each check, and the table."""

import collections
import re
import statistics

import bench_report

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
    measured, holds = back(before, after)
    return Check(closed_text(), measured, f"none more; heap within {HEAP_TOLERANCE_KIB:,} KiB", holds)


def back(before, after):
    """What there is more of than before, in words, and whether that is nothing."""
    descriptors = after["descriptors"] - before["descriptors"]
    threads = difference(before["threads"], after["threads"])
    heap = None if None in (before["heap"], after["heap"]) else after["heap"] - before["heap"]
    named = ", ".join(f"{count} × {name}" for name, count in threads.items())
    measured = f"descriptors {before['descriptors']} {descriptors:+d}, threads {len(before['threads'])} {sum(threads.values()):+d}"
    measured += f"{f' ({named})' if named else ''}, heap "
    measured += "not measured" if heap is None else f"{before['heap']:,} {heap:+,} KiB"
    return measured, descriptors <= 0 and not threads and heap is not None and heap <= HEAP_TOLERANCE_KIB


def closed_text():
    return f"{CLOSED_CONNECTIONS:,} connections opened and closed: descriptors, threads and heap are back"


def undisturbed(pairs):
    """Those that count: the ones that others did not disturb where they are enough for a median, else all."""
    calm = [pair for pair in pairs if not any(run.get("disturbed") for run in pair)]
    return calm if len(calm) >= ENOUGH_ROUNDS else pairs


def compared(pairs):
    """The medians of both sides, and the ratio of each pair, the second to the first."""
    first, second = (statistics.median(figures) for figures in zip(*pairs))
    return first, second, [with_it / without for without, with_it in pairs]


def latency_check(without, beside, floods):
    """without, beside: runs of 64 ping-pong connections, alone and beside a client that never reads, round by round, each with the "server" percentiles
    of its own listener; floods: what that client reports."""
    text = "one client sends up to 1 GiB of lines and never reads: p99 of 64 others, from the event loop's waking to the write"
    wrong = errors_of(without + beside + floods)
    if wrong:
        return Check(text, wrong, "no error", False)
    disturbed = sum(run.get("disturbed", False) for run in without + beside)
    rounds = len(without + beside)
    kept = undisturbed(list(zip(without, beside)))
    alone, beset, ratios = compared([(run["server"]["p99_us"], beset["server"]["p99_us"]) for run, beset in kept])
    _, _, seen = compared([(run["p99_us"], beset["p99_us"]) for run, beset in kept])
    ratio = statistics.median(ratios)
    taken = statistics.median(flood["stalled_bytes"] for flood in floods) / 1024
    measured = (
        f"{beset:,.0f} µs beside it, {alone:,.0f} µs without; round by round {ratio:.2f} times as long ({min(ratios):.2f} to {max(ratios):.2f} in "
        f"{len(ratios)} rounds); the same by the load generator's clock, third process and all: {statistics.median(seen):.2f} times ({min(seen):.2f} to "
        f"{max(seen):.2f}); it got rid of {taken:,.0f} KiB, and had every reply when it read at last"
    )
    measured += f"; other processes disturbed {disturbed} of {rounds} rounds" if disturbed else ""
    return Check(text, measured, f"at most {P99_RATIO:.2f} times, the median of the rounds", ratio <= P99_RATIO)


def flood_memory_check(flood, before, during):
    text = "a client that sends and never reads: the server's memory, heap and native"
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
