#!/usr/bin/env python3
# Licensed under the Apache License, Version 2.0; see the file LICENSE.
# SPDX-License-Identifier: Apache-2.0
"""Tests of what a release is checked for, with a small repository: it passes, and each thing that is taken from it is missed; and what an upgrade needs."""

import glob
import hashlib
import json
import os
import shutil
import subprocess
import tempfile
import unittest
import xml.etree.ElementTree
import zipfile

import release
import release_baseline
from release_karaf import Failure
import release_repository

FEATURES = "{http://karaf.apache.org/xmlns/features/v1.6.0}"
POM = """<project xmlns="http://maven.apache.org/POM/4.0.0"><artifactId>{0}</artifactId><version>1.2.3</version>{1}</project>"""
PARENT = "<packaging>pom</packaging><name>n</name><description>d</description><url>u</url><licenses/><developers/><scm/>"
CHILD = "<parent><artifactId>peercred</artifactId></parent><name>n</name>"


class Repository(unittest.TestCase):
    def setUp(self):
        self.top = tempfile.mkdtemp()
        self.addCleanup(shutil.rmtree, self.top)
        self.add("peercred", ".pom", POM.format("peercred", PARENT))
        self.add("org.peercred.api", ".pom", POM.format("org.peercred.api", CHILD))
        for end in (".jar", "-sources.jar", "-javadoc.jar"):
            self.add_jar(end, "org/peercred/content")
        for name in ("peercred", "org.peercred.api"):
            self.add(name, "-cyclonedx.json", json.dumps({"metadata": {"component": {"name": name, "version": "1.2.3"}}}))
            self.add(name, "-cyclonedx.xml", "<bom/>")

    def path(self, name, end=""):
        directory = os.path.join(self.top, "org", "peercred", name, "1.2.3")
        os.makedirs(directory, exist_ok=True)
        return os.path.join(directory, f"{name}-1.2.3{end}")

    def add(self, name, end, content):
        path = self.path(name, end)
        content = content.encode() if isinstance(content, str) else content
        for sum_end, algorithm in (("", None), (".md5", hashlib.md5), (".sha1", hashlib.sha1), (".asc", None)):
            with open(path + sum_end, "wb") as file:
                file.write(algorithm(content).hexdigest().encode() if algorithm else content)

    def add_jar(self, end, member):
        path = os.path.join(self.top, "jar")
        with zipfile.ZipFile(path, "w") as jar:
            jar.writestr(member, "content")
        with open(path, "rb") as file:
            self.add("org.peercred.api", end, file.read())
        os.unlink(path)

    def problems(self, is_signed=lambda signature: True):
        return release_repository.problems(self.top, ["peercred", "org.peercred.api"], "1.2.3", is_signed)

    def test_passes_a_release_that_is_whole(self):
        self.assertEqual([], self.problems())

    def test_misses_every_file(self):
        for path in glob.glob(os.path.join(self.top, "org", "peercred", "*", "*", "*")):
            with open(path, "rb") as file:
                content = file.read()
            os.unlink(path)
            self.assertTrue(any("is missing" in problem for problem in self.problems()), path)
            with open(path, "wb") as file:
                file.write(content)

    def test_tells_what_is_not_signed(self):
        signature = self.path("org.peercred.api", ".jar.asc")
        self.assertEqual(["org.peercred.api-1.2.3.jar.asc is no signature of it"], self.problems(lambda path: path != signature))

    def test_tells_what_was_changed_after_its_sum_was_made(self):
        with open(self.path("peercred", "-cyclonedx.xml"), "a", encoding="utf-8") as file:
            file.write(" ")
        self.assertEqual([f"peercred-1.2.3-cyclonedx.xml{end} is the sum of something else" for end in (".md5", ".sha1")], self.problems())

    def test_tells_what_a_pom_lacks(self):
        for element in ("name", "description", "url", "licenses", "developers", "scm"):
            self.add("peercred", ".pom", POM.format("peercred", PARENT).replace(f"<{element}", "<x").replace(f"</{element}", "</x"))
            self.assertEqual([f"peercred.pom has no <{element}>"], self.problems())

    def test_tells_a_snapshot(self):
        self.add("org.peercred.api", ".pom", POM.format("org.peercred.api", CHILD + "<x>9-SNAPSHOT</x>"))
        self.assertEqual(["org.peercred.api.pom names a snapshot"], self.problems())

    def test_tells_a_jar_with_nothing_in_it(self):
        self.add_jar("-javadoc.jar", "META-INF/MANIFEST.MF")
        self.assertEqual(["org.peercred.api-javadoc.jar has nothing in it"], self.problems())

    def test_tells_the_bill_of_something_else(self):
        self.add("peercred", "-cyclonedx.json", json.dumps({"metadata": {"component": {"name": "peercred", "version": "1.2.2"}}}))
        self.assertEqual(["peercred-cyclonedx.json is the bill of peercred 1.2.2"], self.problems())

    def test_tells_what_is_not_to_be_published(self):
        os.makedirs(os.path.join(self.top, "org", "peercred", "peercred-itests"))
        os.makedirs(os.path.join(self.top, "com"))
        os.makedirs(os.path.join(self.top, "org", "example"))
        self.assertEqual(["com does not belong there", "example does not belong there", "peercred-itests does not belong there"], self.problems())


