/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.policy.internal.trial;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.peercred.access.ConfigurationCheck;
import org.peercred.access.ConfigurationCheck.Result;
import org.peercred.access.Finding;
import org.peercred.common.text.ForeignText;
import org.peercred.policy.internal.keeper.FileName;
import org.peercred.policy.internal.keeper.FileReader;
import org.peercred.policy.internal.keeper.Sentences;
import org.peercred.policy.internal.keeper.Values;

/**
 * A configuration file that is looked at, wherever it lies, as if it were in the container's directory.
 *
 * @param name what its name stands for
 * @param properties what its component would be given; empty if it cannot be read
 * @param result what there is to say of it
 * @param check who said it; empty if nobody knows such configurations, or it cannot be read
 */
record FileCheck(FileName name, Map<String, Object> properties, Result result, Optional<ConfigurationCheck> check) {

    /**
     * Looks at it.
     *
     * @param file the file
     * @param reader reads files as Karaf does
     * @param others whether anybody else reads configurations with a PID that no check knows
     * @param checks knows what configurations may say
     * @param links {@link LinkOption#NOFOLLOW_LINKS} where whoever asks need not be one who may read what a link leads to
     * @return what there is to say
     */
    static FileCheck of(
            Path file,
            FileReader reader,
            Predicate<String> others,
            Iterable<ConfigurationCheck> checks,
            LinkOption... links) {
        FileName name = FileName.of(file.getFileName().toString());
        Optional<ConfigurationCheck> check = Optional.empty();
        for (ConfigurationCheck one : checks) {
            check = one.pids().contains(name.pid()) ? Optional.of(one) : check;
        }
        boolean known = check.isPresent();
        Optional<String> meant = name.meant(pid -> known || others.test(pid));
        if (meant.isPresent()) {
            Finding finding = Sentences.misnamed(name, meant.get());
            return rejected(name, finding.problem() + " " + finding.remedy());
        }
        if (name.isJson()) {
            return rejected(name, Sentences.path(name.name()) + " cannot be tried: only .cfg and .config can.");
        }
        try {
            Map<String, Object> properties = new HashMap<>(reader.read(regular(file, links), links));
            properties.put("service.pid", name.wholePid());
            properties.put(Values.FILE, file.toAbsolutePath().toUri().toString());
            Result result = check.map(one -> one.check(name.pid(), properties))
                    .orElseGet(() -> new Result(List.of(), List.of(unchecked(name))));
            return new FileCheck(name, properties, result, check);
        } catch (IOException | RuntimeException e) {
            return rejected(name, Sentences.path(name.name()) + " cannot be read: " + ForeignText.escape(why(e)) + ".");
        } catch (StackOverflowError e) {
            return rejected(
                    name, Sentences.path(name.name()) + " cannot be read: variables in it are nested too deeply.");
        }
    }

    /** A pipe would be waited for. */
    private static Path regular(Path file, LinkOption... links) throws IOException {
        if (Files.exists(file, links) && !Files.isRegularFile(file, links)) {
            throw new IOException(Files.isSymbolicLink(file) ? "it is a symbolic link" : "it is no file");
        }
        return file;
    }

    private static String why(Exception e) {
        if (e instanceof NoSuchFileException) {
            return "there is no such file";
        }
        return e instanceof AccessDeniedException
                ? "permission denied"
                : (e instanceof IOException ? "" : "it is malformed: ") + Sentences.why(e);
    }

    private static String unchecked(FileName name) {
        return Sentences.path(name.name()) + ": what it says is not checked here, but by the bundle that reads it.";
    }

    private static FileCheck rejected(FileName name, String problem) {
        return new FileCheck(name, Map.of(), new Result(List.of(problem), List.of()), Optional.empty());
    }

    /** The same with one more problem. */
    FileCheck with(String problem) {
        return new FileCheck(name, properties, new Result(List.of(problem), result.warnings()), check);
    }

    /** Whether it would be put in force. */
    boolean accepted() {
        return result.problems().isEmpty();
    }
}
