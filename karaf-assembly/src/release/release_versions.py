# Licensed under the Apache License, Version 2.0; see the file LICENSE.
# SPDX-License-Identifier: Apache-2.0
"""What was built, under another version: the same code by another number, as good as the next release to see how one takes the place of the other."""

import io
import os
import re
import tarfile
import zipfile

OURS = "org/peercred/"
TEXTS = (".xml", ".cfg", ".properties", ".config")


class Version:
    """The KAR and the assembly of a build under another version, and the repository that the KAR holds."""

    def __init__(self, number, kar, archive, directory):
        self.number, self.directory = number, os.path.join(directory, number)
        self.built = re.search(r"peercred-features-(.*)\.kar$", kar).group(1)
        self.repository = os.path.join(self.directory, "repository")
        self.kar = os.path.join(self.directory, f"peercred-features-{number}.kar")
        self.archive = os.path.join(self.directory, f"peercred-karaf-{number}.tar.gz")
        os.makedirs(self.directory)
        self.write_kar(kar)
        self.write_archive(archive)

    def write_kar(self, built):
        with zipfile.ZipFile(built) as source, zipfile.ZipFile(self.kar, "w") as target:
            for entry in source.infolist():
                name, content = self.renamed(entry.filename), self.changed(entry.filename, source.read(entry))
                target.writestr(name, content)
                if name.startswith("repository/") and not entry.is_dir():
                    path = os.path.join(self.directory, name)
                    os.makedirs(os.path.dirname(path), exist_ok=True)
                    with open(path, "wb") as file:
                        file.write(content)

    def write_archive(self, built):
        with tarfile.open(built) as source, tarfile.open(self.archive, "w:gz", compresslevel=1) as target:
            for member in source:
                content = self.changed(member.name, source.extractfile(member).read()) if member.isfile() else None
                member.name = self.renamed(member.name)
                # Long names stand there, too, and would count.
                member.pax_headers = {}
                if content is None:
                    target.addfile(member)
                    continue
                member.size = len(content)
                target.addfile(member, io.BytesIO(content))

    def renamed(self, name):
        return name.replace(self.built, self.number)

    def changed(self, name, content):
        """Other people's files, too, where they name ours."""
        if OURS in name and name.endswith(".jar"):
            return self.bundle(content)
        if not name.endswith(TEXTS):
            return content
        return content.replace(self.built.encode(), self.number.encode()).replace(self.osgi().encode(), self.number.encode())

    def bundle(self, jar):
        changed = io.BytesIO()
        with zipfile.ZipFile(io.BytesIO(jar)) as source, zipfile.ZipFile(changed, "w") as target:
            for entry in source.infolist():
                content = source.read(entry)
                if entry.filename == "META-INF/MANIFEST.MF":
                    content = content.replace(b"Bundle-Version: " + self.osgi().encode(), b"Bundle-Version: " + self.number.encode())
                target.writestr(entry, content)
        return changed.getvalue()

    def osgi(self):
        return self.built.replace("-", ".")
