#!/usr/bin/env python3
# Licensed under the Apache License, Version 2.0; see the file LICENSE.
# SPDX-License-Identifier: Apache-2.0
"""Tests of the Debian package: what is in it, and how it is installed, upgraded, removed and purged.

usage: test_deb.py [--whole] ARCHIVE

Each test has a view of this machine's file system of its own, in which it installs: what it writes is in memory and gone afterwards. With
--whole lintian looks at it, where it is installed, and the container is started, which takes a minute. Needs root; exits with status 77 where it cannot run.
"""

import io
import os
import pwd
import re
import shutil
import signal
import stat
import subprocess
import sys
import tarfile
import tempfile
import time
import unittest

from deb_machine import JAVA, LIMIT, Machine, listens, ran

HERE = os.path.dirname(os.path.abspath(__file__))
CONF = "/etc/peercred-karaf"
STATE = "/var/lib/peercred-karaf"
LOGS = "/var/log/peercred-karaf"
ROLES = f"{CONF}/org.peercred.roles-board.cfg"
ECHO = f"{CONF}/org.peercred.echo.cfg"
LISTENER = f"{CONF}/org.peercred.listener-echo.cfg"
LAUNCH = "/usr/libexec/peercred-karaf/launch"
SKIPPED = 77


def build(archive, out, **env):
    return ran(os.path.join(HERE, "build"), archive, out, env={**os.environ, **env}).strip()


def archive_of(original, directory, version, appended=None):
    """The archive without the jars that only a start needs, as another version, with lines appended to files in etc/."""
    path = os.path.join(directory, f"peercred-karaf-{version}.tar.gz")
    with tarfile.open(original) as source, tarfile.open(path, "w:gz", compresslevel=1) as target:
        for member in source:
            inside = member.name.partition("/")[2]
            if inside.startswith("system/") and inside.endswith(".jar"):
                continue
            if not member.isfile():
                target.addfile(member)
                continue
            content = source.extractfile(member).read()
            content += (appended or {}).get(inside, "").encode()
            member.size = len(content)
            target.addfile(member, io.BytesIO(content))
    return path


class Packages(unittest.TestCase):
    """The package of a version, and that of the next, with two files changed."""

    archive = None  # of the build
    scratch = None

    @classmethod
    def setUpClass(cls):
        if "first" not in Packages.__dict__:
            Packages.first_archive = archive_of(cls.archive, cls.scratch, "0.1.0-SNAPSHOT")
            changed = {"etc/org.peercred.roles-board.cfg": "# of the next version\n", "etc/org.peercred.echo.cfg": "# of the next version\n"}
            Packages.first = build(Packages.first_archive, cls.scratch)
            Packages.next = build(archive_of(cls.archive, cls.scratch, "0.1.0", changed), cls.scratch)


class Content(Packages):
    def test_every_file_of_the_configuration_is_a_conffile_and_no_other(self):
        listed = ran("dpkg-deb", "--info", self.first, "conffiles").split()
        files = self.files()
        self.assertEqual(sorted(listed), sorted(path for path, kind in files.items() if path.startswith("/etc/") and kind == "-"))
        self.assertIn(ROLES, listed)
        self.assertNotIn(f"{CONF}/startup.properties", listed)
        self.assertEqual("l", files[f"{CONF}/startup.properties"])

    def test_all_belongs_to_root_and_nobody_else_may_write(self):
        for line in ran("dpkg-deb", "--contents", self.first).splitlines():
            mode, owner = line.split()[:2]
            self.assertEqual("root/root", owner, line)
            if mode[0] != "l":
                self.assertEqual("--", mode[5] + mode[8], line)

    def test_nothing_is_outside_the_directories_of_the_package(self):
        roots = (CONF, "/usr/bin/peercred-console", "/usr/libexec/peercred-karaf", "/usr/share/peercred-karaf", "/usr/share/doc/peercred-karaf",
                 "/usr/share/man/man1/peercred-console.1.gz", "/usr/lib/systemd/system/peercred",
                 "/usr/lib/tmpfiles.d/peercred-karaf.conf")
        self.assertEqual([], [path for path, kind in self.files().items() if kind != "d" and not path.startswith(roots)])

    def test_the_unit_starts_what_is_in_the_package_and_may_write_where_it_does(self):
        unit = self.unpacked("usr/lib/systemd/system/peercred.service")
        self.assertIn(f"ExecStart={LAUNCH}\n", unit)
        self.assertEqual("-", self.files()[LAUNCH])
        self.assertIn("\nStateDirectory=peercred-karaf\nStateDirectoryMode=0750\nLogsDirectory=peercred-karaf\nLogsDirectoryMode=0750\n", unit)
        self.assertIn(f"\nReadWritePaths=/run/peercred {CONF}\n", unit)
        self.assertNotIn("\nEnvironment=", unit)
        self.assertIn("See /usr/lib/tmpfiles.d/peercred-karaf.conf.\n", unit)

    def test_a_snapshot_is_older_than_its_release(self):
        self.assertEqual("0.1.0~SNAPSHOT", ran("dpkg-deb", "--field", self.first, "Version").strip())
        ran("dpkg", "--compare-versions", "0.1.0~SNAPSHOT", "lt", ran("dpkg-deb", "--field", self.next, "Version").strip())

    def test_every_java_from_17_to_23_will_do(self):
        depends = ran("dpkg-deb", "--field", self.first, "Depends")
        self.assertEqual({str(version) for version in range(17, 24)}, set(re.findall(r"openjdk-(\d+)-jre-headless", depends)))

    def test_two_builds_give_the_same_bytes_under_another_umask_and_with_other_temporary_files(self):
        elsewhere = tempfile.mkdtemp(dir=self.scratch)
        old = os.umask(0o077)
        try:
            again = build(self.first_archive, elsewhere, TMPDIR=elsewhere)
        finally:
            os.umask(old)
        with open(self.first, "rb") as one, open(again, "rb") as other:
            self.assertTrue(one.read() == other.read(), "the packages differ")

    def test_an_archive_of_another_name_is_refused(self):
        out = ran(os.path.join(HERE, "build"), __file__, self.scratch, expect=1)
        self.assertEqual(f"deb: {__file__} is not named peercred-karaf-VERSION.tar.gz.\n", out)

    def files(self):
        """All paths, each with the letter of its kind."""
        lines = (line.split(None, 5) for line in ran("dpkg-deb", "--contents", self.first).splitlines())
        return {fields[5].partition(" -> ")[0].lstrip(".").rstrip("/"): fields[0][0] for fields in lines}

    def unpacked(self, path):
        directory = tempfile.mkdtemp(dir=self.scratch)
        ran("dpkg-deb", "--extract", self.first, directory)
        with open(os.path.join(directory, path), encoding="utf-8") as file:
            return file.read()


