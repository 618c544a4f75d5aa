# Licensed under the Apache License, Version 2.0; see the file LICENSE.
# SPDX-License-Identifier: Apache-2.0
"""The assembly under attack: installs, starts and stops it as a user of its own, and looks at it from outside."""

import collections
import glob
import os
import re
import subprocess
import sys
import time

import bench_machine
import pressure_honest
from bench_servers import START_TIMEOUT, Server, Unavailable

OWNER = 1000
ATTACKER = 1002  # let in, without any role
VIEWER = 1003
PLAIN = 1004  # let in, without any role, and honest
VIEWING_ATTACKER = 1005
LATE = 3000  # and on: let in by a change of the configuration
KNOCK_SECONDS = 0.3
KNOCKER = 60000  # and on: strangers that have not been seen before, each refused once
PROBE_SECONDS = 5
LATE_POLICY = "org.peercred.policy.uid-late.cfg"

# enters a mount namespace's nsswitch.conf, becomes the owner, and starts what follows
ENTER = """
import os, subprocess, sys
names, libraries, uid = sys.argv[1:4]
if names:
    subprocess.run(["mount", "--bind", names, "/etc/nsswitch.conf"], check=True)
    os.environ["LD_LIBRARY_PATH"] = libraries
os.setgroups([])
os.setgid(int(uid))
os.setuid(int(uid))
os.execvp(sys.argv[4], sys.argv[4:])
"""


class NameService:
    """A name service that can be made slow, in front of the container only; where this machine allows that: else there is a reason."""

    def __init__(self, source, directory):
        self.libraries = directory
        self.control = os.path.join(directory, "slow")
        self.switch = os.path.join(directory, "nsswitch.conf")
        library = os.path.join(directory, "libnss_pressure.so.2")
        control = f'-DCONTROL="{self.control}"'
        build = ["gcc", "-O2", "-Wall", "-Wextra", "-Werror", "-shared", "-fPIC", control, "-o", library, source]
        done = subprocess.run(build, capture_output=True, text=True, timeout=60, check=False)
        if done.returncode == 0:
            done = subprocess.run(["unshare", "--mount", "mount", "--bind", "/etc/hostname", "/etc/hostname"], capture_output=True, text=True, timeout=20)
        self.reason = (done.stderr.strip().splitlines() or ["no reason is told"])[-1] if done.returncode else ""
        kept = [line for line in bench_machine.read("/etc/nsswitch.conf").splitlines() if not re.match(r"\s*(passwd|group|initgroups)\s*:", line)]
        with open(self.switch, "w", encoding="utf-8") as file:
            file.write("\n".join(kept + ["passwd: files pressure", "group: files pressure", ""]))

    def be_slow(self, milliseconds, hanging):
        with open(self.control + ".new", "w", encoding="utf-8") as file:
            file.write(f"{milliseconds} {hanging}\n")
        os.rename(self.control + ".new", self.control)

    def be_quick(self):
        if os.path.exists(self.control):
            os.unlink(self.control)


