/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.console.internal.session;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.apache.felix.service.command.CommandSession;
import org.apache.karaf.shell.api.console.Session;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Karaf's scripts for each session, which define the usual short names. To run them takes far longer than most commands; so in a session
 * for commands only, each is run when a line holds a word that it defines. Interactive sessions run all by themselves. For one
 * thread.
 */
final class InitScript {

    private static final Logger LOG = LoggerFactory.getLogger(InitScript.class);
    private static final Pattern DEFINITION = Pattern.compile("(?m)^\\s*([^\\s={}();|\"']+)\\s*=");
    private static final Pattern WORD = Pattern.compile("[\\w:#.-]+");

    /** Commands that run what is not in the line. */
    private static final Set<String> ANY = Set.of("source", "shell:source", "eval", "shell:eval", "exec", "shell:exec");

    private static final Map<Path, Script> SCRIPTS = new ConcurrentHashMap<>();

    /** A file as it was read last, and what it defines. */
    private record Script(FileTime modified, String text, Set<String> names) {

        static Script of(Path file) throws IOException {
            FileTime modified = Files.getLastModifiedTime(file);
            Script known = SCRIPTS.get(file);
            if (known != null && known.modified.equals(modified)) {
                return known;
            }
            String text = Files.readString(file);
            Set<String> names = new HashSet<>();
            for (Matcher definition = DEFINITION.matcher(text); definition.find(); ) {
                names.add(definition.group(1));
            }
            Script read = new Script(modified, text, names);
            SCRIPTS.put(file, read);
            return read;
        }
    }

    private final CommandSession commands;
    private final List<Path> left = new ArrayList<>();

    InitScript(Session session) {
        commands = (CommandSession) session.get(".commandSession");
        String names = Optional.ofNullable(System.getProperty("karaf.exec.init.script"))
                .orElseGet(() -> System.getProperty("karaf.shell.init.script", ""));
        Path etc = Path.of(System.getProperty("karaf.etc", "etc"));
        Stream.of(names.split(","))
                .map(String::strip)
                .filter(name -> !name.isEmpty())
                .forEach(name -> left.addAll(files(etc.resolve(name))));
    }

    /** Runs those that a line needs and that were not run yet. What fails in one is no concern of the client's. */
    void prepare(String line) {
        if (left.isEmpty()) {
            return;
        }
        Set<String> words = new HashSet<>();
        for (Matcher word = WORD.matcher(line); word.find(); ) {
            words.add(word.group());
        }
        boolean all = words.stream().anyMatch(ANY::contains);
        left.removeIf(file -> runIfNeeded(file, words, all));
    }

    private boolean runIfNeeded(Path file, Set<String> words, boolean all) {
        try {
            Script script = Script.of(file);
            if (!all && words.stream().noneMatch(script.names::contains)) {
                return false;
            }
            commands.execute(script.text);
        } catch (IOException | UncheckedIOException e) {
            LOG.debug("The script {} cannot be read", file, e);
        } catch (Exception | LinkageError | StackOverflowError e) {
            LOG.debug("The script {} has failed", file, e);
        }
        return true;
    }

    /** The name of a file may be a pattern. */
    private static List<Path> files(Path name) {
        Path directory = name.getParent();
        if (directory == null || !name.getFileName().toString().contains("*")) {
            return List.of(name);
        }
        try (DirectoryStream<Path> found =
                Files.newDirectoryStream(directory, name.getFileName().toString())) {
            return StreamSupport.stream(found.spliterator(), false).sorted().toList();
        } catch (IOException e) {
            LOG.debug("There are no scripts {}", name, e);
            return List.of();
        }
    }
}
