/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.policy.internal.keeper;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import org.peercred.policy.internal.keeper.InForce.Entry;

/** The directory of the configuration files, by all the names that it has had: symbolic links to it may be switched. */
final class Home {

    private final Path directory;
    private final Set<Path> names = new HashSet<>();

    Home(Path directory) {
        this.directory = directory;
        names.add(directory.toAbsolutePath());
        learn();
    }

    /** Remembers what the directory is called now. */
    void learn() {
        names.add(canonical());
    }

    Path directory() {
        return directory;
    }

    Set<Path> names() {
        return names;
    }

    Path file(FileName name) {
        return directory.resolve(name.name());
    }

    /** Whether a path is one in this directory. */
    boolean holds(Path path) {
        return path.getParent() != null && names.contains(path.getParent());
    }

    /** Whether the file that a configuration is of is there, now. */
    boolean has(Entry entry) {
        Path file = entry.file().orElseThrow();
        Path place = holds(file) ? directory.resolve(file.getFileName()) : file;
        return !Files.notExists(place, LinkOption.NOFOLLOW_LINKS);
    }

    /** What a configuration of this file is known by to Felix File Install; one in force stays known by what it is. */
    String uri(FileName name, Entry entry) {
        boolean here = entry.file()
                .filter(file -> file.getFileName().toString().equals(name.name()) && holds(file))
                .isPresent();
        return here ? entry.values().get(Values.FILE).toString() : uri(name);
    }

    String uri(FileName name) {
        return new File(canonical().toFile(), name.name())
                .getAbsoluteFile()
                .toURI()
                .toString();
    }

    private Path canonical() {
        try {
            return directory.toRealPath();
        } catch (IOException e) {
            return directory.toAbsolutePath();
        }
    }
}
