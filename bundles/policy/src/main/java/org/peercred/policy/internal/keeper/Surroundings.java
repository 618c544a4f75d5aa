/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.policy.internal.keeper;

import java.io.File;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import org.osgi.framework.BundleContext;
import org.peercred.access.Finding;
import org.peercred.access.Finding.Area;
import org.peercred.common.text.ForeignText;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Settings of the container, and its virtual machine, by which changes of files may be lost. They change with a restart only. */
public final class Surroundings {

    /** The bundle's file that says under which Java this cache of Karaf's was used; {@code bin/karaf} reads it, too. */
    static final String JAVA_FILE = "java.versions";

    private static final Logger LOG = LoggerFactory.getLogger(Surroundings.class);

    private final List<Finding> findings;

    /**
     * Looks.
     *
     * @param context whose properties and data area to look at
     */
    public Surroundings(BundleContext context) {
        this(
                context::getProperty,
                Charset.defaultCharset(),
                data(context),
                Runtime.version().feature());
    }

    Surroundings(UnaryOperator<String> properties, Charset charset, Optional<Path> record, int java) {
        List<Finding> found = new ArrayList<>();
        java(record, java).ifPresent(found::add);
        if (!"true".equals(properties.apply("felix.fileinstall.disableNio2"))) {
            found.add(setting(
                    "felix.fileinstall.disableNio2",
                    "Karaf may miss changes of configuration files: many at once, files behind symbolic links, and files that"
                            + " are deleted and written again. They are made up for within five seconds.",
                    "Set felix.fileinstall.disableNio2 = true in etc/config.properties, and restart."));
        }
        String encoding = properties.apply("felix.fileinstall.configEncoding");
        if (!"UTF-8".equalsIgnoreCase(encoding)) {
            found.add(setting(
                    "felix.fileinstall.configEncoding",
                    "Karaf reads configuration files as "
                            + (encoding == null ? "ISO-8859-1" : ForeignText.escape(encoding))
                            + ": letters that are not ASCII reach clients garbled, and names with such letters are not found.",
                    "Set felix.fileinstall.configEncoding = UTF-8 in etc/config.properties, and restart."));
        }
        String names = properties.apply("sun.jnu.encoding");
        if (!StandardCharsets.UTF_8.equals(charset) || (names != null && !"UTF-8".equalsIgnoreCase(names))) {
            found.add(setting(
                    "LANG",
                    "The virtual machine's character set is " + charset.name() + ", for file names " + names
                            + ": names that are not ASCII look alike in the log.",
                    "Start Karaf with LANG=C.UTF-8."));
        }
        findings = List.copyOf(found);
    }

    /** What is amiss. */
    public List<Finding> check() {
        return findings;
    }

    private static Finding setting(String key, String problem, String remedy) {
        return new Finding(Area.CONTAINER, key, problem, remedy);
    }

    private static Optional<Path> data(BundleContext context) {
        return Optional.ofNullable(context.getDataFile(JAVA_FILE)).map(File::toPath);
    }

    /** A cache that one Java made and another used may have lost what links Karaf to its configurations, under both. */
    private static Optional<Finding> java(Optional<Path> record, int java) {
        if (record.isEmpty()) {
            return Optional.empty();
        }
        TreeSet<String> versions = new TreeSet<>();
        try {
            if (Files.exists(record.get())) {
                versions.addAll(Files.readAllLines(record.get()));
            }
            if (versions.add(String.valueOf(java))) {
                Files.write(record.get(), versions);
            }
        } catch (IOException e) {
            LOG.warn(
                    "It cannot be recorded that this cache of Karaf's is used by Java {}: {}.", java, Sentences.why(e));
        }
        return versions.size() == 1
                ? Optional.empty()
                : Optional.of(setting(
                        "java",
                        "data/cache was used by different versions of Java, " + String.join(" and ", versions)
                                + ": Karaf may read no configuration file any more, without saying so, for as long as this cache is"
                                + " there.",
                        "Stop Karaf, delete data/cache, and start it again."));
    }
}
