/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.policy.internal.keeper;

import org.peercred.access.Finding;
import org.peercred.access.Finding.Area;
import org.peercred.common.text.ForeignText;

/** What an operator is told. What others chose in it is escaped. */
public final class Sentences {

    /** Why something cannot be read that has the name of a configuration. */
    static final String NO_FILE = "it is no file";

    private Sentences() {}

    public static String path(String name) {
        return "etc/" + ForeignText.escape(name);
    }

    public static Finding misnamed(FileName file, String meant) {
        String remedy = meant.isEmpty()
                ? "Give it the name of a configuration that there is, or delete it."
                : "Rename it to etc/" + ForeignText.escape(meant) + ".";
        return finding(file, "Nobody reads " + path(file.name()) + ": what it says is not in force.", remedy);
    }

    public static Finding garbled(FileName file) {
        return finding(
                file,
                "The name of " + path(file.name())
                        + " holds letters that this process cannot read: it is not in force.",
                "Start Karaf with LANG=C.UTF-8, or give it a plain name.");
    }

    public static Finding twofold(FileName file, String others) {
        return finding(
                file,
                path(file.name()) + ": " + ForeignText.escape(others)
                        + " is for the same configuration; which of them is in force is left to chance.",
                "Delete all but one.");
    }

    static Finding split(FileName file, String pids) {
        return finding(
                file,
                path(file.name()) + ": there are several configurations of it, " + ForeignText.escape(pids)
                        + ", and Karaf takes a change of the file to one of them only.",
                "Keep a copy of the file, config:delete all of them, and put the file back.");
    }

    static Finding unreadable(FileName file, String why, boolean lastGoodCounts) {
        String effect = lastGoodCounts
                ? " What it said when it was last read stays in force."
                : switch (file.area()) {
                    case POLICY -> " The policy denies everything on every listener.";
                    case ROLES -> " Its roles are given to nobody.";
                    default -> " It is not known whether what Karaf remembers of it is what it says.";
                };
        return finding(
                file, path(file.name()) + " cannot be read: " + ForeignText.escape(why) + "." + effect, remedy(why));
    }

    private static String remedy(String why) {
        if (why.startsWith("it is malformed")) {
            return "Correct the file: a backslash is doubled in it.";
        }
        return why.equals(NO_FILE)
                ? "Delete it. If it is a pipe, start the container anew as well: Karaf waits for what never comes out of it, and"
                        + " takes in nothing meanwhile."
                : "Let the user of the container read it, or delete it.";
    }

    static Finding json(FileName file) {
        return finding(
                file,
                path(file.name()) + " is not in force: Karaf has not loaded it.",
                "Write it again, or better as " + path(file.name().replaceFirst("json$", "cfg")) + ".");
    }

    static Finding restless(FileName file) {
        return finding(
                file,
                path(file.name()) + " keeps changing: what it says is not in force.",
                "See which program writes it again and again; it counts when it has been left alone for some seconds.");
    }

    static String orphaned(String pid, String file) {
        return "The configuration " + ForeignText.escape(pid) + " is in Karaf's memory although its file "
                + ForeignText.escape(file) + " is gone: it does not count, and is removed.";
    }

    static Finding failed(FileName file, String what, Exception e) {
        return finding(
                file,
                path(file.name()) + " " + what + ", and it cannot be put in force: " + ForeignText.escape(why(e)) + ".",
                "It is tried again; the log has more at DEBUG.");
    }

    static Finding ghost(String pid, String file, Exception e) {
        return new Finding(
                FileName.area(pid),
                "configuration " + ForeignText.escape(pid),
                "The configuration " + ForeignText.escape(pid) + " is still in force although its file "
                        + ForeignText.escape(file) + " is gone, and it cannot be removed: " + ForeignText.escape(why(e))
                        + ".",
                "It is tried again; config:delete " + ForeignText.escape(pid) + " does the same by hand.");
    }

    static Finding unlisted(String why) {
        return new Finding(
                Area.CONTAINER,
                "etc",
                "The directory etc cannot be listed: " + ForeignText.escape(why) + ". Changes in it do not count.",
                "Let the user of the container read it.");
    }

    static Finding unasked(String why) {
        return new Finding(
                Area.CONTAINER,
                "configurations",
                "The configurations in force cannot be told from the files in etc: " + ForeignText.escape(why) + ".",
                "See bundle:list for Apache Felix Configuration Admin; it is tried again.");
    }

    private static Finding finding(FileName file, String problem, String remedy) {
        return new Finding(file.area(), path(file.name()), problem, remedy);
    }

    public static String why(Exception e) {
        String text = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
        return text.endsWith(".") ? text.substring(0, text.length() - 1) : text;
    }
}
