# Licensed under the Apache License, Version 2.0; see the file LICENSE.
# SPDX-License-Identifier: Apache-2.0
"""A Karaf in a directory of its own, as the programs here unpack, configure, start and stop it."""

import os
import subprocess

import bench_machine
import bench_servers

UNPACK_SECONDS = 120


class Home:
    """Unpacked from an archive; one process at a time."""

    def __init__(self, home, archive):
        """home: is made; archive: a tar.gz with one directory in it."""
        self.home = home
        self.process = None
        os.makedirs(home)
        subprocess.run(["tar", "-xzf", archive, "-C", home, "--strip-components=1"], check=True, timeout=UNPACK_SECONDS)

    def path(self, name):
        return os.path.join(self.home, name)

    def set(self, name, values):
        """Sets keys of a file in etc/; a value that is None removes its key."""
        bench_servers.set_properties(self.path(os.path.join("etc", name)), values)

    def edit(self, name, text, replacement):
        """Replaces a text of a file in etc/, which has to be there."""
        file = self.path(os.path.join("etc", name))
        before = bench_machine.read(file)
        if text not in before:
            raise SystemExit(f"{file} does not contain: {text}")
        with open(file, "w", encoding="utf-8") as edited:
            edited.write(before.replace(text, replacement))

    def launch(self, terminal, directory=None):
        """Starts it and waits for nothing; terminal: the file that has what it prints; directory: where it works, this one if None."""
        with open(terminal, "w", encoding="utf-8") as output:
            self.process = subprocess.Popen(
                [self.path("bin/karaf"), "daemon"], stdin=subprocess.DEVNULL, stdout=output, stderr=output, cwd=directory
            )

    def stop(self):
        """Has its process end in order; does nothing where there is none."""
        if self.process is not None:
            bench_machine.end(self.process)
            self.process = None
