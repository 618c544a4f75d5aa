# Licensed under the Apache License, Version 2.0; see the file LICENSE.
# SPDX-License-Identifier: Apache-2.0
"""A hundred listeners in one container: they come, serve, and go, by files in etc/ alone."""

import contextlib
import os
import random
import time

import bench
import scale_config_report
import scale_connections
import scale_container

LISTENERS = 100
FORGOTTEN_SECONDS = 40  # a listener that waits for a service looks after 30 s whether it came, and is known for as long
LINES = 50  # of each listener, different in every byte from those of the others


def names(count, word):
    return [f"{word}{number}" for number in range(count)]


def files(of):
    return [f"org.peercred.listener-{name}.cfg" for name in of]


@contextlib.contextmanager
def open_listeners(server, of, seconds=scale_container.PATIENCE):
    """Echo listeners of these names, for everyone to connect to. Yields {name: path} and how long it took; None where they did not all come."""
    paths = {name: os.path.join(server.places["sockets"], f"{name}.sock") for name in of}
    limits = {"max.connections": "20000", "max.connections.per.uid": "20000"}
    try:
        for name, file in zip(of, files(of)):
            scale_container.write_etc(server, file, {"path": paths[name], "mode": "0666", **limits})
        yield paths, scale_container.until(lambda: set(paths.values()) <= scale_container.listening(), seconds)
    finally:
        scale_container.remove_etc(server, files(of))


def lines_of(name):
    """Lines of every length and byte, the same each time for the same name."""
    source = random.Random(name)
    return b"".join(bytes(source.choice(b"abcdefgh \t\x80\xff\x00") for _ in range(source.randint(0, 200))) + b"\n" for _ in range(LINES))


def wrong_echoes(paths):
    """The names of those that did not send back each byte as they must."""
    wrong = []
    for name, path in paths.items():
        sent = lines_of(name)
        if scale_container.converse(path, sent) != b"".join(b"> " + line + b"\n" for line in sent.split(b"\n")[:-1]):
            wrong.append(name)
    return wrong


def left_of(paths):
    """Which of them are files still, or sockets that the kernel knows."""
    return [path for path in paths if os.path.exists(path)] + sorted(set(paths) & scale_container.listening())


def check(options, server):
    # once before, so that what the first ones load and compile is not counted as theirs
    with open_listeners(server, names(LISTENERS, "first")) as (paths, _):
        wrong_echoes(paths)
    time.sleep(FORGOTTEN_SECONDS)
    of = names(LISTENERS, "many")
    before = scale_connections.state(server)
    with open_listeners(server, of) as (paths, seconds):
        bench.say(f"  {LISTENERS} listening after {seconds and round(seconds, 2)} s")
        wrong = wrong_echoes(paths)
        during = scale_connections.state(server)
    scale_container.until(lambda: not left_of(paths.values()))
    left = left_of(paths.values())
    time.sleep(FORGOTTEN_SECONDS)
    return scale_config_report.listeners_check(LISTENERS, seconds, wrong, before, during, left, scale_connections.state(server))
