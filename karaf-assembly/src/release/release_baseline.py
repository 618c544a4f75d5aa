# Licensed under the Apache License, Version 2.0; see the file LICENSE.
# SPDX-License-Identifier: Apache-2.0
"""What the comparison of the next version's exported packages with the release has to notice, tried on a copy of the tree that is the next version."""

import os
import re

from release_karaf import Failure

SERVICE = "bundles/api/src/main/java/org/peercred/service"
CONNECTION, PACKAGE = f"{SERVICE}/PeerConnection.java", f"{SERVICE}/package-info.java"
RED = "Baseline problems detected"


def compare(tree, build):
    """Raises a failure if a build of the tree is green that ought to be red, or the other way round. A build is a call that raises one."""
    green(build, "nothing has changed")
    connection, package = read(tree, CONNECTION), read(tree, PACKAGE)
    write(tree, CONNECTION, without_method(connection, "countRequest"))
    red(build, "a method is missing")
    write(tree, CONNECTION, with_method(connection))
    red(build, "a method has been added, and the package has its old version")
    write(tree, PACKAGE, raised(package))
    green(build, "a method has been added, and the package has a new version")


def green(build, what):
    try:
        build()
    except Failure as e:
        raise Failure(f"The comparison with the release does not pass where {what}: {e}") from e


def red(build, what):
    try:
        build()
    except Failure as e:
        if RED in str(e):
            return
        raise
    raise Failure(f"The comparison with the release passes although {what}.")


def without_method(source, name):
    """A type without an abstract method and its comment."""
    rest = re.sub(rf"    /\*\*(?:(?!/\*\*).)*?\*/\s*void {name}\(\);\n", "", source, flags=re.DOTALL)
    if rest == source:
        raise Failure(f"{CONNECTION} has no method {name}.")
    return rest


def with_method(source):
    end = source.rindex("}")
    return source[:end] + "\n    /** Does nothing. */\n    default void added() {}\n}\n"


def raised(source):
    """A package whose minor version is the next."""
    return re.sub(r'@Version\("(\d+)\.(\d+)\.\d+"\)', lambda found: f'@Version("{found[1]}.{int(found[2]) + 1}.0")', source)


def read(tree, name):
    with open(os.path.join(tree, name), encoding="utf-8") as file:
        return file.read()


def write(tree, name, content):
    with open(os.path.join(tree, name), "w", encoding="utf-8") as file:
        file.write(content)