def as_user(uid, work):
    """What the function returns (bytes) in a process of another user; None where it failed or did not end in time."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        status = 1
        try:
            os.close(reader)
            pressure_honest.become(uid)
            os.write(writer, work()[:4096])
            status = 0
        finally:
            os._exit(status)
    os.close(writer)
    with open(reader, "rb") as pipe:
        data = pipe.read()  # ends with the child: all that it does is bounded
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    return data if status == 0 else None


def ask(uid, path, text=b"", seconds=PROBE_SECONDS):
    """All that a user is told who sends the text and closes; nothing where there is no connection or no end."""

    def work():
        try:
            return pressure_honest.converse(path, text, seconds)
        except OSError:
            return b""

    return as_user(uid, work)


class Container(Server):
    """One installation. Its echo and its command listener are open to all; the policies say who is let in."""

    def __init__(self, archive, directory, heap, names):
        self.directory, self.heap, self.names = directory, heap, names
        self.command_socket = os.path.join(directory, "command.sock")
        echo = os.path.join(directory, "echo.sock")
        etc = {
            "org.peercred.listener-echo.cfg": {"path": echo, "mode": "0666"},
            "org.peercred.listener-command.cfg": {"path": self.command_socket, "mode": "0666"},
            "org.peercred.policy.uid-pressure.cfg": {"allow": f"{ATTACKER}-{VIEWING_ATTACKER}"},
            LATE_POLICY: {"allow": LATE},
            "org.peercred.roles-board.cfg": {"viewer": f"owner, uid:{VIEWER}, uid:{VIEWING_ATTACKER}"},
        }
        karaf = {"assembly": archive, "etc": etc}
        places = {"build": directory, "sockets": directory, "root": os.getcwd()}
        super().__init__({"name": "the assembly", "socket": echo, "karaf": True}, places, 0, karaf)
        self.late = LATE
        self.knockers = 0

    def prepare(self, built):
        super().prepare(built)
        for where, directories, files in os.walk(os.path.dirname(self.places["karaf"])):
            for name in [where] + [os.path.join(where, name) for name in directories + files]:
                os.lchown(name, OWNER, OWNER)

    def start(self):
        home = self.places["karaf"]
        environment = {key: value for key, value in os.environ.items() if not key.startswith(("KARAF_", "JAVA_M", "EXTRA_JAVA"))}
        environment.update(HOME=home)
        if self.heap != "shipped":
            # bin/karaf asks for 128 MiB at least, and JAVA_OPTS of older assemblies do not look at JAVA_MAX_MEM
            environment.update(JAVA_MIN_MEM="64m", JAVA_MAX_MEM=self.heap, EXTRA_JAVA_OPTS=f"-Xmx{self.heap}")
        slow = self.names if self.names and not self.names.reason else None
        command = [sys.executable, "-c", ENTER, slow.switch if slow else "", slow.libraries if slow else "", str(OWNER)]
        command = (["unshare", "--mount"] if slow else []) + command + [os.path.join(home, "bin", "karaf"), "daemon"]
        self.log = open(os.path.join(self.directory, "out.log"), "ab")
        self.process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=self.log, stderr=self.log, env=environment, cwd="/", start_new_session=True
        )
        self.await_service()
        self.find_pid()
        self.check_heap()

    def await_service(self):
        """Until each listener answers as its policies say."""
        wanted = [
            (VIEWER, self.socket, b"ready\n", b"> ready\n"),
            (OWNER, self.command_socket, b"nonsense\n", b"error: unknown command: nonsense\n"),
            (OWNER, self.command_socket, f"update {pressure_honest.BOARD}\n".encode(), b"ok\n"),
            (PLAIN, self.command_socket, b"view\n", b"error: permission denied: view\n"),
            (LATE, self.socket, b"ready\n", b"> ready\n"),
            (KNOCKER, self.socket, b"", b"Unauthorized access\n"),
        ]
        deadline = time.monotonic() + START_TIMEOUT
        while wanted and time.monotonic() < deadline:
            if self.process.poll() is not None:
                raise Unavailable(f"it ended at once with {self.process.returncode}: {bench_machine.read(self.log.name)[-300:]}")
            uid, path, text, reply = wanted[0]
            answer = ask(uid, path, text) if os.path.exists(path) else None
            if answer == reply:
                wanted.pop(0)
            else:
                time.sleep(0.2)
        if wanted:
            raise Unavailable(f"uid {wanted[0][0]} had {answer!r} from {os.path.basename(wanted[0][1])} within {START_TIMEOUT} s, and not {wanted[0][3]!r}")

    def check_heap(self):
        """Another heap than the one in the table's heading would be no finding."""
        options = bench_machine.read(f"/proc/{self.pid}/cmdline").split("\0")
        limits = [option[4:] for option in options if option.startswith("-Xmx")]
        if self.heap != "shipped" and limits[-1:] != [self.heap]:
            raise Unavailable(f"it was to have a heap of {self.heap}, and was started with {limits}")

    # ---- what is seen from outside ----

    def log_path(self, name):
        return os.path.join(self.places["karaf"], "data", "log", name)

    def identity(self):
        """What another process cannot have in common: the pid and the time it was started; None when it is gone."""
        fields = bench_machine.read(f"/proc/{self.pid}/stat").rpartition(")")[2].split()
        return (self.pid, fields[19]) if len(fields) > 19 and fields[0] != "Z" else None

    def threads(self):
        """Names without the numbers of pools; the kernel's, at most 15 characters."""
        return [re.sub(r"(?<=[-#])\d+", "N", name) for _, name in bench_machine.thread_cpu_seconds(self.pid)]

    def descriptors(self):
        """What is open, by kind; files of the installation apart, which come and go with classes and logs."""
        kinds = []
        for link in glob.iglob(f"/proc/{self.pid}/fd/*"):
            try:
                target = os.readlink(link)
            except OSError:
                continue
            if not target.startswith("/"):
                kinds.append(re.sub(r"\[\d+\]", "", target))
        return kinds

    # ---- what must go on ----

    def refusal_audited(self, seconds):
        """Seconds until refused connects of a stranger have a line in the audit log; None where there was another answer or no line in so many.

        While the latest of a crowd are being counted together, a single one may be among them: it goes on knocking.
        """
        self.knockers += 1
        uid = KNOCKER + self.knockers
        pattern = re.compile(rb"event=denied [^\n]*\buid=%d\b" % uid)
        marks = {os.stat(path).st_ino: os.path.getsize(path) for path in glob.glob(self.log_path("audit.log*"))}
        began = time.monotonic()
        knock = began
        while time.monotonic() < began + seconds:
            if time.monotonic() >= knock:
                knock = time.monotonic() + KNOCK_SECONDS
                if ask(uid, self.socket) != b"Unauthorized access\n":
                    return None
            if any(pattern.search(written_since(path, marks)) for path in sorted(glob.glob(self.log_path("audit.log*")))):
                return time.monotonic() - began
            time.sleep(0.02)
        return None

    def change_counts(self, seconds):
        """Seconds until a user who was added to a file is let in, and until the one taken out is refused; None each where it was not in so many."""
        before, self.late = self.late, self.late + 1
        path = os.path.join(self.places["karaf"], "etc", LATE_POLICY)
        with open(path + ".new", "w", encoding="utf-8") as file:
            file.write(f"allow = {self.late}\n")
        os.chown(path + ".new", OWNER, OWNER)
        os.rename(path + ".new", path)
        began = time.monotonic()
        found = {self.late: None, before: None}
        replies = {self.late: b"> late\n", before: b"Unauthorized access\n"}
        while None in found.values() and time.monotonic() < began + seconds:
            for uid, at in found.items():
                if at is None and ask(uid, self.socket, b"late\n") == replies[uid]:
                    found[uid] = time.monotonic() - began
            time.sleep(0.05)
        return found[self.late], found[before]


def written_since(path, marks):
    """What was written to a file after the marks, {inode: size}, were taken, wherever rotation moved it."""
    try:
        with open(path, "rb") as file:
            file.seek(marks.get(os.fstat(file.fileno()).st_ino, 0))
            return file.read()
    except OSError:
        return b""


class Volume:
    """Bytes written to files that are rotated away meanwhile. Look often enough, and none is missed."""

    def __init__(self, *patterns):
        self.patterns, self.sizes, self.written = patterns, {}, 0
        self.look()
        self.written = 0

    def look(self):
        seen = {}
        for pattern in self.patterns:
            for path in glob.glob(pattern):
                try:
                    status = os.stat(path)
                except OSError:
                    continue
                seen[status.st_ino] = status.st_size
        for inode, size in seen.items():
            before = self.sizes.get(inode, 0)
            self.written += size - before if size >= before else size  # smaller: another file has the inode of one that is gone
        self.sizes = seen
        return self.written


def normal(samples):
    """The most of each name in any of the samples."""
    most = collections.Counter()
    for names in samples:
        most |= collections.Counter(names)
    return most
