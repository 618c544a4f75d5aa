#!/usr/bin/env python3
# Licensed under the Apache License, Version 2.0; see the file LICENSE.
# SPDX-License-Identifier: Apache-2.0
"""Tests of how boot.py starts and stops containers, what it takes for an answer, and what it makes of the figures. They start no Karaf."""

import os
import tarfile
import tempfile
import unittest

import boot
import boot_container
import boot_report
from boot_report import FIRST, LATER, OURS, STOCK, Boot

# Stands in for Karaf: answers each client with the reply that stands in etc/org.peercred.listener-echo.cfg.
SERVER = """#!/usr/bin/env python3
import os, socket, sys
home = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
settings = dict(line.strip().split(" = ", 1) for line in open(home + "/etc/org.peercred.listener-echo.cfg"))
if settings["reply"] == "none":
    sys.exit("no Java here")
os.makedirs(home + "/data", exist_ok=True)
open(home + "/data/booted", "a").write("x")
server = socket.socket(socket.AF_UNIX)
server.bind(settings["path"])
server.listen()
while True:
    client, _ = server.accept()
    with client:
        client.recv(100)
        client.sendall(settings["reply"].encode() + b"\\n")
"""

SMAPS = """\
c0000000-c8000000 rw-p 00000000 00:00 0
Size:             131072 kB
Rss:               10240 kB
7f0000000000-7f0000100000 r-xp 00000000 08:01 4711                       /usr/lib/jvm/lib/libjvm.so
Rss:                2048 kB
7f0000200000-7f0000300000 rw-p 00000000 00:00 0                          [heap]
Rss:                 512 kB
7f0000400000-7f0000401000 r-xp 00000000 00:00 0                          [vdso]
Rss:                   4 kB
"""


