# Licensed under the Apache License, Version 2.0; see the file LICENSE.
# SPDX-License-Identifier: Apache-2.0
"""What boot.py says of the boots that it has seen."""

import dataclasses
import re
import statistics

FIRST, LATER = "first", "later"
OURS, STOCK = "Peercred's distribution", "stock Karaf with the feature"

PRIVATE, FILES, OTHER = "anonymous", "files", "other"


@dataclasses.dataclass(frozen=True)
class Boot:
    """Seconds from exec to the first reply, CPU seconds of the shell and of Java until then, and memory in KiB some seconds later, None where it was not looked at."""

    seconds: float
    cpu_seconds: float
    rss_kib: int = None
    pss_kib: int = None
    parts_kib: dict = None


def parts(smaps):
    """{kind: resident KiB} of the text of /proc/PID/smaps: what is private to the process, and what files it maps."""
    found, kind = {PRIVATE: 0, FILES: 0, OTHER: 0}, None
    for line in smaps.splitlines():
        mapping = re.match(r"[0-9a-f]+-[0-9a-f]+ \S+ \S+ \S+ (\d+)\s*(.*)$", line)
        if mapping:
            inode, name = mapping.groups()
            kind = FILES if inode != "0" else PRIVATE if name in ("", "[heap]", "[stack]") or name.startswith("[anon") else OTHER
        elif line.startswith("Rss:"):
            found[kind] += int(line.split()[1])
    return found


def ratio(boots, kind, value):
    """The median of ours to the stock Karaf's of the same round."""
    return statistics.median(value(ours) / value(stock) for ours, stock in zip(boots[kind, OURS], boots[kind, STOCK]))


def table(boots):
    """boots: {(kind, container): [Boot, …]}, of equal length and in the order of the rounds."""
    rows = [
        "| boot | container | to the first echo, s | CPU s | RSS MiB | PSS MiB | anonymous MiB | of files MiB |",
        "|---|---|---:|---:|---:|---:|---:|---:|",
    ]
    for kind in (FIRST, LATER):
        for name in (OURS, STOCK):
            rows.append(row(kind, name, boots[kind, name]))
        shares = (ratio(boots, kind, value) for value in (lambda b: b.seconds, lambda b: b.cpu_seconds, lambda b: b.rss_kib, lambda b: b.pss_kib))
        rows.append(f"| {kind} | ratio | " + " | ".join(f"{share:.2f}" for share in shares) + " | | |")
    return "\n".join(rows)


def row(kind, name, boots):
    def median(value):
        return statistics.median(map(value, boots))

    memory = [median(value) / 1024 for value in (lambda b: b.rss_kib, lambda b: b.pss_kib, lambda b: b.parts_kib[PRIVATE], lambda b: b.parts_kib[FILES])]
    return f"| {kind} | {name} | {median(lambda b: b.seconds):.2f} | {median(lambda b: b.cpu_seconds):.2f} | " + " | ".join(f"{mib:.0f}" for mib in memory) + " |"


def line_of_many(boots):
    times = sorted(boot.seconds for boot in boots)
    return f"{len(times)} boots, all answered: {times[0]:.2f} s to the first echo at best, {statistics.median(times):.2f} in the middle, {times[-1]:.2f} at worst."
