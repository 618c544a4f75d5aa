# Licensed under the Apache License, Version 2.0; see the file LICENSE.
# SPDX-License-Identifier: Apache-2.0
"""What soak.py has clients and operators do, each in a thread of its own, until it is told to stop."""

import json
import os
import socket
import subprocess
import threading

LOADGEN_SECONDS = 10
PATIENCE = 60
CHANGED = "uid-soak"  # the policy that changes


class Load(threading.Thread):
    """Repeats a step; ends at the first that goes wrong, and keeps what was wrong."""

    def __init__(self, what, stop, step, pause=0):
        """step: returns how many times it did what it does; raises Wrong or OSError."""
        super().__init__(name=what)
        self.what, self.stop, self.step, self.pause = what, stop, step, pause
        self.done, self.wrong = 0, None

    def run(self):
        try:
            while not self.stop.wait(self.pause):
                self.done += self.step(self.done)
        except (OSError, subprocess.SubprocessError, Wrong) as e:
            self.wrong = f"{self.what}: {e}"
            self.stop.set()


class Wrong(Exception):
    """Somebody was answered otherwise than has to be."""


def all_of(container, loadgen, stop):
    def talk(mode, connections):
        command = [loadgen, "--socket", container.socket, "--mode", mode, "--connections", str(connections), "--duration", str(LOADGEN_SECONDS)]
        done = subprocess.run(command, capture_output=True, text=True, timeout=LOADGEN_SECONDS + PATIENCE, check=False)
        run = json.loads(done.stdout) if done.stdout else {"errors": 1, "first_error": done.stderr}
        if run["errors"]:
            raise Wrong(run["first_error"])
        return run["ops"]

    def command(number):
        reply = ask(container.path("data/command.sock"), "whoami")
        if not reply.endswith("ok\n"):
            raise Wrong(repr(reply))
        return 1

    def console(number):
        reply = ask(container.path("data/console.sock"), "peercred:stats")
        if "echo" not in reply:
            raise Wrong(repr(reply))
        return 1

    def change(number):
        name = container.path(f"etc/org.peercred.policy.{CHANGED}.cfg")
        with open(name + ".new", "w", encoding="utf-8") as file:
            file.write(f"allow = {1 + number % 2}\n")
        os.replace(name + ".new", name)
        return 1

    def restart(number):
        reply = ask(container.path("data/console.sock"), "bundle:restart org.peercred.board")
        if reply != "ok\n":
            raise Wrong(repr(reply))
        return 1

    return [
        Load("connections that came and went", stop, lambda number: talk("churn", 5)),
        Load("lines answered", stop, lambda number: talk("pingpong", 32)),
        Load("commands", stop, command, 0.05),
        Load("console sessions", stop, console, 0.5),
        Load("changes of a policy's file", stop, change, 1),
        Load("restarts of a bundle", stop, restart, 10),
    ]


def ask(path, line):
    """What comes back for one line until the other side ends."""
    with socket.socket(socket.AF_UNIX) as client:
        client.settimeout(PATIENCE)
        client.connect(path)
        client.sendall(line.encode() + b"\n")
        client.shutdown(socket.SHUT_WR)
        parts = []
        while part := client.recv(65536):
            parts.append(part)
    return b"".join(parts).decode(errors="replace")
