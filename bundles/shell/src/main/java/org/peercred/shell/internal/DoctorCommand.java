/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.shell.internal;

import java.io.PrintStream;
import java.util.List;
import java.util.Locale;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.peercred.access.Finding;
import org.peercred.common.inspect.Findings;
import org.peercred.common.inspect.Services;
import org.peercred.common.text.ForeignText;
import org.peercred.shell.internal.Palette.Tone;

/** {@code peercred:doctor}. */
@Service
@Command(
        scope = PeercredAction.SCOPE,
        name = "doctor",
        description = "Shows whatever is amiss, and what to do about it",
        detailedDescription =
                """
                Compares the files in etc/ with what is in force, looks at the settings of the container by which changes may be \
                lost, and asks listeners, policies and roles. Fails if it finds anything, so that a script can tell. Without \
                format: area, subject, problem and remedy, separated by tabs.

                Examples:
                  peercred:doctor
                  peercred:doctor --no-format
                """)
public final class DoctorCommand extends PeercredAction {

    @Override
    void run(Services services, PrintStream out) throws NegativeAnswer {
        List<Finding> findings = Findings.all(services);
        if (json()) {
            out.println(Documents.line(findings.stream().map(Documents::finding).toList()));
        } else {
            findings.forEach(finding -> out.println(formatted() ? sentences(finding) : row(finding)));
        }
        if (!findings.isEmpty()) {
            throw new NegativeAnswer(findings.size() == 1 ? "1 finding." : findings.size() + " findings.");
        }
        if (formatted()) {
            out.println("Nothing found.");
        }
    }

    private String sentences(Finding finding) {
        return palette().paint(Tone.WARNING, ForeignText.escape(finding.problem())) + " "
                + ForeignText.escape(finding.remedy());
    }

    private static String row(Finding finding) {
        return String.join(
                "\t",
                finding.area().name().toLowerCase(Locale.ROOT),
                ForeignText.escape(finding.subject()),
                ForeignText.escape(finding.problem()),
                ForeignText.escape(finding.remedy()));
    }
}
