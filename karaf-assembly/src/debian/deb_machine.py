# Licensed under the Apache License, Version 2.0; see the file LICENSE.
# SPDX-License-Identifier: Apache-2.0
"""A copy of this machine's file system in which packages are installed, for the tests of the Debian package."""

import os
import shutil
import subprocess
import tempfile

LIMIT = 180  # seconds that one program may take, the first start of the container included
JAVA = "/usr/lib/jvm/java-17-openjdk-amd64"

# Stands in for Java: tells its version, or what it was started with.
FAKE_JAVA = """#!/bin/sh
case "$1" in
    -version) echo 'openjdk version "17.0.1"' >&2 ;;
    *) printf '%s\\n' "$@" ;;
esac
"""


def ran(*command, expect=0, **options):
    """Runs a program; its output, which the failure shows if its status is not the expected one."""
    done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=LIMIT, **options)
    if done.returncode != expect:
        raise AssertionError(f"{' '.join(command)} ended with status {done.returncode}, not {expect}:\n{done.stdout}")
    return done.stdout


def listens(path):
    """Whether somebody listens at a socket, by the kernel's own list."""
    with open("/proc/net/unix", encoding="utf-8") as sockets:
        return any(fields[3] == "00010000" and fields[-1] == path for fields in map(str.split, sockets))


class Machine:
    """This machine's file system, copied where it is written to, in a mount namespace that ends with this process."""

    def __init__(self, scratch):
        self.base = tempfile.mkdtemp(dir=scratch)
        self.upper, work, self.root = (os.path.join(self.base, name) for name in ("upper", "work", "root"))
        for directory in (self.upper, work, self.root):
            os.mkdir(directory)
        ran("mount", "-t", "overlay", "overlay", "-o", f"lowerdir=/,upperdir={self.upper},workdir={work}", self.root)
        for directory in ("run", "tmp"):
            ran("mount", "-t", "tmpfs", "-o", "mode=1777" if directory == "tmp" else "mode=755", "tmpfs", self.path(directory))
        for directory in ("dev", "proc"):
            ran("mount", "--rbind", f"/{directory}", self.path(directory))

    def remove(self):
        ran("umount", "--recursive", "--lazy", self.root)
        shutil.rmtree(self.base)

    def path(self, absolute):
        return os.path.join(self.root, absolute.lstrip("/"))

    def run(self, *command, user=None, **options):
        if user:
            group = self.run("id", "-g", user).strip()
            command = ("setpriv", f"--reuid={user}", f"--regid={group}", "--init-groups", *command)
        return ran("chroot", self.root, *command, env={"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "DEBIAN_FRONTEND": "noninteractive"}, **options)

    def install(self, package):
        shutil.copy(package, self.path("/tmp"))
        # The Java of this machine need not be Debian's.
        return self.dpkg("--force-depends", "--force-confold", "--force-unsafe-io", "--install", f"/tmp/{os.path.basename(package)}")

    def dpkg(self, *arguments):
        """Without what other packages do after it, which takes most of the time: the index of all manual pages."""
        return self.run("dpkg", "--no-triggers", *arguments)

    def read(self, path):
        with open(self.path(path), encoding="utf-8") as file:
            return file.read()

    def write(self, path, text, mode=0o644):
        os.makedirs(os.path.dirname(self.path(path)), exist_ok=True)
        with open(self.path(path), "w", encoding="utf-8") as file:
            file.write(text)
        os.chmod(self.path(path), mode)

    def exists(self, path):
        return os.path.lexists(self.path(path))

    def fakes_java(self):
        """The only Java of this machine is one that tells what it was started with."""
        os.makedirs(self.path("/usr/lib/jvm"), exist_ok=True)
        ran("mount", "-t", "tmpfs", "tmpfs", self.path("/usr/lib/jvm"))
        self.write(f"{JAVA}/bin/java", FAKE_JAVA, 0o755)

    def changed(self):
        """The package's files that are not as it brought them. Those that dpkg is told not to install are not there at all."""
        return [line for line in self.run("dpkg", "--verify", "peercred-karaf").splitlines() if not line.startswith("missing")]

    def account(self):
        return [entry for entry in self.read("/etc/passwd").splitlines() if entry.startswith("peercred:")]
