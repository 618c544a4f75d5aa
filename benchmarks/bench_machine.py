# Licensed under the Apache License, Version 2.0; see the file LICENSE.
# SPDX-License-Identifier: Apache-2.0
"""What the kernel says: who listens on a socket, how much CPU time and memory a process has used. Linux only."""

import glob
import os
import platform
import re
import subprocess
import time

TICK = os.sysconf("SC_CLK_TCK")
KERNEL_THREAD = 0x00200000  # PF_KTHREAD
LISTENING = 0x00010000  # __SO_ACCEPTCON in the flags of /proc/net/unix


def read(path):
    """The file's text, or "" where it is gone or not ours to read."""
    try:
        with open(path, encoding="utf-8", errors="replace") as file:
            return file.read()
    except OSError:
        return ""


def listening_pid(path):
    """The pid of the process that listens on the socket at the path, or None."""
    inode = None
    for line in read("/proc/net/unix").splitlines()[1:]:
        fields = line.split(maxsplit=7)
        if len(fields) == 8 and fields[7] == path and int(fields[3], 16) & LISTENING:
            inode = fields[6]
    if inode is None:
        return None
    wanted = f"socket:[{inode}]"
    for link in glob.iglob("/proc/[0-9]*/fd/*"):
        try:
            if os.readlink(link) == wanted:
                return int(link.split("/")[2])
        except OSError:
            continue
    return None


def cpu_seconds(pid):
    """CPU time of all the process's threads, dead ones included; None when it is gone."""
    try:
        return time.clock_gettime((~pid << 3) | 2)  # CLOCK_PROCESS_CPUTIME_ID of another process
    except OSError:
        return None


def thread_cpu_seconds(pid):
    """CPU time by thread: {(tid, name): seconds}; names are the kernel's, at most 15 characters."""
    threads = {}
    for directory in glob.iglob(f"/proc/{pid}/task/[0-9]*"):
        used = read(f"{directory}/schedstat").split()
        if used:
            threads[(os.path.basename(directory), read(f"{directory}/comm").strip())] = int(used[0]) / 1e9
    return threads


def all_cpu_seconds():
    """CPU time of all processes together, with their dead children, kernel threads aside."""
    ticks = 0
    for path in glob.iglob("/proc/[0-9]*/stat"):
        fields = read(path).rpartition(")")[2].split()
        if len(fields) > 14 and not int(fields[6]) & KERNEL_THREAD:
            ticks += sum(int(field) for field in fields[11:15])
    return ticks / TICK


def wait_for_quiet(seconds=5.0, cores=0.05):
    """Waits, for so many seconds at most, until all processes together take less than the given share of a core."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        before, used = time.monotonic(), all_cpu_seconds()
        time.sleep(0.25)
        if (all_cpu_seconds() - used) / (time.monotonic() - before) < cores:
            return


def memory_kib(pid):
    """Proportional set size in KiB, or None."""
    match = re.search(r"^Pss:\s+(\d+)", read(f"/proc/{pid}/smaps_rollup"), re.MULTILINE)
    return int(match.group(1)) if match else None


def resident_kib(pid, start, end):
    """Resident KiB of the mappings within an address range."""
    total, inside = 0, False
    for line in read(f"/proc/{pid}/smaps").splitlines():
        mapping = re.match(r"([0-9a-f]+)-([0-9a-f]+) ", line)
        if mapping:
            inside = start <= int(mapping.group(1), 16) < end
        elif inside and line.startswith("Rss:"):
            total += int(line.split()[1])
    return total


def java_memory(pid):
    """{"heap": KiB used, "native": KiB of proportional set size without the heap} after a full collection; None where jcmd cannot tell."""
    try:
        subprocess.run(["jcmd", str(pid), "GC.run"], capture_output=True, timeout=60, check=True)
        done = subprocess.run(["jcmd", str(pid), "GC.heap_info"], capture_output=True, text=True, timeout=60, check=True)
    except (OSError, subprocess.SubprocessError):
        return None
    spaces = heap_spaces(done.stdout)
    whole = memory_kib(pid)
    if not spaces or whole is None:
        return None
    resident = sum(resident_kib(pid, start, end) for _, start, end in spaces)
    return {"heap": sum(used for used, _, _ in spaces), "native": whole - resident}


def heap_spaces(info):
    """[(KiB used, start, end)] of what jcmd says of the heap: one space of the G1 collector, or the two generations of the serial one."""
    pattern = r"(?:garbage-first heap|new generation|tenured generation)\s+total \d+K, used (\d+)K \[0x([0-9a-f]+),(?: 0x[0-9a-f]+,)? 0x([0-9a-f]+)\)"
    return [(int(used), int(start, 16), int(end, 16)) for used, start, end in re.findall(pattern, info)]


def settled_java_memory(pid, attempts=15, difference=128):
    """The same, once two collections in succession leave the same: caches and finalizers let go of things late."""
    before = java_memory(pid)
    for _ in range(attempts):
        time.sleep(0.5)
        after = java_memory(pid)
        if before is None or after is None or abs(after["heap"] - before["heap"]) <= difference:
            return after
        before = after
    return before


def control_group():
    """The version 2 control group of this process, and so of what it starts; / where there is none."""
    match = re.search(r"^0::(/.*)$", read("/proc/self/cgroup"), re.MULTILINE)
    return match.group(1) if match else "/"


def end(process, seconds=60):
    """Has a server end in order, and kills it where it does not in so many seconds."""
    process.terminate()
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait(seconds)


def tool_version(command):
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=20, check=False)
    except (OSError, subprocess.SubprocessError):
        return None
    lines = (done.stdout or done.stderr).splitlines()
    return lines[0] if lines else None


def description():
    """What a reader must know of the machine to compare."""
    model = re.search(r"^model name\s*:\s*(.*)$", read("/proc/cpuinfo"), re.MULTILINE)
    java = re.search(r'"([^"]+)"', tool_version(["java", "-version"]) or "")
    go = re.search(r"go([\d.]+)", tool_version(["go", "version"]) or "")
    gcc = re.search(r"([\d.]+)$", tool_version(["gcc", "--version"]) or "")
    parts = [
        f"{os.cpu_count()} CPUs ({model.group(1) if model else platform.machine()})",
        f"Linux {'.'.join(platform.release().split('.')[:2])}",
        f"Java {java.group(1)}" if java else "",
        f"gcc {gcc.group(1)}" if gcc else "",
        f"Go {go.group(1)}" if go else "",
    ]
    return ", ".join(part for part in parts if part)
