# Licensed under the Apache License, Version 2.0; see the file LICENSE.
# SPDX-License-Identifier: Apache-2.0
"""What scale.py concludes of very many listeners, policies and rules, and of changes under load."""

import statistics

import bench_report
from scale_report import Check, back, compared, difference, errors_of

IN_FORCE_SECONDS = 5  # what stands in etc/ counts by then, or the log says why not
ALL_IN_FORCE_SECONDS = 30  # for a thousand files, which Karaf takes one after the other
HEAP_PER_LISTENER = 128  # KiB: its histogram of latencies has 32
POLICIES_CPU = 5.0  # times as much for a connection: each of them is asked about it
RULES_CPU = 1.10
COMMANDS_CPU = 1.20  # measured over less time
SLOWEST_RATIO = 2.0


def seconds_of(figure):
    return "never" if figure is None else f"{figure:.1f} s"


def listeners_check(count, seconds, wrong, before, during, left, after):
    """seconds: from the first file to all listening, or None; wrong: names of those that did not echo right; left: sockets there are still when the
    files are gone; before, during, after: states of the server."""
    text = f"{count} listeners by {count} files in etc/: each echoes every byte right, and nothing is left when the files are gone"
    threads = difference(before["threads"], during["threads"])
    descriptors = (during["descriptors"] - before["descriptors"]) / count
    known = None not in (before["heap"], during["heap"], before["native"], during["native"])
    heap, native = ((during[key] - before[key]) / count if known else None for key in ("heap", "native"))
    remains, gone = back(before, after)
    measured = (
        f"all listening after {seconds_of(seconds)}; each takes {descriptors:.2f} descriptors, {sum(threads.values()) / count:.2f} threads, "
        f"{bench_report.number(heap, 1)} KiB of heap and {bench_report.number(native, 1)} of native memory; afterwards {remains}"
    )
    measured += f"; wrong echoes from {len(wrong)}, the first {wrong[0]}" if wrong else ""
    measured += f"; {len(left)} sockets are left, the first {left[0]}" if left else ""
    holds = seconds is not None and seconds <= IN_FORCE_SECONDS and not wrong and not left and gone
    holds = holds and descriptors <= 1 and not threads and heap is not None and heap <= HEAP_PER_LISTENER
    allowed = f"listening within {IN_FORCE_SECONDS} s, one descriptor, no thread and {HEAP_PER_LISTENER} KiB of heap each; no wrong byte; nothing left"
    return Check(text, measured, allowed, holds)


def told(wrong):
    """What somebody was told wrongly, of [(who, what he was told, what he had to be)]; "" when nobody was."""
    return f"{len(wrong)} wrong answers, the first: {wrong[0][0]} is told {wrong[0][1]!r} and not {wrong[0][2]!r}" if wrong else ""


def cost_of(without, beside):
    """The medians of the server's CPU time for a connection, of the rate and of p99, in words, and how many times the CPU time it is beside."""
    keys = ("server_cpu_us_per_op", "ops_per_s", "p99_us")
    cpu, rate, p99 = ([statistics.median(run[key] for run in runs) for runs in (without, beside)] for key in keys)
    words = f"a connection takes {cpu[1]:.1f} µs of CPU beside them for {cpu[0]:.1f} without ({cpu[1] / cpu[0]:.2f} times)"
    words += f", at {rate[1]:,.0f} a second for {rate[0]:,.0f} "
    return f"{words}({rate[1] / rate[0]:.2f} times), p99 {p99[1]:,.0f} µs for {p99[0]:,.0f} ({p99[1] / p99[0]:.2f} times)", cpu[1] / cpu[0]


