/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.docs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Links from page to page lead somewhere. Those to other sites are not followed. */
@Timeout(120)
class LinksTest {

    private static final Path TOP = Path.of("..");
    private static final Pattern LINK = Pattern.compile("]\\((?<file>[^)#\\s:]*)(#(?<heading>[^)\\s]+))?\\)");
    private static final Pattern CODE = Pattern.compile("```.*?```", Pattern.DOTALL);

    private static List<Path> pages() throws IOException {
        List<Path> pages = new ArrayList<>();
        for (Path directory : List.of(TOP, TOP.resolve("docs"), TOP.resolve("docs/adr"))) {
            try (Stream<Path> files = Files.list(directory)) {
                files.filter(file -> file.toString().endsWith(".md")).forEach(pages::add);
            }
        }
        return pages;
    }

    /** What a heading is linked by. */
    private static boolean hasHeading(Path page, String anchor) throws IOException {
        return Files.readAllLines(page).stream()
                .filter(line -> line.startsWith("#"))
                .map(line -> line.replaceFirst("^#+ ", "").toLowerCase(Locale.ROOT))
                .map(line -> line.replaceAll("[^\\p{L}\\p{N} _-]", "").replace(' ', '-'))
                .anyMatch(anchor::equals);
    }

    @Test
    void lead_to_pages_and_headings_that_exist() throws IOException {
        List<Path> pages = pages();
        assertFalse(pages.isEmpty());
        List<String> broken = new ArrayList<>();
        for (Path page : pages) {
            Matcher link = LINK.matcher(CODE.matcher(Files.readString(page)).replaceAll(""));
            while (link.find()) {
                String file = link.group("file");
                Path target = file.isEmpty() ? page : page.resolveSibling(file);
                String heading = link.group("heading");
                if (!Files.exists(target) || (heading != null && !hasHeading(target, heading))) {
                    broken.add(page + " " + link.group());
                }
            }
        }
        assertEquals(List.of(), broken);
    }
}
