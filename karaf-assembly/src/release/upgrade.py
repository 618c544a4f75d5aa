#!/usr/bin/env python3
# Licensed under the Apache License, Version 2.0; see the file LICENSE.
# SPDX-License-Identifier: Apache-2.0
"""Upgrades as docs/operations.md describes them, with what was built.

usage: upgrade.py KAR ARCHIVE

The KAR and the assembly are taken twice, under the versions 0.1.0 and 0.1.1. A KAR then takes the place of the other, a feature that of the other, and one assembly that of the
other; each time what an operator has changed in etc/ has to count afterwards, and no bundle of the old version may run beside the new one. Takes some minutes.
"""

import glob
import os
import shutil
import sys
import tempfile

from release import OWN, say, step, stock, url
from release_karaf import Failure, Karaf
from release_versions import Version

PREFIX = "kept>"
ECHO = "etc/org.peercred.echo.cfg"


class Upgrade:
    """From one version to another, in a directory that is gone afterwards."""

    def __init__(self, old, new, scratch):
        self.old, self.new, self.scratch = old, new, scratch

    def stock(self, name, *repositories):
        home = os.path.join(self.scratch, name)
        karaf = Karaf(home, stock())
        karaf.be_stock([*repositories, f"{url(OWN)}@id=own"], os.path.join(home, "local"))
        karaf.start()
        return karaf

    def kar_over_kar(self):
        karaf = self.stock("kar")
        try:
            karaf.await_console()
            karaf.types(f"kar:install {url(self.old.kar)}")
            karaf.types("feature:install peercred")
            serves(karaf, self.old, "> ")
            change(karaf)
            karaf.types(f"kar:uninstall peercred-features-{self.old.number}")
            karaf.await_silence()
            karaf.types(f"kar:install {url(self.new.kar)}")
            karaf.types("feature:install peercred")
            serves(karaf, self.new, PREFIX)
        finally:
            karaf.stop()

    def feature_over_feature(self):
        karaf = self.stock("feature", *(f"{url(version.repository)}@id={version.number}" for version in (self.old, self.new)))
        try:
            karaf.await_console()
            karaf.types(f"feature:repo-add {features(self.old)}")
            karaf.types("feature:install peercred peercred-http")
            serves(karaf, self.old, "> ")
            change(karaf)
            karaf.types(f"feature:repo-add {features(self.new)}")
            karaf.types("feature:install --upgrade peercred peercred-http")
            serves(karaf, self.new, PREFIX)
            karaf.types(f"feature:repo-remove {features(self.old)}")
            serves(karaf, self.new, PREFIX)
        finally:
            karaf.stop()

    def assembly_over_assembly(self):
        home = os.path.join(self.scratch, "assembly")
        karaf = Karaf(home, self.old.archive)
        karaf.set("etc/org.peercred.listener-echo.cfg", path=karaf.socket)
        karaf.start()
        try:
            karaf.await_echo("> ")
            change(karaf)
            karaf.stop()
            before = os.path.join(home, "before")
            os.rename(karaf.home, before)
            karaf.unpack(self.new.archive)
            # What an operator writes; files of Karaf itself are the new one's.
            for file in glob.glob(os.path.join(before, "etc", "org.peercred.*")):
                shutil.copy2(file, karaf.path("etc"))
            karaf.start()
            karaf.await_echo(PREFIX)
            versions = set(os.listdir(karaf.path("system/org/peercred/org.peercred.listener")))
            if versions != {self.new.number}:
                raise Failure(f"The new assembly holds {versions}.")
        finally:
            karaf.stop()


def change(karaf):
    karaf.write(ECHO, f"prefix = {PREFIX}\n")
    karaf.await_echo(PREFIX)


def serves(karaf, version, prefix):
    karaf.await_echo(prefix)
    if karaf.versions() != {version.number}:
        raise Failure(f"Bundles of {sorted(karaf.versions())} run, not those of {version.number} alone.")


def features(version):
    return f"mvn:org.peercred/peercred-features/{version.number}/xml/features"


def main():
    if len(sys.argv) != 3:
        sys.exit("upgrade.py: a KAR and an assembly are expected")
    try:
        with tempfile.TemporaryDirectory() as scratch:
            old, new = (Version(number, sys.argv[1], sys.argv[2], scratch) for number in ("0.1.0", "0.1.1"))
            upgrade = Upgrade(old, new, scratch)
            step("A KAR in place of a KAR", upgrade.kar_over_kar)
            step("A feature in place of a feature", upgrade.feature_over_feature)
            step("An assembly in place of an assembly", upgrade.assembly_over_assembly)
    except Failure as e:
        sys.exit(f"upgrade.py: {e}")
    say("What was there is gone, and what was changed is kept, each time.")


if __name__ == "__main__":
    main()
