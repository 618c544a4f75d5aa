# Licensed under the Apache License, Version 2.0; see the file LICENSE.
# SPDX-License-Identifier: Apache-2.0
"""A Karaf that boot.py starts and stops, in a directory of its own."""

import glob
import os
import shutil
import socket
import time

import bench_machine
import bench_servers
import boot_report
import karaf_home

START_SECONDS = 180
SETTLED_SECONDS = 3
LOOK_SECONDS = 0.005
WORD = b"hello"


class Container(karaf_home.Home):
    """With its echo service on a socket beside it."""

    def __init__(self, directory, archive):
        super().__init__(os.path.join(directory, "karaf"), archive)
        self.socket = os.path.join(directory, "echo.sock")
        if os.path.exists(self.path("etc/org.peercred.listener-echo.cfg")):
            self.set("org.peercred.listener-echo.cfg", {"path": self.socket})

    def install_from(self, assembly):
        """Has this stock Karaf boot with the feature of an assembly, whose bundles it takes, on ports that are free."""
        shutil.copytree(assembly.path("system"), self.path("system"), dirs_exist_ok=True)
        for file in glob.glob(assembly.path("etc/org.peercred.*")):
            shutil.copy(file, self.path("etc"))
        self.set("org.peercred.listener-echo.cfg", {"path": self.socket})
        registry, server, ssh = bench_servers.free_ports(3)
        self.set("org.apache.karaf.management.cfg", {"rmiRegistryPort": registry, "rmiServerPort": server})
        self.set("org.apache.karaf.shell.cfg", {"sshPort": ssh})
        features = glob.glob(assembly.path("system/org/peercred/peercred-features/*/*-features.xml"))
        if len(features) != 1:
            raise SystemExit("boot.py: the assembly has no features of Peercred, or several")
        version = os.path.basename(os.path.dirname(features[0]))
        self.add("featuresRepositories", f"mvn:org.peercred/peercred-features/{version}/xml/features")
        # What is wrapped cannot be resolved before wrap runs.
        self.add("featuresBoot", "(wrap), peercred")

    def add(self, key, value):
        """Puts a value before the others of a list in the file that says what is installed."""
        name = self.path("etc/org.apache.karaf.features.cfg")
        before, begin = bench_machine.read(name), f"\n{key} = "
        if before.count(begin) != 1:
            raise SystemExit(f"boot.py: {name} does not set {key} once")
        with open(name, "w", encoding="utf-8") as file:
            file.write(before.replace(begin, f"{begin}{value}, "))

    def empty(self):
        """The next boot is a first one."""
        shutil.rmtree(self.path("data"), ignore_errors=True)

    def start(self):
        """Starts it, and waits for its first reply; returns the seconds that took. Whoever calls this stops it."""
        if os.path.exists(self.socket):
            os.unlink(self.socket)
        begin = time.monotonic()
        self.launch(self.path("terminal.txt"))
        while not echoes(self.socket):
            if self.process.poll() is not None or time.monotonic() - begin > START_SECONDS:
                raise SystemExit(f"{self.home} does not answer:\n{bench_machine.read(self.path('terminal.txt'))[-2000:]}")
            time.sleep(LOOK_SECONDS)
        return time.monotonic() - begin

    def boot(self, settle=True):
        """Starts it, waits for its first reply, and stops it."""
        try:
            seconds = self.start()
            boot = boot_report.Boot(seconds, cpu_seconds(self.process.pid))
            return self.with_memory(boot) if settle else boot
        finally:
            self.stop()

    def with_memory(self, boot):
        time.sleep(SETTLED_SECONDS)
        kinds = boot_report.parts(bench_machine.read(f"/proc/{self.process.pid}/smaps"))
        return boot_report.Boot(boot.seconds, boot.cpu_seconds, sum(kinds.values()), bench_machine.memory_kib(self.process.pid), kinds)


def cpu_seconds(pid):
    """Of the process, and of those that it has started and waited for, as the scripts do before they become Java."""
    fields = bench_machine.read(f"/proc/{pid}/stat").rpartition(")")[2].split()
    return sum(int(field) for field in fields[11:15]) / bench_machine.TICK


def echoes(path):
    """Whether somebody at the socket sends a line back. What turns the caller away is no echo."""
    with socket.socket(socket.AF_UNIX) as client:
        client.settimeout(10)
        reply = b""
        try:
            client.connect(path)
            client.sendall(WORD + b"\n")
            while not reply.endswith(b"\n"):
                part = client.recv(1024)
                if not part:
                    return False
                reply += part
        except OSError:
            return False
    return reply == b"> " + WORD + b"\n"
