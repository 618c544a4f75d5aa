/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.common.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import javax.xml.parsers.DocumentBuilderFactory;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/**
 * A key as the built bundles describe it to configuration tools.
 *
 * @param type as the documentation calls it; {@code list} or {@code text} where it may say more
 * @param initial the default; {@code none}, or {@code required}
 * @param range of a number; the empty string for all else
 * @param description for people
 */
public record Described(String type, String initial, String range, String description) {

    /** All keys of all configurations: by PID, {@code ~NAME} behind it where there can be several, then by key. */
    public static Map<String, Map<String, Described>> all(Path bundles) throws Exception {
        Map<String, Map<String, Described>> all = new TreeMap<>();
        try (DirectoryStream<Path> modules = Files.newDirectoryStream(bundles, "*")) {
            for (Path module : modules) {
                all.putAll(of(module));
            }
        }
        return all;
    }

    /** All keys of the configurations of one bundle. */
    public static Map<String, Map<String, Described>> of(Path module) throws Exception {
        Map<String, Map<String, Described>> all = new TreeMap<>();
        for (Path file : files(module)) {
            Document document =
                    DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(file.toFile());
            Map<String, Described> keys = new TreeMap<>();
            for (Element attribute : elements(document, "AD")) {
                keys.put(attribute.getAttribute("id"), of(attribute));
            }
            for (Element designate : elements(document, "Designate")) {
                String factory = designate.getAttribute("factoryPid");
                all.put(factory.isEmpty() ? designate.getAttribute("pid") : factory + "~NAME", keys);
            }
        }
        return all;
    }

    /** Asserts that the module whose tests run describes to configuration tools what it reads, key by key. */
    public static void assertDescribes(String pid, Iterable<Key<?>> keys) throws Exception {
        Map<String, Described> described = new TreeMap<>(of(Path.of("")).get(pid));
        for (Key<?> key : keys) {
            Described one = described.remove(key.name());
            assertTrue(one != null, key + " is not described");
            String initial = key.initial().isEmpty() ? "none" : "`" + key.initial() + "`";
            assertEquals(one.initial().equals("required") ? "none" : one.initial(), initial, key.name());
            assertEquals(type(key), one.type(), key.name());
            assertEquals(key.type() == Key.Type.NUMBER ? key.range() : "", one.range(), key.name());
            assertTrue(one.description().contains(key.range()), key + ": " + one.description());
        }
        assertEquals(Map.of(), described, "described, and not read");
    }

    private static String type(Key<?> key) {
        return switch (key.type()) {
            case NUMBER -> "number";
            case FLAG -> "`true` or `false`";
            case LIST -> "list";
            default ->
                key.choices().isEmpty()
                        ? "text"
                        : key.choices().stream().map(word -> "`" + word + "`").collect(Collectors.joining(" or "));
        };
    }

    private static List<Path> files(Path module) throws IOException {
        List<Path> files = new ArrayList<>();
        Path metatype = module.resolve("target/classes/OSGI-INF/metatype");
        if (Files.isDirectory(metatype)) {
            try (DirectoryStream<Path> found = Files.newDirectoryStream(metatype, "*.xml")) {
                found.forEach(files::add);
            }
        }
        return files;
    }

    private static Described of(Element attribute) {
        List<String> options = new ArrayList<>();
        NodeList nodes = attribute.getElementsByTagName("Option");
        for (int i = 0; i < nodes.getLength(); i++) {
            options.add("`" + ((Element) nodes.item(i)).getAttribute("value") + "`");
        }
        String type =
                switch (attribute.getAttribute("type")) {
                    case "Integer" -> "number";
                    case "Boolean" -> "`true` or `false`";
                    default -> attribute.hasAttribute("cardinality") ? "list" : "text";
                };
        String range = attribute.hasAttribute("min")
                ? attribute.getAttribute("min") + " to " + attribute.getAttribute("max")
                : "";
        return new Described(
                options.isEmpty() ? type : options.stream().collect(Collectors.joining(" or ")),
                initial(attribute),
                range,
                attribute.getAttribute("description"));
    }

    private static String initial(Element attribute) {
        if (!attribute.hasAttribute("default")) {
            return "required";
        }
        // Blanks, commas and backslashes are marked by a backslash in a default.
        String text = attribute.getAttribute("default").replaceAll("\\\\(.)", "$1");
        return text.isEmpty() ? "none" : "`" + text + "`";
    }

    private static List<Element> elements(Document document, String tag) {
        NodeList nodes = document.getElementsByTagName(tag);
        List<Element> elements = new ArrayList<>();
        for (int i = 0; i < nodes.getLength(); i++) {
            elements.add((Element) nodes.item(i));
        }
        return elements;
    }
}