class Life(Packages):
    def setUp(self):
        self.machine = Machine(self.scratch)
        self.addCleanup(self.machine.remove)

    def test_an_installation_makes_a_user_without_rights_and_directories_of_its_own(self):
        self.machine.install(self.first)
        (name, _, uid, gid, _, home, shell), = (entry.split(":") for entry in self.machine.account())
        self.assertLess(int(uid), 1000)
        self.assertEqual((STATE, "/usr/sbin/nologin"), (home, shell))
        for path, owner, group, mode in ((STATE, uid, gid, 0o750), (LOGS, uid, gid, 0o750), (CONF, "0", gid, 0o1770)):
            found = os.stat(self.machine.path(path))
            self.assertEqual((int(owner), int(group), mode), (found.st_uid, found.st_gid, stat.S_IMODE(found.st_mode)), path)
        self.assertTrue(self.machine.exists("/etc/systemd/system/sockets.target.wants/peercred-echo.socket"))
        self.assertTrue(self.machine.exists("/etc/systemd/system/multi-user.target.wants/peercred.service"))

    def test_the_service_reads_the_configuration_and_adds_to_it_and_changes_none_that_is_not_its_own(self):
        self.machine.install(self.first)
        self.machine.run("cat", ROLES, user="peercred")
        self.machine.run("touch", f"{CONF}/org.peercred.policy.uid-own.cfg", user="peercred")
        self.machine.run("rm", f"{CONF}/org.peercred.policy.uid-own.cfg", user="peercred")
        self.machine.run("sh", "-c", f"echo >>{ROLES}", user="peercred", expect=2)
        self.machine.run("rm", "-f", ROLES, user="peercred", expect=1)
        self.machine.run("cat", ROLES, user="nobody", expect=1)

    def test_the_socket_of_the_echo_is_systemds(self):
        self.machine.install(self.first)
        listener = self.machine.read(LISTENER)
        self.assertIn("\npath = systemd:echo\n", listener)
        self.assertNotIn("\nmode = ", listener)

    def test_a_second_installation_of_the_same_changes_nothing(self):
        self.machine.install(self.first)
        before = self.machine.account()
        self.machine.install(self.first)
        self.assertEqual(before, self.machine.account())
        self.assertEqual([], self.machine.changed())

    def test_an_upgrade_keeps_what_was_edited_and_renews_the_rest(self):
        self.machine.install(self.first)
        edited = self.machine.read(ROLES) + "# of the administrator\n"
        self.machine.write(ROLES, edited)
        own = f"{CONF}/org.peercred.policy.uid-team.cfg"
        self.machine.write(own, "allow = 1002\n")
        self.machine.install(self.next)
        self.assertEqual(edited, self.machine.read(ROLES))
        self.assertTrue(self.machine.read(f"{ROLES}.dpkg-dist").endswith("# of the next version\n"))
        self.assertTrue(self.machine.read(ECHO).endswith("# of the next version\n"))
        self.assertEqual("allow = 1002\n", self.machine.read(own))

    def test_a_unit_that_was_disabled_stays_so_when_upgraded(self):
        self.machine.install(self.first)
        wanted = "/etc/systemd/system/multi-user.target.wants/peercred.service"
        os.unlink(self.machine.path(wanted))
        self.machine.install(self.next)
        self.assertFalse(self.machine.exists(wanted))

    def test_what_was_removed_is_there_again_when_installed_again_and_gone_when_purged(self):
        self.machine.install(self.first)
        self.machine.write(f"{STATE}/data/kept", "")
        self.machine.write(f"{LOGS}/audit.log", "kept\n")
        self.machine.dpkg("--remove", "peercred-karaf")
        self.assertFalse(self.machine.exists("/usr/share/peercred-karaf"))
        for kept in (ROLES, f"{STATE}/data/kept", f"{LOGS}/audit.log"):
            self.assertTrue(self.machine.exists(kept), kept)
        self.assertEqual(1, len(self.machine.account()))

        self.machine.install(self.first)
        self.assertTrue(self.machine.exists(f"{CONF}/startup.properties"))
        self.machine.dpkg("--purge", "peercred-karaf")
        self.assertEqual([], self.left())
        for database in ("passwd", "group", "shadow", "gshadow"):
            self.assertNotIn("peercred", self.machine.read(f"/etc/{database}"))

    def test_a_purge_leaves_a_user_that_was_there_before(self):
        self.machine.run("adduser", "--system", "--quiet", "--group", "--no-create-home", "--home", "/nonexistent", "peercred")
        before = self.machine.account()
        self.machine.install(self.first)
        self.machine.dpkg("--purge", "peercred-karaf")
        self.assertEqual(before, self.machine.account())

    def test_a_purge_follows_no_link_of_the_services(self):
        self.machine.install(self.first)
        self.machine.run("ln", "-s", "/etc", f"{STATE}/data", user="peercred")
        self.machine.dpkg("--purge", "peercred-karaf")
        self.assertIn("root:", self.machine.read("/etc/passwd"))

    def left(self):
        """What there is of the package in the copy: what was deleted there is a device."""
        found = []
        for directory, directories, files in os.walk(self.machine.upper):
            for name in directories + files:
                path = os.path.join(directory, name)
                deleted = stat.S_ISCHR(os.lstat(path).st_mode)
                if "peercred" in path[len(self.machine.upper):] and not deleted:
                    found.append(path[len(self.machine.upper):])
        return found + ([] if not self.machine.exists("/run/peercred") else ["/run/peercred"])


