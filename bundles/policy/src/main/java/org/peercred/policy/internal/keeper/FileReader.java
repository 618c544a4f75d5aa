/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.policy.internal.keeper;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import org.apache.felix.utils.properties.InterpolationHelper;
import org.apache.felix.utils.properties.TypedProperties;
import org.osgi.framework.BundleContext;

/** Reads configuration files as Felix File Install does, so that the same file has the same values to both. */
public final class FileReader {

    private static final String ENCODING = "felix.fileinstall.configEncoding";

    /** Without any of these a file has no variables, no escapes and no types. */
    private static final String SPECIAL = "$\\\"[(";

    private final BundleContext context;

    /**
     * Makes a reader.
     *
     * @param context whose properties variables in values stand for
     */
    public FileReader(BundleContext context) {
        this.context = context;
    }

    /**
     * Reads a file.
     *
     * @param file a regular file
     * @param options how to open it, for instance without following a symbolic link
     * @return its values
     * @throws IOException if it cannot be read
     * @throws IllegalArgumentException if it cannot be understood
     */
    public Map<String, Object> read(Path file, OpenOption... options) throws IOException {
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file, options))) {
            in.mark(1);
            boolean isXml = in.read() == '<';
            in.reset();
            return isXml ? xml(in) : typed(in);
        }
    }

    private Map<String, Object> xml(InputStream in) throws IOException {
        Properties read = new Properties();
        read.loadFromXML(in);
        Map<String, String> texts = new HashMap<>();
        read.stringPropertyNames().forEach(key -> texts.put(key, read.getProperty(key)));
        InterpolationHelper.performSubstitution(texts, context);
        return new HashMap<>(texts);
    }

    private Map<String, Object> typed(InputStream in) throws IOException {
        String text = new String(in.readAllBytes(), encoding());
        return text.chars().anyMatch(c -> SPECIAL.indexOf(c) >= 0) ? typed(text) : plain(text);
    }

    private Map<String, Object> typed(String text) throws IOException {
        InterpolationHelper.SubstitutionCallback variables =
                new InterpolationHelper.BundleContextSubstitutionCallback(context);
        TypedProperties read = new TypedProperties((name, key, value) -> variables.getValue(value));
        read.load(new StringReader(text));
        Map<String, Object> values = new HashMap<>();
        read.keySet().forEach(key -> values.put(key, read.get(key)));
        return values;
    }

    /** The same where there is neither a variable nor a type: both take a time that grows with the square of the number of keys. */
    private static Map<String, Object> plain(String text) throws IOException {
        org.apache.felix.utils.properties.Properties read = new org.apache.felix.utils.properties.Properties(false);
        read.load(new StringReader(text));
        return new HashMap<>(read);
    }

    private Charset encoding() {
        String name = context.getProperty(ENCODING);
        return Charset.forName(name == null ? "ISO-8859-1" : name);
    }
}