def policies_check(count, seconds, wrong, without, beside, gone):
    """seconds: until all are in force, gone: until none is any more, or None; wrong: as told() takes it; without, beside: runs of the load generator."""
    text = f"{count:,} policies in force at once (uid, group, pid, command), each asked: who is let in and who is not, and connections beside them"
    bad = errors_of(without + beside) or told(wrong)
    if bad:
        return Check(text, bad, "every answer right", False)
    words, ratio = cost_of(without, beside)
    measured = f"all in force after {seconds_of(seconds)}, every answer right; {words}; gone {seconds_of(gone)} after their files"
    holds = seconds is not None and seconds <= ALL_IN_FORCE_SECONDS and gone is not None and ratio <= POLICIES_CPU
    return Check(text, measured, f"all in force within {ALL_IN_FORCE_SECONDS} s; every answer right; {POLICIES_CPU:g} times the CPU time", holds)


def rules_check(users, commands, took, connections, costs):
    """took: {what: seconds or None}; connections: {"short", "long"} runs of the load generator; costs: the same of CPU µs for a command, None
    for a wrong answer."""
    text = f"{users:,} users in one list, and {commands:,} commands in one policy, beside one of each; and until a change counts"
    bad = errors_of(connections["short"] + connections["long"]) or ("a command was answered wrongly" if None in costs["short"] + costs["long"] else "")
    if bad:
        return Check(text, bad, "every answer right", False)
    words, ratio = cost_of(connections["short"], connections["long"])
    short, long = statistics.median(costs["short"]), statistics.median(costs["long"])
    measured = f"{', '.join(f'{what} after {seconds_of(seconds)}' for what, seconds in took.items())}; {words}; "
    measured += f"a command {long:.1f} µs of CPU for {short:.1f} ({long / short:.2f} times)"
    quick = all(seconds is not None and seconds <= IN_FORCE_SECONDS for seconds in took.values())
    holds = quick and ratio <= RULES_CPU and long / short <= COMMANDS_CPU
    allowed = f"each change within {IN_FORCE_SECONDS} s; {RULES_CPU:.2f} times the CPU time for a connection, {COMMANDS_CPU:.2f} times for a command"
    return Check(text, measured, allowed, holds)


def changes_check(a_minute, rest, beside, changes, stayed, wrong):
    """rest, beside: rounds without and with changes, each {"allowed", "denied": runs of the load generator, "server": percentiles of its listener};
    changes: [(how many, in how many seconds, how many generations of decisions)] of each round; stayed: runs of those that were connected all the time;
    wrong: sentences about the end."""
    text = f"a policy changed {a_minute:,} times a minute for a minute, under load: one user always let in, one never, one by turns"
    bad = errors_of(stayed + [run[of] for run in rest + beside for of in ("allowed", "denied")]) or ", ".join(wrong)
    if bad:
        return Check(text, bad, "every answer right", False)
    made, seconds = (sum(change[place] for change in changes) for place in (0, 1))
    counted = sum(min(count, generations) for count, _, generations in changes)
    answers = sum(run[of]["ops"] for run in rest + beside for of in ("allowed", "denied"))
    words = []
    for key, name in (("p99_us", "p99"), ("p999_us", "p99.9"), ("max_us", "slowest, median of the rounds")):
        first, second, ratios = compared([(run["server"][key], beset["server"][key]) for run, beset in zip(rest, beside)])
        words.append(f"{name} {second:,.0f} µs for {first:,.0f} at rest ({statistics.median(ratios):.2f} times)")
        slowest = second / first
    _, _, seen = compared([(run["allowed"]["p99_us"], beset["allowed"]["p99_us"]) for run, beset in zip(rest, beside)])
    measured = f"{made:,} in {seconds:.0f} s, {made - counted} of them taken in together with the next; {answers:,} answers and the state at the end, "
    measured += "all right; decisions, from the event loop's waking to the write: "
    measured += f"{'; '.join(words)}; p99 by the load generator's clock {statistics.median(seen):.2f} times"
    holds = counted * 60 >= a_minute * seconds and slowest <= SLOWEST_RATIO
    return Check(text, measured, f"{a_minute:,} a minute, each decided by; every answer right; the slowest decision at most {SLOWEST_RATIO:g} times", holds)