class Launch(Packages):
    def setUp(self):
        self.machine = Machine(self.scratch)
        self.addCleanup(self.machine.remove)
        self.machine.install(self.first)
        self.machine.fakes_java()

    def test_java_is_told_the_directories_of_the_package(self):
        told = self.machine.run(LAUNCH, user="peercred").splitlines()
        self.assertIn("-Dkaraf.home=/usr/share/peercred-karaf", told)
        self.assertIn(f"-Dkaraf.base={STATE}", told)
        self.assertIn(f"-Dkaraf.data={STATE}/data", told)
        self.assertIn(f"-Dkaraf.etc={CONF}", told)
        self.assertIn(f"-Dkaraf.log={LOGS}", told)
        # Of two, the later counts.
        instances = [option for option in told if option.startswith("-Dkaraf.instances=")]
        self.assertEqual(f"-Dkaraf.instances={STATE}/instances", instances[-1])
        self.assertEqual(CONF, os.readlink(self.machine.path(f"{STATE}/etc")))

    def test_nobody_but_the_user_of_the_service_starts_it(self):
        said = self.machine.run(LAUNCH, expect=1)
        self.assertEqual("peercred-karaf: runs as the user peercred only, and this is root: use systemctl start peercred.\n", said)
        self.assertFalse(self.machine.exists(f"{STATE}/data"))

    def test_without_a_java_that_will_do_it_says_which_is_needed(self):
        os.rename(self.machine.path(JAVA), self.machine.path("/usr/lib/jvm/java-24-openjdk-amd64"))
        said = self.machine.run(LAUNCH, user="peercred", expect=1)
        self.assertEqual("peercred-karaf: there is no Java from 17 to 23 in /usr/lib/jvm: install openjdk-17-jre-headless, "
                         "or set JAVA_HOME by systemctl edit peercred.\n", said)

    def test_what_karaf_kept_of_the_build_before_is_set_aside_once(self):
        self.machine.run(LAUNCH, user="peercred")
        self.machine.run("mkdir", f"{STATE}/data/cache", user="peercred")
        self.machine.run(LAUNCH, user="peercred")
        self.assertTrue(self.machine.exists(f"{STATE}/data/cache"))

        self.machine.install(self.next)
        said = self.machine.run(LAUNCH, user="peercred")
        self.assertIn("peercred-karaf: another build than before: data/cache is set aside as data/cache-before-upgrade", said)
        self.assertFalse(self.machine.exists(f"{STATE}/data/cache"))
        self.assertTrue(self.machine.exists(f"{STATE}/data/cache-before-upgrade"))

        self.assertNotIn("another build", self.machine.run(LAUNCH, user="peercred"))


