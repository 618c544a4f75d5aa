/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.policy.internal.trial;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.lang.reflect.Proxy;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.ServiceLoader;
import java.util.TreeMap;
import java.util.TreeSet;
import org.osgi.framework.BundleContext;
import org.peercred.access.ConfigurationCheck;
import org.peercred.common.text.ForeignText;
import org.peercred.policy.internal.keeper.FileName;
import org.peercred.policy.internal.keeper.FileReader;
import org.peercred.policy.internal.keeper.Sentences;

/**
 * Checks a directory of configuration files where there is no container, by all the checks on the class path: {@code ./peercred
 * check-config}.
 */
public final class CheckConfig {

    /** All files would be accepted as they are. */
    static final int FINE = 0;

    /** One would be rejected, or something in it would not count. */
    static final int PROBLEMS = 1;

    /** It cannot be said. */
    static final int NO_ANSWER = 2;

    private final PrintStream out;
    private final List<ConfigurationCheck> checks;

    /**
     * Makes one.
     *
     * @param out where to tell
     * @param checks know what configurations may say
     */
    CheckConfig(PrintStream out, List<ConfigurationCheck> checks) {
        this.out = out;
        this.checks = checks;
    }

    /**
     * Checks, and ends the process with the status.
     *
     * @param arguments the directory
     */
    public static void main(String... arguments) {
        List<ConfigurationCheck> checks = new ArrayList<>();
        ServiceLoader.load(ConfigurationCheck.class).forEach(checks::add);
        System.exit(new CheckConfig(System.out, checks).run(arguments));
    }

    /**
     * Checks.
     *
     * @param arguments the directory
     * @return the exit status
     */
    int run(String... arguments) {
        if (arguments.length != 1) {
            out.println("Say which directory: check-config DIR.");
            return NO_ANSWER;
        }
        try {
            Path directory = Path.of(arguments[0]).toAbsolutePath().normalize();
            return check(directory);
        } catch (IOException | DirectoryIteratorException | InvalidPathException e) {
            out.println("The directory " + ForeignText.escape(arguments[0]) + " cannot be read ("
                    + e.getClass().getSimpleName() + ").");
            return NO_ANSWER;
        }
    }

    private int check(Path directory) throws IOException {
        FileReader reader = new FileReader(context(properties(directory)));
        Map<String, TreeSet<String>> claims = new TreeMap<>();
        TreeSet<String> names = new TreeSet<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
            files.forEach(file -> names.add(file.getFileName().toString()));
        }
        names.removeIf(name -> !FileName.isOurs(name));
        Together together = new Together();
        int problems = 0;
        for (String name : names) {
            FileCheck checked = FileCheck.of(directory.resolve(name), reader, pid -> false, checks);
            List<String> said = new ArrayList<>(checked.result().problems());
            said.addAll(checked.result().warnings());
            said.forEach(sentence -> out.println(ForeignText.escape(sentence)));
            problems += said.size();
            together.add(checked);
            claims.computeIfAbsent(checked.name().wholePid(), pid -> new TreeSet<>())
                    .add(name);
        }
        for (TreeSet<String> claimants : claims.values()) {
            if (claimants.size() > 1) {
                problems++;
                String others = Sentences.path(claimants.last());
                out.println(Sentences.twofold(FileName.of(claimants.first()), others)
                        .problem());
            }
        }
        List<String> between = together.problems();
        between.forEach(sentence -> out.println(ForeignText.escape(sentence)));
        problems += between.size();
        out.println(count(names.size(), "file") + ", " + count(problems, "problem") + ".");
        return problems == 0 ? FINE : PROBLEMS;
    }

    private static String count(int number, String what) {
        return number + " " + what + (number == 1 ? "" : "s");
    }

    /** What Karaf would have started with: its own files there, and where it is if that is its {@code etc}. */
    private static Map<String, String> properties(Path directory) throws IOException {
        Map<String, String> all = new HashMap<>();
        Path base = directory.getParent() == null ? directory : directory.getParent();
        all.put("karaf.base", base.toString());
        all.put("karaf.home", base.toString());
        all.put("karaf.data", base.resolve("data").toString());
        all.put("karaf.etc", directory.toString());
        for (String name : List.of("config.properties", "system.properties", "custom.properties")) {
            Path file = directory.resolve(name);
            if (Files.isRegularFile(file)) {
                Properties read = new Properties();
                try (InputStream in = Files.newInputStream(file)) {
                    read.load(in);
                } catch (IllegalArgumentException e) {
                    throw new IOException(e);
                }
                read.stringPropertyNames().forEach(key -> all.put(key, read.getProperty(key)));
            }
        }
        return all;
    }

    /** Variables in files stand for the properties of a bundle's context; nothing else of it is asked for. */
    private static BundleContext context(Map<String, String> properties) {
        return (BundleContext) Proxy.newProxyInstance(
                CheckConfig.class.getClassLoader(),
                new Class<?>[] {BundleContext.class},
                (self, method, arguments) -> switch (method.getName()) {
                    case "getProperty" -> properties.get((String) arguments[0]);
                    default -> throw new UnsupportedOperationException(method.getName());
                });
    }
}
