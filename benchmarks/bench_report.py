# Licensed under the Apache License, Version 2.0; see the file LICENSE.
# SPDX-License-Identifier: Apache-2.0
"""Medians, ratios to the reference, targets met and not met, and the Markdown that shows them."""

import statistics

# workload: title, arguments of the load generator, least rate and greatest CPU time per reply, both relative to the reference
WORKLOADS = {
    "churn": ("churn, 64 at a time", ["--mode", "churn", "--connections", "64"], 0.95, 1.10),
    "pingpong-64": ("ping-pong, 64", ["--mode", "pingpong", "--connections", "64"], 0.95, 1.10),
    "pingpong-1": ("ping-pong, 1", ["--mode", "pingpong", "--connections", "1"], 0.95, 1.10),
    "pingpong-1000": ("ping-pong, 1,000", ["--mode", "pingpong", "--connections", "1000"], 0.95, 1.10),
    "pipelined": ("pipelined, 16 × window 64", ["--mode", "pipelined", "--connections", "16", "--window", "64"], 1.0, 1.15),
    "idle": ("64 active among 10,000 idle", ["--mode", "idle", "--connections", "64", "--idle", "10000"], 1.0, 1.10),
    "refusal": ("refusal churn, 64 at a time", ["--mode", "refusal", "--connections", "64"], 0.95, 1.10),
}

# What README.md shows.
SUMMARY = ["churn", "pingpong-64", "pipelined", "idle"]

SAME_WORK = 0.95  # of the rate of a C server that reads the same facts
HEAP_PER_CONNECTION = 2.0  # KiB
IDLE_LOOP_SECONDS = 0.005  # CPU time of the loops while nothing happens: none, but for what the measuring itself wakes

MEDIANS = ["ops_per_s", "server_cpu_us_per_op", "p50_us", "p99_us", "p999_us", "server_rss_kib", "server_pss_kib"]


def medians(runs):
    """The median of each figure over the runs, figures that are missing left out; {} without runs."""
    result = {}
    for key in MEDIANS:
        values = [run[key] for run in runs if run.get(key) is not None]
        if values:
            result[key] = statistics.median(values)
    return result


def ratios(runs, reference_runs, key):
    """Round by round: what drifts on the machine drifts for both. Rounds that went wrong for one of them do not count."""
    bases = by_round(reference_runs)
    pairs = [(run, bases[number]) for number, run in by_round(runs).items() if number in bases]
    return [
        run[key] / base[key]
        for run, base in pairs
        if not run["errors"] and not base["errors"] and run.get(key) is not None and base.get(key)
    ]


def by_round(runs):
    return {run.get("round", index): run for index, run in enumerate(runs)}


def middle(values):
    return statistics.median(values) if values else None


def spread(values):
    """The median and, in brackets, the quartiles: the half of the rounds that lies between them."""
    if len(values) < 2:
        return number(middle(values), 2)
    low, _, high = statistics.quantiles(values, n=4, method="inclusive")
    return f"{middle(values):.2f} ({low:.2f}–{high:.2f})"


def number(value, digits=0):
    return "–" if value is None else f"{value:,.{digits}f}"


def short(value):
    """A ratio in the manner of .97, with two digits up to ten."""
    if value is None:
        return "–"
    return f"{value:.2f}".removeprefix("0") if value < 9.995 else f"{value:.0f}"


def public(thread):
    """A thread's name without the directory that some carry."""
    return thread.split("-/")[0]