class Signature(unittest.TestCase):
    @unittest.skipUnless(shutil.which("gpg"), "needs gpg")
    def test_is_that_of_the_file_beside_it(self):
        with tempfile.TemporaryDirectory() as directory, release.Key():
            path = os.path.join(directory, "file")
            for content in ("signed", "changed"):
                with open(path, "w", encoding="utf-8") as file:
                    file.write(content)
                if content == "signed":
                    subprocess.run(["gpg", "--batch", "--quiet", "--armor", "--detach-sign", path], check=True, timeout=60)
                self.assertEqual(content == "signed", release_repository.signed(f"{path}.asc"))


class Features(unittest.TestCase):
    def test_name_the_version_of_each_other(self):
        """Without it, an upgrade would keep what the old feature consists of, and run both."""
        file = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../../features/src/main/feature/features.xml")
        within = [feature for feature in xml.etree.ElementTree.parse(file).iter(f"{FEATURES}feature") if (feature.text or "").startswith("peercred")]
        self.assertTrue(within)
        for feature in within:
            self.assertEqual("@{project.version}", feature.get("version"), feature.text)


class Baseline(unittest.TestCase):
    """With the real sources, and a build that finds what is told."""

    def setUp(self):
        self.tree = tempfile.mkdtemp()
        self.addCleanup(shutil.rmtree, self.tree)
        shutil.copytree(os.path.join(release.TOP, release_baseline.SERVICE), os.path.join(self.tree, release_baseline.SERVICE))
        self.versions = []

    def build(self, removal, addition):
        """A build that fails with these words where a method is missing, and where one was added without a word."""
        connection = release_baseline.read(self.tree, release_baseline.CONNECTION)
        package = release_baseline.read(self.tree, release_baseline.PACKAGE)
        self.versions.append("1.1.0" in package)
        if "countRequest" not in connection and removal:
            raise Failure(removal)
        if "added()" in connection and "1.1.0" not in package and addition:
            raise Failure(addition)

    def compare(self, removal=release_baseline.RED, addition=release_baseline.RED):
        release_baseline.compare(self.tree, lambda: self.build(removal, addition))

    def test_a_comparison_that_notices_all_passes(self):
        self.compare()
        self.assertEqual([False, False, False, True], self.versions)

    def test_one_that_misses_a_removal_is_missed(self):
        with self.assertRaisesRegex(Failure, "passes although a method is missing"):
            self.compare(removal="")

    def test_one_that_misses_an_addition_is_missed(self):
        with self.assertRaisesRegex(Failure, "passes although a method has been added"):
            self.compare(addition="")

    def test_a_build_that_fails_for_something_else_is_no_answer(self):
        with self.assertRaisesRegex(Failure, "^no network$"):
            self.compare(removal="no network")


if __name__ == "__main__":
    unittest.main()
