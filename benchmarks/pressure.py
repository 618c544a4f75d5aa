#!/usr/bin/env python3
# Licensed under the Apache License, Version 2.0; see the file LICENSE.
# SPDX-License-Identifier: Apache-2.0
"""Attacks the product, as installed from the assembly, from outside: as local users who are let in and as strangers. Honest clients run all
the time beside and compare every byte; after each attack the container must be as it was.

Needs Linux, root (the clients are several users), Python 3.9, gcc, Java, and the built assembly. Prints a table for each heap. The exit
status is 0 when every row holds, 1 when one does not, 3 when the container cannot be had, and 77 without root.
"""

import argparse
import glob
import os
import resource
import signal
import sys
import tempfile
import time

import bench
import bench_machine
import bench_report
import pressure_attacks
import pressure_honest
import pressure_verdicts as verdicts
from bench_servers import Unavailable
from pressure_container import OWNER, PLAIN, VIEWER, Container, NameService, Volume, normal

NOT_ROOT = 77
UNAVAILABLE = 3
BACK_SECONDS = 15  # what ends by itself may take so long: farewells, threads of pools
SLOWEST = 3  # probes wait so many times longer than is allowed, to say how long it took
QUICK = {"seconds": 1.5, "calm": 3.0, "heap": ["128m"], "limit": 300.0}
ATTACKS = pressure_attacks.attacks(pressure_attacks.Tools("", "", argparse.Namespace(socket="", command_socket=""), 1))
NAMES = [attack.name for attack in ATTACKS]


class Run:
    """One container with its honest clients, and what is normal for them."""

    def __init__(self, options, heap, names, directory):
        self.options = options
        self.container = Container(options.assembly, directory, heap, names)
        echo, command = self.container.socket, self.container.command_socket
        self.fleet = pressure_honest.Fleet(
            [
                (echo, "echo", "pingpong", VIEWER),
                (echo, "echo", "pipelined", PLAIN),
                (echo, "echo", "connect", OWNER),
                (command, "command", "pingpong", VIEWER),
                (command, "command", "pipelined", OWNER),
                (command, "command", "connect", PLAIN),
            ]
        )
        self.calm = None

    def __enter__(self):
        try:
            self.container.prepare(set())
            bench.say("starting the container")
            self.container.start()
            self.fleet.start()
            self.look_at_calm()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        try:
            self.fleet.stop()
        finally:
            if self.container.names:
                self.container.names.be_quick()
            self.container.stop()

    def look_at_calm(self):
        """What is normal while the honest clients are alone; what is started once only has been started then."""
        self.container.refusal_audited(verdicts.AUDIT_SECONDS)
        self.container.change_counts(verdicts.CHANGE_SECONDS)
        volume, began = self.volume(), time.monotonic()
        self.fleet.report()
        samples = []
        while time.monotonic() < began + self.options.calm:
            samples.append((self.container.threads(), self.container.descriptors()))
            time.sleep(0.1)
        self.calm_rate = volume.look() / (time.monotonic() - began)
        self.threads, self.descriptors = (normal(names) for names in zip(*samples))
        self.calm = self.fleet.report()
        if self.calm["errors"]:
            raise Unavailable(f"without any attack the honest clients met {verdicts.kinds(self.calm['errors'])}")
        lines = ", ".join(f"{key} {verdicts.milliseconds(self.calm[key + '_us'])}" for key in ("connect", "line"))
        bench.say(f"calm: {self.calm['replies']:,} replies, {lines}")

    def volume(self):
        return Volume(self.container.log_path("audit.log*"), self.container.log_path("karaf.log*"))

    def logged(self, marks=None):
        """Sizes of what the container tells people; or, given sizes, what was added."""
        paths = [self.container.log_path("karaf.log"), self.container.log.name]
        paths += sorted(glob.glob(self.container.log_path("karaf.log.*")))
        if marks is None:
            return {os.stat(path).st_ino: os.path.getsize(path) for path in paths}
        return "".join(added(path, marks) for path in paths)

    def back(self):
        """What there is more of than before, when it is still so after a while; and after how long there was no more."""
        began = time.monotonic()
        while True:
            threads = verdicts.more_than(self.threads, normal([self.container.threads()]))
            descriptors = verdicts.more_than(self.descriptors, normal([self.container.descriptors()]))
            if not threads and not descriptors or time.monotonic() > began + BACK_SECONDS:
                return threads, descriptors, time.monotonic() - began
            time.sleep(0.2)

    def check(self, attack):
        """One attack and what is concluded from it."""
        container, seconds = self.container, self.options.seconds
        self.fleet.report()
        before, marks, volume, began = container.identity(), self.logged(), self.volume(), time.monotonic()
        reports = pressure_attacks.run_attack(attack, container, seconds, volume.look)
        took = time.monotonic() - began
        beside = self.fleet.report()
        audited, changed, back = None, (None, None), None
        if container.identity() == before:
            audited = container.refusal_audited(SLOWEST * verdicts.AUDIT_SECONDS)
        # what was still to be written then counts for the attack
        written, writing = volume.look(), time.monotonic() - began
        if container.names:
            container.names.be_quick()
        if container.identity() == before:
            changed = container.change_counts(SLOWEST * verdicts.CHANGE_SECONDS)
            back = self.back()
        after = self.fleet.report()
        whole = {key: beside[key] + after[key] for key in beside}
        bench.say(f"  {took:.0f} s of it; attackers: {'; '.join(told(report) for report in reports)}")
        return [
            verdicts.honest_check(whole),
            verdicts.latency_check(self.calm, beside, judged=not self.options.quick),
            verdicts.attackers_check(reports),
            verdicts.audit_check(audited),
            verdicts.change_check(*changed),
            verdicts.process_check(before, container.identity()),
            verdicts.back_check(*back) if back else verdicts.Check("afterwards: threads and descriptors are back", "not to be seen", "none more", False),
            verdicts.log_check(self.logged(marks)),
            verdicts.volume_check(written, writing, self.calm_rate, attack.users),
        ]


