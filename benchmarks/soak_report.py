# Licensed under the Apache License, Version 2.0; see the file LICENSE.
# SPDX-License-Identifier: Apache-2.0
"""What soak.py makes of its samples: slopes, a verdict, and a picture."""

import dataclasses
import statistics

WARMUP_SHARE = 1 / 3  # compilers and caches fill up for a while
STEP = 120  # samples that slopes are taken of at most: all pairs of them
WIDTH, HEIGHT, MARGIN = 720, 120, 34


@dataclasses.dataclass(frozen=True)
class Sample:
    """Seconds since the load began; resident MiB, threads and open descriptors of the server."""

    seconds: float
    memory: float
    threads: int
    descriptors: int


# name of the field, text, unit, what more after an hour is no slope but the noise of a machine at work
SERIES = (("memory", "resident memory", "MiB", 8.0), ("threads", "threads", "", 2.0), ("descriptors", "descriptors", "", 6.0))


def settled(samples):
    """Those after the warm-up."""
    end = samples[-1].seconds
    return [sample for sample in samples if sample.seconds >= end * WARMUP_SHARE]


def slope(samples, field):
    """More of it in an hour, by the median of the slopes between all pairs (Theil and Sen): one peak does not bend it."""
    kept = settled(samples)
    kept = kept[:: max(1, len(kept) // STEP)]
    slopes = [
        (getattr(later, field) - getattr(sooner, field)) / (later.seconds - sooner.seconds) * 3600
        for place, sooner in enumerate(kept)
        for later in kept[place + 1 :]
    ]
    return statistics.median(slopes)


def verdicts(samples):
    """[(text, first, last, slope, allowed, holds)], first and last being medians of the settled samples' first and last tenth."""
    kept = settled(samples)
    tenth = max(1, len(kept) // 10)
    rows = []
    for field, text, unit, allowed in SERIES:
        values = [getattr(sample, field) for sample in kept]
        rise = slope(samples, field)
        rows.append((f"{text}{', ' + unit if unit else ''}", statistics.median(values[:tenth]), statistics.median(values[-tenth:]), rise, allowed, rise <= allowed))
    return rows


def table(samples, done):
    """done: {what: how many times}"""
    lines = ["| of the server | after the warm-up | at the end | more in an hour | allowed | holds |", "|---|---:|---:|---:|---:|---|"]
    for text, first, last, rise, allowed, holds in verdicts(samples):
        lines.append(f"| {text} | {first:,.0f} | {last:,.0f} | {rise:+.1f} | {allowed:g} | {'yes' if holds else '**no**'} |")
    told = ", ".join(f"{count:,} {what}" for what, count in done.items())
    return "\n".join(lines) + f"\n\nIn {samples[-1].seconds / 60:.0f} minutes: {told}."


def picture(samples):
    """An SVG document, one graph below the other, readable on light and dark ground."""
    parts = []
    for place, (field, text, unit, _) in enumerate(SERIES):
        parts.append(graph(samples, field, f"{text}{', ' + unit if unit else ''}", place * (HEIGHT + MARGIN) + MARGIN))
    height = len(SERIES) * (HEIGHT + MARGIN) + MARGIN
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" font-family="sans-serif" font-size="12" fill="#808080">'
        f"<title>Memory, threads and descriptors while everything is on</title>{''.join(parts)}</svg>\n"
    )


def graph(samples, field, text, top):
    values = [getattr(sample, field) for sample in samples]
    most, end = max(values) * 1.1, samples[-1].seconds
    points = " ".join(f"{sample.seconds / end * WIDTH:.1f},{top + HEIGHT - value / most * HEIGHT:.1f}" for sample, value in zip(samples, values))
    return (
        f'<text x="0" y="{top - 6}">{text}: {min(values):,.0f} to {max(values):,.0f}, in {end / 60:.0f} minutes</text>'
        f'<path d="M0 {top}V{top + HEIGHT}H{WIDTH}" fill="none" stroke="#808080"/>'
        f'<polyline points="{points}" fill="none" stroke="#1f77d0" stroke-width="1.5"/>'
    )