class Whole(Packages):
    """The package with all its jars."""

    @classmethod
    def setUpClass(cls):
        cls.package = build(cls.archive, tempfile.mkdtemp(dir=cls.scratch))

    @unittest.skipUnless(shutil.which("lintian"), "needs lintian")
    def test_lintian_finds_no_error(self):
        ran("lintian", "--allow-root", "--fail-on", "error", self.package)

    def test_the_container_of_the_package_serves_its_user_and_nobody_else(self):
        machine = Machine(self.scratch)
        self.addCleanup(machine.remove)
        machine.install(self.package)
        socket = "/run/peercred/echo.sock"
        # As systemd would hand the socket over. Each program replaces the one before: it is one process, of the user peercred, that becomes
        # Java at the first connection.
        karaf = subprocess.Popen(
            ["chroot", machine.root, "setpriv", "--reuid=peercred", "--regid=peercred", "--init-groups", "systemd-socket-activate",
             *(f"-E{name}" for name in ("PATH", "JAVA_HOME") if name in os.environ), "--fdname=echo", "-l", socket, LAUNCH],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            self.until(lambda: listens(socket))
            os.chmod(machine.path(socket), 0o666)
            self.assertEqual("> hello\n", self.says(machine, "peercred", socket))
            self.assertEqual("Unauthorized access\n", self.says(machine, "nobody", socket))
            self.until(lambda: "Listener console accepts connections" in machine.read(f"{LOGS}/karaf.log"))
            self.assertIn("echo", machine.run("peercred-console", "peercred:listeners", user="peercred"))
            self.until(lambda: "event=denied listener=echo" in machine.read(f"{LOGS}/audit.log"))
        finally:
            karaf.send_signal(signal.SIGTERM)
            try:
                karaf.wait(LIMIT)
            except subprocess.TimeoutExpired:
                karaf.kill()
                karaf.wait()
        self.assertEqual([], machine.changed())

    def says(self, machine, user, socket):
        return machine.run("sh", "-c", f"echo hello | nc -U -N {socket}", user=user)

    def until(self, condition):
        deadline = time.monotonic() + LIMIT
        while not condition():
            self.assertLess(time.monotonic(), deadline, "it takes too long")
            time.sleep(0.1)


def why_not():
    """What keeps these tests from running here; None if nothing does."""
    if os.geteuid() != 0:
        return "they need root, to install a package"
    missing = [tool for tool in ("dpkg-deb", "dpkg", "adduser", "unshare", "mount", "chroot", "setpriv") if not shutil.which(tool)]
    if missing:
        return f"{', '.join(missing)} is not installed"
    accounts = [account.pw_name for account in pwd.getpwall()]
    return "this machine has a user peercred already" if "peercred" in accounts else None


def inside(scratch, whole, archive):
    """In a mount namespace of its own."""
    try:
        ran("mount", "-t", "tmpfs", "-o", "mode=755", "tmpfs", scratch)
        Machine(scratch).remove()
    except AssertionError as failure:
        print(f"The tests of the Debian package are skipped: {failure}")
        return SKIPPED
    Packages.archive, Packages.scratch = archive, scratch
    suite = unittest.TestSuite(unittest.defaultTestLoader.loadTestsFromTestCase(case) for case in (Content, Life, Launch) + ((Whole,) if whole else ()))
    return 0 if unittest.TextTestRunner().run(suite).wasSuccessful() else 1


def main(arguments):
    if arguments[:1] == ["--inside"]:
        return inside(arguments[1], arguments[2] == "--whole", arguments[3])
    whole, rest = "--whole" in arguments, [argument for argument in arguments if argument != "--whole"]
    if len(rest) != 1 or not os.path.isfile(rest[0]):
        print(__doc__.splitlines()[2], file=sys.stderr)
        return 2
    reason = why_not()
    if reason:
        print(f"The tests of the Debian package are skipped: {reason}.")
        return SKIPPED
    with tempfile.TemporaryDirectory(prefix="peercred-deb-") as scratch:
        again = [sys.executable, os.path.abspath(__file__), "--inside", scratch, "--whole" if whole else "--quick", os.path.abspath(rest[0])]
        return subprocess.run(["unshare", "--mount", "--propagation", "private", "--", *again], check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