def added(path, marks):
    """What was added to a file since its size was taken, {inode: size}; all of one that was not there."""
    try:
        with open(path, encoding="utf-8", errors="replace") as file:
            file.seek(marks.get(os.fstat(file.fileno()).st_ino, 0))
            return file.read()
    except OSError:
        return ""


def left_out(options, names):
    slow = [attack.name for attack in ATTACKS if attack.slow_names and attack.name in options.attack]
    return f" Left out: {', '.join(slow)} ({names.reason})." if slow and names.reason else ""


def told(report):
    shown = ("mode", "opened", "ended", "sent_bytes", "received_bytes", "replies", "backlog_full", "not_connected", "killed", "ops", "conversations", "lines")
    return ", ".join(f"{key} {report[key]}" for key in shown if report.get(key))


def attack_all(options, heap, names, directory, deadline):
    """Yields (attack, checks). A container that did not hold is not attacked again: the next attack has a new one."""
    run, number = None, 0
    try:
        for name in options.attack:
            if time.monotonic() > deadline:
                late = verdicts.Check("the whole run", f"not reached within {options.limit:g} s", "all attacks", False)
                yield pressure_attacks.Attack(name, "not run", 1, []), [late]
                continue
            if run is None:
                number += 1
                place = os.path.join(directory, f"{heap}-{number}")
                os.mkdir(place, 0o755)
                os.chown(place, OWNER, OWNER)
                run = Run(options, heap, names, place).__enter__()
                tools = pressure_attacks.Tools(options.adversary, options.loadgen, run.container, options.seconds)
            attack = next(attack for attack in pressure_attacks.attacks(tools) if attack.name == name)
            if attack.slow_names and names.reason:
                continue
            bench.say(f"{name} …")
            checks = run.check(attack)
            for check in checks:
                if not check.holds:
                    bench.say(f"{name}: DOES NOT HOLD: {check.text}: {check.measured} (allowed: {check.allowed})")
            yield attack, checks
            if options.fresh or not all(check.holds for check in checks):
                run = run.__exit__()
    finally:
        if run is not None:
            run.__exit__()


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--heap", default="128m", help="heaps, separated by commas, such as 96m,512m; shipped: what the assembly sets (256m)")
    parser.add_argument("--attack", action="append", metavar="NAME", help=f"only this one; may be repeated ({', '.join(NAMES)})")
    parser.add_argument("--seconds", type=float, help="how long each round of an attack lasts (60)")
    parser.add_argument("--calm", type=float, default=10, help="how long the honest clients are measured without an attack, in seconds (10)")
    parser.add_argument("--fresh", action="store_true", help="a new container for each attack, not only after one that did not hold")
    parser.add_argument("--quick", action="store_true", help="rounds of 1.5 s on one container with 128m; latencies are told and not judged")
    parser.add_argument("--limit", type=float, default=4 * 3600, help="no attack is begun after so many seconds, which is a failure (14400)")
    parser.add_argument("--assembly", default=os.path.join(bench.ROOT, "karaf-assembly", "target", "*.tar.gz"), help="the archive to attack")
    parser.add_argument("--build-dir", default=os.path.join(bench.HERE, "target", "pressure"), help="for what is built (target/pressure)")
    parser.add_argument("--write", metavar="FILE", help="write the tables into this file with markers, such as docs/security.md")
    options = parser.parse_args()
    unknown = [name for name in options.attack or [] if name not in NAMES]
    if unknown:
        parser.error(f"no such attack: {', '.join(unknown)}; there are {', '.join(NAMES)}")
    options.attack = options.attack or NAMES
    options.heap = list(dict.fromkeys(options.heap.split(",")))
    given = options.seconds
    if options.quick:
        for key, value in QUICK.items():
            setattr(options, key, value)
    options.seconds = given or (options.seconds if options.quick else 60.0)
    options.assembly = os.path.abspath(options.assembly)
    return options


