# Licensed under the Apache License, Version 2.0; see the file LICENSE.
# SPDX-License-Identifier: Apache-2.0
"""What is concluded from one attack, and the tables."""

import collections

import scale_report

Check = scale_report.Check  # text measured allowed holds

AUDIT_SECONDS = 2
CHANGE_SECONDS = 5
LATENCY_SECONDS = 1
VOLUME_MIB = 8  # of log, for one user in a minute

# threads of the container that come when they are needed and stay, and how many there can be
# those that look up names; the clock of waiting commands, and the commands of the two honest clients that may run some
LAZY_THREADS = {"peercred-names": 2, "peercred-comman": 3}

# the log's lines that must not be there
FORBIDDEN = ("OutOfMemoryError", "internal error")


def quantile(samples, share):
    ordered = sorted(samples)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else None


def milliseconds(samples):
    """Median and p99 of microseconds, for people."""
    if not samples:
        return "none"
    return " / ".join(f"{quantile(samples, share) / 1000:,.1f}" for share in (0.5, 0.99)) + " ms"


def honest_check(beside):
    """beside: what the honest clients report, of the attack and of the time after it until all was looked at."""
    measured = f"{beside['replies']:,} replies on {beside['connections']:,} connections"
    measured += f"; {kinds(beside['errors'])}" if beside["errors"] else ""
    return Check("honest clients: every byte is right, none is lost, none disconnected", measured, "no error", not beside["errors"] and beside["replies"] > 0)


def kinds(errors):
    """How often each kind of error, KIND: details, was met; foreign and wrong bytes first, with the first of each kind."""
    firsts = {}
    for error in errors:
        firsts.setdefault(error.partition(":")[0], error)
    counts = collections.Counter(error.partition(":")[0] for error in errors)
    order = sorted(counts, key=lambda kind: (not kind.endswith(" bytes"), -counts[kind]))
    return "; ".join(f"{counts[kind]} × {firsts[kind]}" for kind in order)


def latency_check(calm, beside, judged=True):
    measured = f"connect and first reply {milliseconds(beside['connect_us'])}, a line {milliseconds(beside['line_us'])}; "
    measured += f"without the attack {milliseconds(calm['connect_us'])} and {milliseconds(calm['line_us'])}"
    p99 = quantile(beside["connect_us"], 0.99)
    holds = not judged or (p99 is not None and p99 <= LATENCY_SECONDS * 1e6)
    allowed = f"p99 of the first at most {LATENCY_SECONDS} s" if judged else "not judged in a short run"
    return Check("honest clients: median / p99 beside the attack", measured, allowed, holds)


def attackers_check(reports):
    """Replies to attackers who read are compared too."""
    wrong = [report for report in reports if report["wrong"]]
    replies = sum(report.get("replies", 0) + report.get("ops", 0) + report.get("lines", 0) for report in reports)
    measured = "; ".join(f"{report['wrong']:,} times wrong, the first: {report['first_wrong']}" for report in wrong)
    opened = sum(report.get("opened", 0) + report.get("conversations", 0) for report in reports)
    told = [f"{opened:,} connections" if opened else "", f"{replies:,} replies compared" if replies else ""]
    return Check("attackers: what they are told is right", measured or ", ".join(text for text in told if text) or "nothing to compare", "no error", not wrong)


def within(seconds):
    return "not in time" if seconds is None else f"{seconds:.2f} s"


def audit_check(seconds):
    holds = seconds is not None and seconds <= AUDIT_SECONDS
    return Check("afterwards: a refused connect is in the audit log", within(seconds), f"{AUDIT_SECONDS} s", holds)


def change_check(let_in, refused):
    holds = all(seconds is not None and seconds <= CHANGE_SECONDS for seconds in (let_in, refused))
    measured = f"a user added is let in: {within(let_in)}; one removed is refused: {within(refused)}"
    return Check("afterwards: a change in etc/ counts", measured, f"{CHANGE_SECONDS} s", holds)


def process_check(before, after):
    if after is None:
        return Check("the container's process", "it has died", "the same, alive", False)
    return Check("the container's process", "the same" if before == after else "another one", "the same, alive", before == after)


def more_than(before, after):
    """before, after: counts by name. The JVM's own threads do not count."""
    more = {name: count - before.get(name, 0) for name, count in after.items() if count > before.get(name, 0)}
    late = {name for name, most in LAZY_THREADS.items() if after.get(name, 0) <= most}
    return {name: count for name, count in more.items() if not name.startswith(scale_report.JVM_THREADS) and name not in late}


def back_check(threads, descriptors, seconds):
    """threads, descriptors: what there is more of than before, by name."""
    more = ", ".join(f"{count} × {name}" for name, count in sorted({**threads, **descriptors}.items()))
    return Check("afterwards: threads and descriptors are back", more or f"after {seconds:.1f} s", "none more", not more)


def log_check(text):
    """text: what was logged, on the terminal too, since the attack began."""
    found = collections.Counter(word for line in text.splitlines() for word in FORBIDDEN if word.lower() in line.lower())
    first = next((line for line in text.splitlines() if any(word.lower() in line.lower() for word in found)), "")
    warned = sum(" WARN " in line and "event=" not in line for line in text.splitlines())
    failed = sum(" ERROR " in line for line in text.splitlines())
    measured = f"{failed} errors, {warned} warnings"
    if found:
        measured = ", ".join(f"{count} × {word}" for word, count in found.items()) + f", the first: {first.rpartition(' | ')[2][:200]}"
    return Check("the log", measured, f"no {', no '.join(FORBIDDEN)}", not found)


def volume_check(written, seconds, calm_rate, users):
    """written: bytes of the logs in so many seconds; calm_rate: bytes a second that the honest clients are good for."""
    more = max(0.0, written - calm_rate * seconds)
    each, minutes = more / users, max(1.0, seconds / 60)
    measured = f"{more / seconds / 1024:,.0f} KiB a second, {more / 2**20:,.1f} MiB in all"
    measured += f", {each / 1024:,.1f} KiB for each of {users:,} users" if users > 1 else ""
    return Check("written to the logs", measured, f"{VOLUME_MIB} MiB for one user in a minute", each <= VOLUME_MIB * 2**20 * minutes)


def table(results, about):
    """results: (attack, [checks]) in order."""
    lines = [about, "", "| attack | check | measured | allowed | holds |", "|---|---|---|---|---|"]
    for attack, checks in results:
        for number, check in enumerate(checks):
            cells = [cell.replace("|", "\\|").replace("\n", " ") for cell in check[:3]]
            name = f"**{attack.name}**: {attack.text}" if number == 0 else ""
            lines.append(f"| {name} | {' | '.join(cells)} | {'yes' if check.holds else '**no**'} |")
    return "\n".join(lines) + "\n"


def holds(results):
    return bool(results) and all(check.holds for _, checks in results for check in checks)
