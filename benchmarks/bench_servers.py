# Licensed under the Apache License, Version 2.0; see the file LICENSE.
# SPDX-License-Identifier: Apache-2.0
"""Builds, starts and stops the servers that are compared."""

import glob
import os
import shutil
import signal
import socket
import subprocess
import tarfile
import time

import bench_machine

START_TIMEOUT = 180
STOP_TIMEOUT = 40
BUILD_TIMEOUT = 900


class Unavailable(Exception):
    """A row cannot be measured on this machine; the text says why."""


def fill(value, places):
    """Replaces {name} in all strings of a value."""
    if isinstance(value, str):
        for name, text in places.items():
            value = value.replace("{" + name + "}", text)
        return value
    if isinstance(value, list):
        return [fill(item, places) for item in value]
    if isinstance(value, dict):
        return {key: fill(item, places) for key, item in value.items()}
    return value


def run_build(command, done):
    """Runs a build step once, however many rows ask for it."""
    if tuple(command) in done:
        return
    try:
        result = subprocess.run(command, capture_output=True, text=True, timeout=BUILD_TIMEOUT, check=False, stdin=subprocess.DEVNULL)
    except (OSError, subprocess.SubprocessError) as e:
        raise Unavailable(str(e)) from e
    if result.returncode != 0:
        lines = [line for line in (result.stdout + result.stderr).splitlines() if line.strip()]
        raise Unavailable(f"{' '.join(command[:2])} failed: {lines[0] if lines else result.returncode}")
    done.add(tuple(command))


def set_properties(path, values):
    """Sets keys of a Karaf configuration file; a value that is None removes its key."""
    kept, continued = [], False
    for line in bench_machine.read(path).splitlines():
        ours = continued or line.split("=", 1)[0].strip() in values
        continued = ours and line.endswith("\\")
        if not ours:
            kept.append(line)
    kept += [f"{key} = {value}" for key, value in values.items() if value is not None]
    with open(path, "w", encoding="utf-8") as file:
        file.write("\n".join(kept) + "\n")


def free_ports(count):
    """Ports that were free a moment ago, all different."""
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    try:
        return [s.getsockname()[1] for s in sockets]
    finally:
        for s in sockets:
            s.close()