def main():
    options = arguments()
    if os.geteuid() != 0:
        print("the product cannot be attacked: the attackers are several users, and only root can be those")
        return NOT_ROOT
    if options.write and bench_report.insert(bench_machine.read(options.write), "pressure", "") is None:
        sys.exit(f"{options.write} has no place for the tables: <!-- benchmark:pressure --> and <!-- /benchmark:pressure -->")
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that finally is reached
    os.umask(0o022)
    os.makedirs(options.build_dir, exist_ok=True)
    bench.build_loadgen(options)
    deadline, text, fine = time.monotonic() + options.limit, "", True
    with tempfile.TemporaryDirectory(prefix="peercred-pressure-") as directory:
        os.chmod(directory, 0o755)  # the other users must get as far as the sockets
        try:
            options.adversary = pressure_attacks.build(options.build_dir)
            names = NameService(os.path.join(bench.HERE, "adversary", "nss_slow.c"), directory)
            for heap in options.heap:
                results = []
                try:
                    for result in attack_all(options, heap, names, directory, deadline):
                        results.append(result)
                finally:
                    about = f"Heap {heap}; each round of an attack {options.seconds:g} s; {bench_machine.description()}.{left_out(options, names)}"
                    text += ("\n" if text else "") + verdicts.table(results, about)
                    fine = fine and verdicts.holds(results)
        except (Unavailable, pressure_honest.Wrong) as e:
            print(text)
            print(f"the product cannot be attacked: {e}")
            return UNAVAILABLE
    print(text)
    if options.write:
        bench_report.insert_into(options.write, "pressure", text)
        bench.say(f"written: {os.path.relpath(options.write)}")
    return 0 if fine else 1


if __name__ == "__main__":
    sys.exit(main())
