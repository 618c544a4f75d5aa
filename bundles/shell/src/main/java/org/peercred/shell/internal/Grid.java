/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.shell.internal;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import org.apache.karaf.shell.support.table.Col;
import org.apache.karaf.shell.support.table.ShellTable;
import org.peercred.shell.internal.Palette.Tone;

/**
 * A {@link ShellTable} whose cells are escaped, and whose last column is broken into lines where the terminal is too narrow.
 * Without format: a line a row, cells separated by tabs, nothing else.
 */
final class Grid {

    private static final int SEPARATOR = 3;
    private static final int NARROWEST = 20;

    private record Column(String header, boolean right, Function<String, Tone> tone) {}

    private final Palette palette;
    private final boolean format;
    private final int width;
    private final List<Column> columns = new ArrayList<>();
    private final List<List<String>> rows = new ArrayList<>();

    /**
     * An empty table.
     *
     * @param palette the terminal's colours
     * @param format whether a person reads it
     * @param width the terminal's width in characters, 0 if it has none
     */
    Grid(Palette palette, boolean format, int width) {
        this.palette = palette;
        this.format = format;
        this.width = width;
    }

    /** Adds a column of texts. */
    Grid text(String header) {
        return toned(header, cell -> Tone.PLAIN);
    }

    /** Adds a column of numbers. */
    Grid number(String header) {
        columns.add(new Column(header, true, cell -> Tone.PLAIN));
        return this;
    }

    /** Adds a column of texts in colours. */
    Grid toned(String header, Function<String, Tone> tone) {
        columns.add(new Column(header, false, tone));
        return this;
    }

    /** Adds a row, a cell a column. */
    Grid row(Object... cells) {
        rows.add(Arrays.stream(cells)
                .map(cell -> TerminalText.safe(cell.toString()))
                .toList());
        return this;
    }

    /**
     * Prints it.
     *
     * @param out where to
     * @param ifEmpty what a person is told when there are no rows
     */
    void print(PrintStream out, String ifEmpty) {
        if (!format) {
            rows.forEach(row -> out.println(String.join("\t", row)));
            return;
        }
        ShellTable table = new ShellTable().emptyTableText(ifEmpty);
        for (Column column : columns) {
            Col col = table.column(column.header());
            if (column.right()) {
                col.alignRight();
            }
            col.colorProvider(cell -> palette.begin(column.tone().apply(cell)));
        }
        int room = roomForLast();
        rows.forEach(row -> table.addRow().addContent(folded(row, room)));
        table.print(out, true);
    }

    private int roomForLast() {
        int others = 0;
        for (int i = 0; i < columns.size() - 1; i++) {
            int column = i;
            int widest = rows.stream()
                    .mapToInt(row -> row.get(column).length())
                    .max()
                    .orElse(0);
            others += Math.max(columns.get(i).header().length(), widest) + SEPARATOR;
        }
        // Not into the terminal's last column: some begin a new line by themselves after it.
        int room = width - 1 - others;
        return width == 0 || room < NARROWEST ? Integer.MAX_VALUE : room;
    }

    private static Object[] folded(List<String> row, int room) {
        Object[] cells = row.toArray();
        cells[cells.length - 1] = fold(row.get(row.size() - 1), room);
        return cells;
    }

    /** Breaks a text at blanks. ShellTable's own breaking loses a letter where a line is exactly full. */
    static String fold(String text, int room) {
        StringBuilder folded = new StringBuilder();
        int line = 0;
        for (String word : text.split(" ", -1)) {
            if (line > 0 && line + 1 + word.length() > room) {
                folded.append('\n');
                line = 0;
            } else if (line > 0) {
                folded.append(' ');
                line++;
            }
            folded.append(word);
            line += word.length();
        }
        return folded.toString();
    }
}
