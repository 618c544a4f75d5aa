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
import org.peercred.common.text.ForeignText;
import org.peercred.shell.internal.Palette.Tone;

/**
 * A {@link ShellTable} whose cells are escaped, and whose widest columns are broken into lines where the terminal is too narrow.
 * Without format: a line a row, cells separated by tabs, nothing else.
 */
final class Grid {

    private static final int SEPARATOR = 3;
    private static final int NARROWEST = 8;

    private record Column(String header, boolean right, boolean whole, Function<String, Tone> tone) {}

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
        columns.add(new Column(header, false, false, cell -> Tone.PLAIN));
        return this;
    }

    /** Adds a column of numbers. */
    Grid number(String header) {
        columns.add(new Column(header, true, true, cell -> Tone.PLAIN));
        return this;
    }

    /** Adds a column of short texts in colours, which are never broken: a colour would go on into the next column. */
    Grid toned(String header, Function<String, Tone> tone) {
        columns.add(new Column(header, false, true, tone));
        return this;
    }

    /** Adds a row, a cell a column. */
    Grid row(Object... cells) {
        rows.add(Arrays.stream(cells)
                .map(cell -> ForeignText.escape(cell.toString()))
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
            // ShellTable has headers coloured as if they were cells.
            col.colorProvider(cell -> palette.begin(
                    cell.equals(column.header()) ? Tone.PLAIN : column.tone().apply(cell)));
        }
        int[] room = room();
        rows.forEach(row -> table.addRow().addContent(folded(row, room)));
        table.print(out, true);
    }

    /** How wide each column may be: the widest are narrowed, a character at a time, until all of them fit. */
    private int[] room() {
        int[] room = new int[columns.size()];
        int[] least = new int[columns.size()];
        int total = (columns.size() - 1) * SEPARATOR;
        for (int i = 0; i < room.length; i++) {
            int column = i;
            int header = columns.get(i).header().length();
            int widest = rows.stream()
                    .mapToInt(row -> row.get(column).length())
                    .max()
                    .orElse(0);
            room[i] = Math.max(header, widest);
            least[i] = columns.get(i).whole() ? room[i] : Math.max(header, NARROWEST);
            total += room[i];
        }
        // Not into the terminal's last column: some begin a new line by themselves after it.
        while (width > 0 && total > width - 1) {
            int widest = -1;
            for (int i = 0; i < room.length; i++) {
                if (room[i] > least[i] && (widest < 0 || room[i] >= room[widest])) {
                    widest = i;
                }
            }
            if (widest < 0) {
                break;
            }
            room[widest]--;
            total--;
        }
        return room;
    }

    private static Object[] folded(List<String> row, int[] room) {
        Object[] cells = new Object[room.length];
        for (int i = 0; i < cells.length; i++) {
            cells[i] = fold(row.get(i), room[i]);
        }
        return cells;
    }

    /** Breaks a text at blanks, and words that are too long anywhere. ShellTable's own breaking loses a letter. */
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
            String rest = word;
            while (rest.length() > room) {
                folded.append(rest, 0, room).append('\n');
                rest = rest.substring(room);
            }
            folded.append(rest);
            line += rest.length();
        }
        return folded.toString();
    }
}
