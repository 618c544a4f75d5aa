# Licensed under the Apache License, Version 2.0; see the file LICENSE.
# SPDX-License-Identifier: Apache-2.0
"""What Maven Central, and who uses it, expects of a repository with a release in it."""

import glob
import hashlib
import json
import os
import subprocess
import xml.etree.ElementTree
import zipfile

GROUP = os.path.join("org", "peercred")
SUMS = {".md5": hashlib.md5, ".sha1": hashlib.sha1}
POM = "{http://maven.apache.org/POM/4.0.0}"
# Central reads these of each POM, the others of the parent as well.
OWN, INHERITED = ["name"], ["description", "url", "licenses", "developers", "scm"]
LIMIT = 60  # seconds for one look at a signature
# What artifacts have besides what all of them have.
SPECIAL = {"peercred-features": [".kar", "-features.xml"], "peercred-karaf": [".tar.gz"]}


def signed(signature):
    """Whether a signature, FILE.asc, is one of the file beside it by a key that gpg knows."""
    command = ["gpg", "--batch", "--verify", signature, signature.removesuffix(".asc")]
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, timeout=LIMIT)
    return done.returncode == 0


class Artifact:
    """The files of one artifact in one version."""

    def __init__(self, repository, artifact, version):
        self.name, self.version = artifact, version
        self.directory = os.path.join(repository, GROUP, artifact, version)
        self.stem = os.path.join(self.directory, f"{artifact}-{version}")

    def expected(self):
        """The ends of the names of the files that have to be there."""
        ends = [".pom", "-cyclonedx.json", "-cyclonedx.xml", *SPECIAL.get(self.name, [])]
        return ends if self.packaging() == "pom" else [*ends, ".jar", "-sources.jar", "-javadoc.jar"]

    def packaging(self):
        return self.pom().findtext(f"{POM}packaging", "jar")

    def pom(self):
        return xml.etree.ElementTree.parse(f"{self.stem}.pom").getroot()

    def problems(self, is_signed):
        """Sentences; none if all is well. The file with the POM has to be there."""
        for end in self.expected():
            if not os.path.isfile(self.stem + end):
                yield f"{self.name}{end} is missing"
        for path in sorted(glob.glob(os.path.join(glob.escape(self.directory), "*"))):
            if not path.endswith((".asc", *SUMS)):
                yield from self.unsound(path, is_signed)
        yield from self.unfit_pom()
        for end in (".jar", "-sources.jar", "-javadoc.jar"):
            if os.path.isfile(self.stem + end) and not has_content(self.stem + end):
                yield f"{self.name}{end} has nothing in it"
        if os.path.isfile(f"{self.stem}-cyclonedx.json"):
            yield from self.unfit_bill()

    def unsound(self, path, is_signed):
        name = os.path.basename(path)
        with open(path, "rb") as file:
            content = file.read()
        for end, algorithm in SUMS.items():
            if not os.path.isfile(path + end):
                yield f"{name}{end} is missing"
            elif text(path + end).split()[:1] != [algorithm(content).hexdigest()]:
                yield f"{name}{end} is the sum of something else"
        if not os.path.isfile(f"{path}.asc"):
            yield f"{name}.asc is missing"
        elif not is_signed(f"{path}.asc"):
            yield f"{name}.asc is no signature of it"

    def unfit_pom(self):
        pom = self.pom()
        parent = pom.find(f"{POM}parent") is not None
        for element in OWN if parent else OWN + INHERITED:
            if pom.find(f"{POM}{element}") is None:
                yield f"{self.name}.pom has no <{element}>"
        if "-SNAPSHOT" in text(f"{self.stem}.pom"):
            yield f"{self.name}.pom names a snapshot"

    def unfit_bill(self):
        described = json.loads(text(f"{self.stem}-cyclonedx.json")).get("metadata", {}).get("component", {})
        if (described.get("name"), described.get("version")) != (self.name, self.version):
            yield f"{self.name}-cyclonedx.json is the bill of {described.get('name')} {described.get('version')}"


def text(path):
    with open(path, encoding="utf-8") as file:
        return file.read()


def has_content(jar):
    with zipfile.ZipFile(jar) as archive:
        return any(not name.endswith("/") and not name.startswith("META-INF/") for name in archive.namelist())


def problems(repository, artifacts, version, is_signed=signed):
    """All that is wrong with these artifacts in this version, in sentences; and what is there that should not be."""
    found = []
    for artifact in sorted(artifacts):
        there = Artifact(repository, artifact, version)
        if os.path.isfile(f"{there.stem}.pom"):
            found += there.problems(is_signed)
        else:
            found.append(f"{artifact}.pom is missing")
    for directory, ours in ((repository, "org"), (os.path.join(repository, "org"), "peercred")):
        found += [f"{name} does not belong there" for name in entries(directory) if name != ours]
    published = os.path.join(repository, GROUP)
    found += [f"{name} does not belong there" for name in entries(published) if name not in artifacts]
    return found


def entries(directory):
    return sorted(os.listdir(directory)) if os.path.isdir(directory) else []