class Server:
    """One row: a process that listens on a socket."""

    def __init__(self, row, places, index, karaf=None):
        """karaf: what all rows with "karaf": true have in common; a row's own keys go before."""
        self.karaf = karaf if row.get("karaf") else None
        self.row = {**karaf, **row} if self.karaf else row
        self.own_etc = row.get("etc", {})
        self.name = row["name"]
        self.role = row.get("role", "baseline")
        self.index = index
        self.optional = row.get("optional", False)
        self.socket = fill(row.get("socket", os.path.join(places["sockets"], f"{index}.sock")), places)
        self.places = {**places, "socket": self.socket}
        self.process = None
        self.pid = None
        self.log = None

    def measures(self, workload):
        return workload in self.row.get("workloads", [workload])

    def prepare(self, built):
        """Builds what the row needs; raises Unavailable with the reason where it cannot be had."""
        for tool in self.row.get("needs", []):
            if shutil.which(tool) is None:
                raise Unavailable(f"{tool} is not installed")
        for step in fill(self.row.get("build", []), self.places):
            run_build(step, built)
        if self.karaf:
            self.install_karaf()

    def install_karaf(self):
        pattern = fill(self.karaf["assembly"], self.places)
        found = sorted(glob.glob(pattern))
        if not found:
            raise Unavailable(f"there is no {os.path.relpath(pattern, self.places['root'])}: build the assembly first")
        home = os.path.join(self.places["build"], f"karaf-{self.index}")
        shutil.rmtree(home, ignore_errors=True)
        if os.path.isdir(found[-1]):
            shutil.copytree(found[-1], home, symlinks=True)
        else:
            os.makedirs(home)
            checked = {"filter": "tar"} if hasattr(tarfile, "tar_filter") else {}
            with tarfile.open(found[-1]) as archive:
                archive.extractall(home, **checked)
            inner = os.listdir(home)
            home = os.path.join(home, inner[0]) if len(inner) == 1 else home
        self.places["karaf"] = home
        ssh, registry, server = free_ports(3)
        ports = {
            "org.apache.karaf.shell.cfg": {"sshPort": ssh},
            "org.apache.karaf.management.cfg": {"rmiRegistryPort": registry, "rmiServerPort": server},
        }
        # several of them run beside each other
        etc = {file: values for file, values in ports.items() if os.path.exists(os.path.join(home, "etc", file))}
        for given in (self.karaf.get("etc", {}), self.own_etc):
            for file, values in fill(given, self.places).items():
                etc[file] = {**etc.get(file, {}), **values}
        for file, values in etc.items():
            set_properties(os.path.join(home, "etc", file), values)

    def start(self):
        if bench_machine.listening_pid(self.socket) is not None:
            raise Unavailable(f"somebody else listens on {self.socket} already")
        command = fill(self.row["command"], self.places)
        log_path = os.path.join(self.places["build"], f"server-{self.index}.log")
        environment = {key: value for key, value in os.environ.items() if not key.startswith("KARAF_")}
        environment.update(fill(self.row.get("environment", {}), self.places))
        self.log = open(log_path, "wb")
        try:
            self.process = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=self.log, stderr=self.log, env=environment, start_new_session=True
            )
        except OSError as e:
            raise Unavailable(f"{command[0]}: {e.strerror}") from e
        self.await_reply(log_path)
        self.await_log()
        self.find_pid()

    def await_reply(self, log_path):
        """Until one line comes back right: policies may take a moment, and a server that is no echo is not to be measured."""
        deadline = time.monotonic() + self.row.get("start_timeout", START_TIMEOUT)
        reply = "nobody listens"
        while time.monotonic() < deadline:
            # a script that only launches a server may end well; one that fails has failed
            if self.process.poll() not in (None, 0):
                raise Unavailable(f"it ended at once with {self.process.returncode}; see {os.path.basename(log_path)}")
            try:
                with socket.socket(socket.AF_UNIX) as client:
                    client.settimeout(2)
                    client.connect(self.socket)
                    client.sendall(b"ready\n")
                    answer = b""
                    while not answer.endswith(b"\n") and (chunk := client.recv(100)):
                        answer += chunk
                if answer == b"> ready\n":
                    return
                reply = repr(answer)
            except OSError as e:
                reply = e.strerror or str(e)
            time.sleep(0.2)
        raise Unavailable(f"no echo on its socket within {START_TIMEOUT} s: {reply}")

    def await_log(self):
        """Until Karaf's log says all that the row waits for: what is configured and not in force would be measured as something else."""
        deadline = time.monotonic() + self.row.get("start_timeout", START_TIMEOUT)
        for text in self.row.get("log", []):
            while text not in bench_machine.read(os.path.join(self.places["karaf"], "data", "log", "karaf.log")):
                if time.monotonic() > deadline:
                    raise Unavailable(f"its log does not say: {text}")
                time.sleep(0.2)

    def find_pid(self):
        pid_file = fill(self.row.get("pid_file", ""), self.places)
        text = bench_machine.read(pid_file).strip() if pid_file else ""
        if pid_file and not text.isdigit():
            raise Unavailable(f"the pid file {pid_file} holds no pid")
        self.pid = int(text) if text else bench_machine.listening_pid(self.socket)
        if self.pid is None:
            raise Unavailable("the process that listens on its socket cannot be found")

    def alive(self):
        return self.pid is not None and bench_machine.cpu_seconds(self.pid) is not None

    def stop(self):
        """Ends what start began: the launcher, and the server it became the parent of; by their pids, and for certain."""
        own = self.process.pid if self.process is not None else None
        pids = [pid for pid in (self.pid, own) if pid is not None]
        for number, wait in ((signal.SIGTERM, STOP_TIMEOUT), (signal.SIGKILL, 5)):
            for pid in pids:
                if not self.gone(pid):
                    try:
                        os.kill(pid, number)
                    except ProcessLookupError:
                        pass
            deadline = time.monotonic() + wait
            while time.monotonic() < deadline and not all(self.gone(pid) for pid in pids):
                time.sleep(0.1)
        if self.log is not None:
            self.log.close()
        self.process = self.pid = None
        if os.path.exists(self.socket) and bench_machine.listening_pid(self.socket) is None:
            os.unlink(self.socket)

    def gone(self, pid):
        if self.process is not None and pid == self.process.pid:
            return self.process.poll() is not None
        state = bench_machine.read(f"/proc/{pid}/stat").rpartition(")")[2].split()
        return not state or state[0] == "Z"
