# Licensed under the Apache License, Version 2.0; see the file LICENSE.
# SPDX-License-Identifier: Apache-2.0
"""The container that scale.py measures, as those see it who configure and watch it: files in etc/, the console's socket, JMX, other users."""

import json
import os
import re
import socket
import subprocess
import sys
import time

import bench
import bench_machine
from bench_servers import Unavailable, free_ports

PATIENCE = 60  # seconds for anything that must come
REFUSAL = b"Unauthorized access\n"


class Console:
    """One connection in line mode: a command a line, its output, and ok or error: REASON at the end."""

    def __init__(self, server):
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.settimeout(PATIENCE)
        self.socket.connect(os.path.join(server.places["karaf"], "data", "console.sock"))
        self.lines = self.socket.makefile("rb")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.lines.close()
        self.socket.close()

    def run(self, command):
        """The command's output. Raises Unavailable where it fails."""
        self.socket.sendall(command.encode() + b"\n")
        output = []
        while True:
            line = self.lines.readline().decode()
            if line == "ok\n":
                return "".join(output)
            if not line or line.startswith("error: "):
                raise Unavailable(f"the console says of {command[:100]}: {line.strip() or 'nothing more'}")
            output.append(line)

    def statistics(self):
        """What peercred:stats tells, with the counts of policies and the generation of decisions."""
        return json.loads(self.run("peercred:stats -o json"))


MANAGEMENT = "org.apache.karaf.management.cfg"


def install_management(server):
    """Karaf's feature that makes beans of what the listeners show, on ports that are free."""
    registry, rmi = free_ports(2)
    address = f"service:jmx:rmi://127.0.0.1:{rmi}/jndi/rmi://127.0.0.1:{registry}/karaf-root"
    ports = {"rmiRegistryHost": "127.0.0.1", "rmiRegistryPort": registry, "rmiServerHost": "127.0.0.1", "rmiServerPort": rmi, "serviceUrl": address}
    if not os.path.exists(etc(server, MANAGEMENT)):
        write_etc(server, MANAGEMENT, ports)
        with Console(server) as console:
            console.run("feature:install management")


class Management:
    """The container by JMX: how long its listeners' answers took, and configurations that have no file."""

    def __init__(self, server):
        self.process = None
        install_management(server)
        try:
            for command in ("ManagementAgent.start_local", "ManagementAgent.status"):
                told = subprocess.run(["jcmd", str(server.pid), command], capture_output=True, text=True, timeout=PATIENCE, check=True).stdout
        except (OSError, subprocess.SubprocessError) as e:
            raise Unavailable(f"the JVM's management agent cannot be started: {e}") from e
        address = re.search(r"^URL\s*:\s*(service:jmx:\S+)", told, re.MULTILINE)
        if address is None:
            raise Unavailable("the JVM's management agent tells no address")
        program = os.path.join(bench.HERE, "management", "Management.java")
        command = ["java", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", program, address.group(1)]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        if self.process.stdout.readline() != "connected\n":
            raise Unavailable("the container cannot be reached by JMX")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.stdin.close()
        self.process.stdout.close()
        bench_machine.end(self.process)

    def ask(self, command):
        """The answer, one line. Raises Unavailable where there is none."""
        self.process.stdin.write(command + "\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        if not line:
            raise Unavailable(f"JMX does not answer: {command[:100]}")
        return line.strip()

    def latencies(self, listener):
        """{"p50_us", "p99_us", "p999_us", "max_us"} since the listener was started, by the server's clock, from the event loop's waking to the write;
        one answer in 16 counts."""
        return json.loads(self.ask(f"latencies {listener}"))


def etc(server, name):
    return os.path.join(server.places["karaf"], "etc", name)


def write_etc(server, name, values):
    """Puts a file into etc/, or another in its place, whole at once."""
    path = etc(server, name)
    with open(path + ".new", "w", encoding="utf-8") as file:
        file.writelines(f"{key} = {value}\n" for key, value in values.items())
    os.replace(path + ".new", path)


def remove_etc(server, names):
    for name in names:
        if os.path.exists(etc(server, name)):
            os.unlink(etc(server, name))


def until(true, seconds=PATIENCE, pause=0.02):
    """Seconds until the function returns something true; None where it did not in so many."""
    begin = time.monotonic()
    while not true():
        if time.monotonic() - begin > seconds:
            return None
        time.sleep(pause)
    return time.monotonic() - begin


def until_still(server, seconds=PATIENCE, share=0.1):
    """Waits, for so many seconds at most, until the server takes less than this share of a core: configurations are looked at again for a while."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        begin, used = time.monotonic(), bench_machine.cpu_seconds(server.pid)
        time.sleep(2)
        if bench_machine.cpu_seconds(server.pid) - used < share * (time.monotonic() - begin):
            return


def listening():
    """The paths of all sockets that somebody listens on."""
    found = set()
    for line in bench_machine.read("/proc/net/unix").splitlines()[1:]:
        fields = line.split(maxsplit=7)
        if len(fields) == 8 and int(fields[3], 16) & bench_machine.LISTENING:
            found.add(fields[7])
    return found


def converse(path, data):
    """All that comes back for the bytes until the other side ends; b"" where there is no connection."""
    try:
        with socket.socket(socket.AF_UNIX) as client:
            client.settimeout(PATIENCE)
            client.connect(path)
            client.sendall(data)
            client.shutdown(socket.SHUT_WR)
            parts = []
            while part := client.recv(65536):
                parts.append(part)
            return b"".join(parts)
    except OSError:
        return b""


AS_USER = """
import os, sys
sys.path.insert(0, sys.argv[1])
uid, gid, path, data = int(sys.argv[2]), int(sys.argv[3]), sys.argv[4], sys.argv[5]
import scale_container
os.setgroups([])
os.setgid(gid)
os.setuid(uid)
print(os.getpid(), flush=True)
sys.stdin.readline()
sys.stdout.buffer.write(scale_container.converse(path, data.encode()))
"""


class Person:
    """A process of another user, who says one thing when he is told to. Needs root."""

    def __init__(self, uid, gid, path, data="hello\n"):
        command = [sys.executable, "-c", AS_USER, bench.HERE, str(uid), str(gid), path, data]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.pid = int(self.process.stdout.readline() or 0)

    def answer(self):
        """What he is told, all of it."""
        return self.process.communicate(b"\n", timeout=2 * PATIENCE)[0]


def answer_to(uid, path, data="hello\n"):
    """What a user of this number, in the group of the same number, is told."""
    return Person(uid, uid, path, data).answer()
