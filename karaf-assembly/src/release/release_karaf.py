# Licensed under the Apache License, Version 2.0; see the file LICENSE.
# SPDX-License-Identifier: Apache-2.0
"""A Karaf that is unpacked, configured, started, typed into and stopped as an operator does it."""

import os
import re
import shutil
import socket
import subprocess
import tempfile
import time

LIMIT = 180  # seconds for one command, a start included
LOOK = 0.2  # seconds from one look to the next
USER = "dry-run"


class Failure(Exception):
    """What did not work, in a sentence."""


def free_ports(count):
    """Ports that were free a moment ago, all different."""
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    try:
        return [s.getsockname()[1] for s in sockets]
    finally:
        for s in sockets:
            s.close()


class Karaf:
    """In a directory of its own, with a socket of its own for the echo service; one process at a time."""

    def __init__(self, directory, archive):
        self.home, self.socket = os.path.join(directory, "karaf"), os.path.join(directory, "echo.sock")
        self.process, self.ssh = None, None
        self.unpack(archive)

    def unpack(self, archive):
        os.makedirs(self.home)
        subprocess.run(["tar", "-xzf", archive, "-C", self.home, "--strip-components=1"], check=True, timeout=LIMIT)

    def path(self, name):
        return os.path.join(self.home, name)

    def read(self, name):
        with open(self.path(name), encoding="utf-8") as file:
            return file.read()

    def write(self, name, content):
        """By a new file that takes the other's place, so that nobody reads half of it."""
        handle, new = tempfile.mkstemp(dir=os.path.dirname(self.home))
        with open(handle, "w", encoding="utf-8") as file:
            file.write(content)
        os.replace(new, self.path(name))

    def set(self, name, **values):
        """Gives keys of a configuration file, which have to be there, other values."""
        content = self.read(name)
        for key, value in values.items():
            content, count = re.subn(rf"^#?{re.escape(key)} *=(.*\\\n)*.*", lambda _, line=f"{key} = {value}": line, content, flags=re.MULTILINE)
            if count != 1:
                raise Failure(f"{name} sets {key} {count} times.")
        self.write(name, content)

    def put_before(self, name, key, values):
        """Puts values before the others of a list that a configuration file has."""
        content, count = re.subn(rf"^{re.escape(key)} *= *", lambda _: f"{key} = {', '.join(values)}, ", self.read(name), flags=re.MULTILINE)
        if count != 1:
            raise Failure(f"{name} sets {key} {count} times.")
        self.write(name, content)

    def be_stock(self, repositories, local):
        """Ports that are free, a user for bin/client, Maven repositories before Karaf's own, and a demonstration on a socket of its own."""
        registry, server, self.ssh = free_ports(3)
        self.set("etc/org.apache.karaf.management.cfg", rmiRegistryPort=registry, rmiServerPort=server)
        self.set("etc/org.apache.karaf.shell.cfg", sshPort=self.ssh, sshHost="127.0.0.1")
        self.write("etc/users.properties", f"{USER} = {USER},admin,manager,viewer,systembundles,ssh\n")
        self.put_before("etc/org.ops4j.pax.url.mvn.cfg", "org.ops4j.pax.url.mvn.repositories", repositories)
        self.set("etc/org.ops4j.pax.url.mvn.cfg", **{"org.ops4j.pax.url.mvn.localRepository": local})
        self.write("etc/org.peercred.listener-echo.cfg", f"path = {self.socket}\nrequired.policies = owner, superuser\n")

    def start(self):
        environment = {key: value for key, value in os.environ.items() if not key.startswith("KARAF_")}
        with open(self.home + ".txt", "a", encoding="utf-8") as terminal:
            self.process = subprocess.Popen(
                [self.path("bin/karaf"), "daemon"], stdin=subprocess.DEVNULL, stdout=terminal, stderr=terminal, env=environment
            )

    def stop(self):
        if self.process is None:
            return
        self.process.terminate()
        try:
            self.process.wait(LIMIT)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait(LIMIT)
        self.process = None

    def types(self, command):
        """What a command prints in the console over SSH; fails with it."""
        words = [self.path("bin/client"), "-h", "127.0.0.1", "-a", str(self.ssh), "-u", USER, "-p", USER, command]
        with tempfile.TemporaryFile("w+", encoding="utf-8") as output:
            # It ends with its input, before it has printed all: that stays open.
            with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=output, stderr=output) as client:
                try:
                    status = client.wait(LIMIT)
                finally:
                    client.kill()
            output.seek(0)
            printed = output.read()
        if status != 0:
            raise Failure(f"{command} fails: {printed.strip()}")
        return printed

    def await_console(self):
        self.until(lambda: "ready" in self.tries("echo ready"), "The console does not answer.")

    def tries(self, command):
        try:
            return self.types(command)
        except Failure:
            return ""

    def await_echo(self, prefix="> "):
        self.until(lambda: self.hears("hello") == f"{prefix}hello\n", f"No echo with the prefix {prefix!r}.")

    def await_silence(self):
        self.until(lambda: self.hears("hello") is None, "Somebody still listens.")

    def until(self, condition, otherwise):
        deadline = time.monotonic() + LIMIT
        while not condition():
            if self.process.poll() is not None:
                raise Failure(f"Karaf has ended with status {self.process.returncode}.")
            if time.monotonic() > deadline:
                raise Failure(f"{otherwise} Its log ends with:\n{self.read('data/log/karaf.log')[-3000:]}")
            time.sleep(LOOK)

    def hears(self, line):
        """All that comes back; None where nobody listens."""
        with socket.socket(socket.AF_UNIX) as client:
            client.settimeout(LIMIT)
            try:
                client.connect(self.socket)
                client.sendall(line.encode() + b"\n")
                client.shutdown(socket.SHUT_WR)
            except (FileNotFoundError, ConnectionRefusedError, BrokenPipeError):
                return None
            with client.makefile("r", encoding="utf-8") as replies:
                return replies.read()

    def versions(self):
        """The versions of the bundles of ours that run."""
        lines = self.types("bundle:list -t 0 --no-format").splitlines()
        return {line.split("\t")[3].strip() for line in lines if "Peercred" in line or "org.peercred" in line}

    def remove(self):
        self.stop()
        shutil.rmtree(os.path.dirname(self.home))