class Report:
    """results: {"machine", "rounds", "seconds", "workloads", "rows": [{"name", "role", "reason", "targets", "beside", "runs": {workload: [...]}, …}]}"""

    def __init__(self, results):
        self.results = results
        self.rows = [row for row in results["rows"] if not row.get("reason")]
        self.left_out = [row for row in results["rows"] if row.get("reason")]
        self.workloads = [name for name in WORKLOADS if name in results["workloads"]]
        self.figures = {}
        for row in self.rows:
            for workload in self.workloads:
                runs = [run for run in row["runs"].get(workload, []) if not run["errors"]]
                self.figures[row["name"], workload] = medians(runs)

    def of_role(self, role):
        return [row for row in self.rows if row["role"] == role]

    def rounds(self, row, workload):
        """([rates], [CPU per reply]), each round's relative to the reference in the same round."""
        reference = next(iter(self.of_role("reference")), {"runs": {}})
        runs = row["runs"].get(workload, []), reference["runs"].get(workload, [])
        return ratios(*runs, "ops_per_s"), ratios(*runs, "server_cpu_us_per_op")

    def relative(self, row, workload):
        """(rate, CPU per reply), the medians of these; None where not measured."""
        rates, cpu = self.rounds(row, workload)
        return middle(rates), middle(cpu)

    def targets(self):
        """[(text, figure, met)]; met is None where it could not be measured."""
        found = []
        product = next(iter(self.of_role("product")), None)
        if product is not None:
            for workload in self.workloads:
                title, _, least, most = WORKLOADS[workload]
                rate, cpu = self.relative(product, workload)
                found.append(target(f"{title}: rate at least {least:.2f} of C's", rate, least, True))
                found.append(target(f"{title}: CPU per reply at most {most:.2f} of C's", cpu, most, False))
                for rival in self.of_role("rival"):
                    runs = product["runs"].get(workload, []), rival["runs"].get(workload, [])
                    lead = middle(ratios(*runs, "ops_per_s"))
                    text = f"{title}: faster than {rival['name'].split(',')[0]}"
                    found.append((text, lead, None if lead is None else lead > 1.0))
            heap = (product.get("memory") or {}).get("heap_kib_per_connection")
            found.append(target(f"heap per idle connection at most {HEAP_PER_CONNECTION:.0f} KiB", heap, HEAP_PER_CONNECTION, False))
            idle = (product.get("idle") or {}).get("loop_seconds")
            found.append(target("event loops of an idle container use no CPU (seconds used)", idle, IDLE_LOOP_SECONDS, False))
        for row in self.rows:
            for workload, least in (row.get("targets") or {}).items():
                if workload in self.workloads:
                    text = f"{WORKLOADS[workload][0]} {row['name'].strip('— ')}: rate at least {least:.2f} of C's"
                    found.append(target(text, self.relative(row, workload)[0], least, True))
                    if row.get("beside"):
                        text = f"{WORKLOADS[workload][0]} {row['name'].strip('— ')}: rate at least {SAME_WORK:.2f} of “{row['beside']}”"
                        found.append(target(text, self.beside(row, workload)[0], SAME_WORK, True))
        return found

    def beside(self, row, workload):
        """(rate, CPU per reply) relative to the C server that does the same work for the row; None where not measured."""
        counterpart = next((other for other in self.rows if other["name"] == row.get("beside")), {"runs": {}})
        runs = row["runs"].get(workload, []), counterpart["runs"].get(workload, [])
        return middle(ratios(*runs, "ops_per_s")), middle(ratios(*runs, "server_cpu_us_per_op"))

    def facts(self):
        """What optional facts cost, beside C servers that read the same. None where none of them was measured."""
        compared = [row for row in self.rows if row.get("beside")]
        counterparts = {row["name"]: row for row in self.of_role("counterpart")}
        lines = [
            f"Churn, 64 at a time: rate, and in brackets CPU time per reply; medians of {self.results['rounds']} interleaved rounds of"
            f" {self.results['seconds']:g} s, each beside the others of the same round; {self.results['machine']}.",
            "",
            "| product | to plain C | to C with the same facts | that C to plain C |",
            "|---|---|---|---|",
        ]
        measured = False
        for row in compared:
            own, other = self.relative(row, "churn"), self.beside(row, "churn")
            counterpart = counterparts.get(row["beside"])
            costs = self.relative(counterpart, "churn") if counterpart else (None, None)
            measured = measured or own[0] is not None
            cells = " | ".join(f"{short(rate)} [{short(cpu)}]" for rate, cpu in (own, other, costs))
            lines.append(f"| {row['name'].strip('— ')} | {cells} |")
        return "\n".join(lines) + "\n" if measured else None

    def cell(self, row, workload):
        runs = row["runs"].get(workload, [])
        if any(run["errors"] for run in runs) and not self.figures[row["name"], workload]:
            return "failed"
        rate, cpu = self.relative(row, workload)
        if rate is None:
            return ""
        text = f"{short(rate)} [{short(cpu)}]"
        if row["role"] == "product":
            _, _, least, most = WORKLOADS[workload]
            text += " ✓" if reached(rate, least, True) and reached(cpu, most, False) else " ✗"
        if any(run.get("disturbed") for run in runs):
            text += " *"
        return text

    def summary(self):
        """The small table: the product beside its rivals, in few workloads. None where one of these was not measured."""
        rows = self.of_role("product") + self.of_role("rival")
        if not self.of_role("product") or not set(SUMMARY) <= set(self.workloads):
            return None
        lines = [
            f"Replies a second relative to a server in C that does the same work; medians of {self.results['rounds']} rounds; {self.results['machine']}.",
            "",
            "| | " + " | ".join(row["name"] for row in rows) + " |",
            "|---|" + "--:|" * len(rows),
        ]
        for workload in SUMMARY:
            rates = [short(self.relative(row, workload)[0]) for row in rows]
            lines.append(f"| {WORKLOADS[workload][0]} | " + " | ".join(rates) + " |")
        return "\n".join(lines) + "\n"

    def ratios(self):
        """The one table: each row relative to the reference."""
        lines = [
            "Rate relative to the C server, and in brackets the server's CPU time per reply relative to C's.",
            f"Each round is compared with the C server in the same round; medians of {self.results['rounds']} interleaved rounds of"
            f" {self.results['seconds']:g} s, a third of them for rows without a verdict; {self.results['machine']}.",
            "✓ and ✗: both targets of the row are met, or not.",
            "",
            "| server | " + " | ".join(WORKLOADS[w][0] for w in self.workloads) + " |",
            "|---|" + "---|" * len(self.workloads),
        ]
        for row in self.rows:
            lines.append(f"| {row['name']} | " + " | ".join(self.cell(row, w) for w in self.workloads) + " |")
        shared = [f"{row['name']} ({row['processes']})" for row in self.rows if row.get("processes", 1) > 1]
        lines += ["", f"Several processes took turns at the rounds of: {', '.join(shared)}."] if shared else []
        lines += [""] + [f"Left out: {row['name']}, {row['reason']}." for row in self.left_out]
        if any(run.get("disturbed") for row in self.rows for runs in row["runs"].values() for run in runs):
            lines.append("\\* other processes took more than a tenth of a core in at least one of its rounds, also when repeated.")
        return "\n".join(lines).rstrip() + "\n"

    def details(self):
        """The ratios with their spread and the medians of the figures behind them, memory, idleness, and what was met."""
        lines = []
        for workload in self.workloads:
            lines += [f"**{WORKLOADS[workload][0]}**", ""]
            lines.append("| server | rate to C's (quartiles) | CPU to C's (quartiles) | replies/s | CPU µs per reply | p50 µs | p99 µs | p99.9 µs | RSS MiB | PSS MiB |")
            lines.append("|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|")
            for row in self.rows:
                own = self.figures[row["name"], workload]
                if not own:
                    continue
                memory = [number(own[key] / 1024, 1) if key in own else "–" for key in ("server_rss_kib", "server_pss_kib")]
                times = [number(own.get(key), 1) for key in ("p50_us", "p99_us", "p999_us")]
                rates, cpu = self.rounds(row, workload)
                cells = [spread(rates), spread(cpu), number(own.get("ops_per_s")), number(own.get("server_cpu_us_per_op"), 3), *times, *memory]
                lines.append(f"| {row['name']} | " + " | ".join(cells) + " |")
            lines.append("")
        lines += self.rest_of_product()
        targets = self.targets()
        lines += ["| target | measured | met |", "|---|--:|---|"] if targets else []
        for text, figure, met in targets:
            word = "not measured" if met is None else "yes" if met else "**no**"
            lines.append(f"| {text} | {number(figure, 3)} | {word} |")
        return "\n".join(lines).rstrip() + "\n"

    def rest_of_product(self):
        lines = []
        for row in self.rows:
            memory, idle = row.get("memory"), row.get("idle")
            if memory:
                lines.append(
                    f"{row['name']}, {memory['connections']:,} idle connections: "
                    f"heap {number(memory['heap_kib_per_connection'], 2)} KiB and "
                    f"native memory (heap and kernel apart) {number(memory['native_kib_per_connection'], 2)} KiB each, the greatest of three differences."
                )
            if idle:
                busiest = ", ".join(f"{public(name)} {1000 * used:.0f} ms" for name, used in idle["busiest"])
                lines.append(
                    f"{row['name']}, idle for {idle['seconds']:.0f} s: {1000 * idle['cpu_seconds']:.0f} ms of CPU time"
                    f" ({100 * idle['cpu_seconds'] / idle['seconds']:.2f} % of a core), of it the event loops"
                    f" {number(None if idle['loop_seconds'] is None else 1000 * idle['loop_seconds'], 1)} ms. Busiest threads: {busiest or 'none'}."
                )
        return lines + [""] if lines else []


def reached(figure, bound, at_least):
    """Exactly, not as it is shown: a rate of .949 reads .95 and is not .95."""
    if figure is None:
        return None
    return figure >= bound if at_least else figure <= bound


def target(text, figure, bound, at_least):
    return text, figure, reached(figure, bound, at_least)


def insert(text, name, body):
    """Replaces what stands between the markers of that name; None where the text has no such markers."""
    begin, end = f"<!-- benchmark:{name} -->", f"<!-- /benchmark:{name} -->"
    head, found, rest = text.partition(begin)
    _, closed, tail = rest.partition(end)
    if not found or not closed:
        return None
    return f"{head}{begin}\n{body}{end}{tail}"


def insert_into(path, name, body):
    """The same in a file that has these markers."""
    with open(path, encoding="utf-8") as file:
        changed = insert(file.read(), name, body)
    with open(path, "w", encoding="utf-8") as file:
        file.write(changed)