def boots(seconds, cpu, rss):
    return [Boot(s, c, r, r - 1024, {"anonymous": r // 2, "files": r // 2, "other": 0}) for s, c, r in zip(seconds, cpu, rss)]


class ContainerTest(unittest.TestCase):
    def setUp(self):
        self.directory = tempfile.mkdtemp(prefix="peercred-test-")
        self.addCleanup(boot_container.shutil.rmtree, self.directory)

    def container(self, reply):
        source = os.path.join(self.directory, "karaf")
        for name, text in (("bin/karaf", SERVER), ("etc/org.peercred.listener-echo.cfg", f"path = /nowhere\nreply = {reply}\n")):
            os.makedirs(os.path.dirname(os.path.join(source, name)), exist_ok=True)
            with open(os.path.join(source, name), "w", encoding="utf-8") as file:
                file.write(text)
        os.chmod(os.path.join(source, "bin/karaf"), 0o755)
        archive = os.path.join(self.directory, "karaf.tar.gz")
        with tarfile.open(archive, "w:gz") as tar:
            tar.add(source, "karaf")
        container = boot_container.Container(os.path.join(self.directory, "run"), archive)
        self.addCleanup(container.stop)
        return container

    def test_a_boot_is_measured_until_the_echo_and_its_process_is_gone_afterwards(self):
        container = self.container("> hello")
        measured = container.boot(settle=False)
        self.assertGreater(measured.seconds, 0)
        self.assertIsNone(measured.rss_kib)
        self.assertIsNone(container.process)
        self.assertFalse(boot_container.echoes(container.socket))

    def test_the_memory_is_that_of_the_running_process(self):
        measured = self.container("> hello").boot()
        self.assertGreater(measured.rss_kib, 1024)
        self.assertLessEqual(measured.pss_kib, measured.rss_kib)
        self.assertEqual(measured.rss_kib, sum(measured.parts_kib.values()))

    def test_a_container_that_ends_is_told_with_what_it_said(self):
        with self.assertRaisesRegex(SystemExit, "does not answer:\nno Java here"):
            self.container("none").boot()

    def test_a_refusal_is_no_echo(self):
        boot_container.START_SECONDS, before = 1, boot_container.START_SECONDS
        self.addCleanup(setattr, boot_container, "START_SECONDS", before)
        container = self.container("Unauthorized access")
        with self.assertRaisesRegex(SystemExit, "does not answer"):
            container.boot()
        self.assertIsNone(container.process)

    def test_each_round_boots_once_without_data_and_once_with_it(self):
        container = self.container("> hello")
        seen = []
        container.boot = lambda: seen.append(os.path.exists(container.path("data"))) or os.makedirs(container.path("data"), exist_ok=True)
        measured = boot.measure(1, {OURS: container})
        self.assertEqual([(FIRST, OURS), (LATER, OURS)], list(measured))
        self.assertEqual([False, True], seen)

    def test_many_boots_are_as_many_as_were_asked_for(self):
        container = self.container("> hello")
        self.assertEqual(3, len(boot.boot_often(3, container)))
        with open(container.path("data/booted"), encoding="utf-8") as file:
            self.assertEqual("xxx", file.read())

    def test_a_value_is_put_before_the_others_of_a_list(self):
        container = self.container("> hello")
        name = container.path("etc/org.apache.karaf.features.cfg")
        with open(name, "w", encoding="utf-8") as file:
            file.write("# a comment\nfeaturesBoot = \\\n    shell/4\n")
        container.add("featuresBoot", "(wrap), peercred")
        with open(name, encoding="utf-8") as file:
            self.assertEqual("# a comment\nfeaturesBoot = (wrap), peercred, \\\n    shell/4\n", file.read())
        with self.assertRaisesRegex(SystemExit, "does not set featuresRepositories once"):
            container.add("featuresRepositories", "mvn:x")

    def test_a_text_that_is_replaced_has_to_be_there(self):
        container = self.container("> hello")
        container.edit("org.peercred.listener-echo.cfg", "reply = >", "reply = <")
        with open(container.path("etc/org.peercred.listener-echo.cfg"), encoding="utf-8") as file:
            self.assertIn("reply = < hello", file.read())
        with self.assertRaisesRegex(SystemExit, "listener-echo.cfg does not contain: reply = >"):
            container.edit("org.peercred.listener-echo.cfg", "reply = >", "")


class ReportTest(unittest.TestCase):
    def test_memory_is_told_by_what_backs_it(self):
        self.assertEqual({"anonymous": 10752, "files": 2048, "other": 4}, boot_report.parts(SMAPS))

    def test_ratios_are_those_of_the_same_round(self):
        # the machine becomes slower and slower: the medians by themselves would say 1
        slower = {(FIRST, OURS): boots([1, 2, 30], [1] * 3, [2048] * 3), (FIRST, STOCK): boots([2, 4, 60], [1] * 3, [4096] * 3)}
        self.assertEqual(0.5, boot_report.ratio(slower, FIRST, lambda each: each.seconds))

    def test_the_table_has_medians_and_ratios(self):
        ours, stock = boots([1, 1.5, 9], [2, 2, 2], [102400] * 3), boots([2, 3, 18], [8, 8, 8], [204800] * 3)
        text = boot_report.table({(kind, name): each for kind in (FIRST, LATER) for name, each in ((OURS, ours), (STOCK, stock))})
        self.assertIn(f"| {FIRST} | {OURS} | 1.50 | 2.00 | 100 | 99 | 50 | 50 |", text)
        self.assertIn(f"| {LATER} | {STOCK} | 3.00 | 8.00 | 200 | 199 | 100 | 100 |", text)
        self.assertIn(f"| {LATER} | ratio | 0.50 | 0.25 | 0.50 | 0.50 | | |", text)

    def test_many_boots_are_one_line(self):
        text = boot_report.line_of_many(boots([3, 1, 2], [1] * 3, [2048] * 3))
        self.assertEqual("3 boots, all answered: 1.00 s to the first echo at best, 2.00 in the middle, 3.00 at worst.", text)


if __name__ == "__main__":
    unittest.main()
