/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.shell.internal;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.Option;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.apache.karaf.shell.support.completers.FileCompleter;
import org.peercred.access.AccessControl;
import org.peercred.access.AccessRequest;
import org.peercred.access.RoleDirectory;
import org.peercred.common.inspect.Accounts;
import org.peercred.common.inspect.Outcome;
import org.peercred.common.inspect.PeerResolver;
import org.peercred.common.inspect.Refusal;
import org.peercred.common.inspect.Services;
import org.peercred.common.inspect.SupposedPeer;
import org.peercred.common.text.ForeignText;
import org.peercred.service.ListenerDirectory;
import org.peercred.service.ListenerReport;
import org.peercred.shell.internal.completion.ActionCompleter;
import org.peercred.shell.internal.completion.GroupCompleter;
import org.peercred.shell.internal.completion.ListenerCompleter;
import org.peercred.shell.internal.completion.ProcessCompleter;
import org.peercred.shell.internal.completion.UserCompleter;

/** {@code peercred:check}. */
@Service
@Command(
        scope = PeercredAction.SCOPE,
        name = "check",
        description = "Shows whether somebody would get in, and what would decide that",
        detailedDescription =
                """
                Nothing is opened, changed or audited. The whole way is looked at: the directories and the socket file (step \
                "socket"; owner, group and mode as this container sees them, but no access control lists), then the policies \
                for connect, then those for the command. For a process, its ids are read from /proc as they are now; for a user, \
                groups that are not given are those of the user database. A fact that nobody knows is absent, and a policy that \
                needs it says so. On a connection the kernel's word counts, frozen when the peer connected.

                Shown is what counts here: policies that cover the request, the socket, and directories that keep out; with \
                --all everything.

                Succeeds if access is allowed on every listener asked about; fails otherwise: in a script of the console what \
                comes after is not done, and bin/client ends with status 1. With -o json the status is 0 if it is allowed, 1 if \
                it is denied, and 2 if that cannot be said, and a script of the console goes on.

                With --file, a configuration file is tried, wherever it lies, and not put in force: whether it would be \
                accepted, in which keys it differs from what is in force, and, for a policy, which of the open connections \
                would be cut off, and who of those refused lately would be let in; for roles, whose would be others on open \
                connections; for a listener, the same as for a policy and what else would become of its connections. It is read \
                with the rights of this container, and its variables are replaced.

                Examples:
                  peercred:check --file /tmp/org.peercred.policy.uid-team.cfg   what would this file change?
                  peercred:check --pid 4242                                 may this process connect?
                  peercred:check --uid 1001                                 may user 1001, with the groups of that user?
                  peercred:check --uid alice --gid staff --groups wheel,20  with these groups?
                  peercred:check --uid alice --action command:view          may alice run the command view?
                  bin/client "peercred:check --uid alice --listener echo" && echo alice may
                """)
public final class CheckCommand extends PeercredAction {

    private static final Pattern COMMAND = Pattern.compile("command:.+");

    @Option(name = "--pid", aliases = "-p", description = "A living process", valueToShowInHelp = "")
    @Completion(ProcessCompleter.class)
    private Integer pid;

    @Option(name = "--uid", aliases = "-u", description = "A user, by id or name")
    @Completion(UserCompleter.class)
    private String uid;

    @Option(
            name = "--gid",
            aliases = "-g",
            description = "With --uid: the primary group, by id or name; else as the user database says")
    @Completion(GroupCompleter.class)
    private String gid;

    @Option(name = "--groups", description = "With --uid: the other groups, by id or name, separated by commas")
    @Completion(GroupCompleter.class)
    private String groups;

    @Option(name = "--listener", aliases = "-l", description = "Where; without it, on every listener")
    @Completion(ListenerCompleter.class)
    private String listener;

    @Option(name = "--action", aliases = "-a", description = "What: connect, or command:NAME")
    @Completion(ActionCompleter.class)
    private String action = AccessRequest.CONNECT;

    @Option(
            name = "--file",
            description = "A configuration file that is not in force, to be tried; its name says what it is for",
            valueToShowInHelp = "")
    @Completion(FileCompleter.class)
    private String file;

    @Option(name = "--all", description = "Show also the policies that do not cover it, and every directory on the way")
    private boolean all;

    @Override
    void run(Services services, PrintStream out) throws NegativeAnswer, Refusal {
        if (file != null) {
            if (pid != null || uid != null || gid != null || groups != null || listener != null || all) {
                throw new Refusal("Say either --file, or who; a file is tried for everybody on every listener.");
            }
            new FileTrial(this, services, out).run(file);
            return;
        }
        if ((pid == null) == (uid == null) || (pid != null && (gid != null || groups != null))) {
            throw new Refusal("Say who: either --pid, or --uid with --gid and --groups where they matter.");
        }
        if (!action.equals(AccessRequest.CONNECT) && !COMMAND.matcher(action).matches()) {
            throw new Refusal("An action is connect, or command:NAME, not " + ForeignText.escape(action) + ".");
        }
        AccessControl control = services.need(AccessControl.class);
        List<ListenerReport> listeners = listeners(services);
        Accounts accounts = new Accounts(services);
        PeerResolver resolver = new PeerResolver(services, accounts);
        List<String> refused = new ArrayList<>();
        try (SupposedPeer peer = pid != null ? resolver.living(pid) : resolver.given(uid, gid, groups)) {
            CheckReport report = new CheckReport(out, this, all);
            CheckDocument document = new CheckDocument(all);
            if (formatted()) {
                report.facts(peer, accounts);
            }
            for (ListenerReport at : listeners) {
                Set<String> roles = services.find(RoleDirectory.class)
                        .map(directory -> directory.rolesOf(peer, at.name()))
                        .orElse(Set.of());
                Outcome outcome = Outcome.of(control, peer, at, action, accounts);
                if (json()) {
                    document.outcome(at, outcome, roles);
                } else {
                    report.outcome(at, outcome, roles);
                }
                if (!outcome.allowed()) {
                    refused.add(at.name());
                }
            }
            if (json()) {
                out.println(Documents.line(document.whole(peer, action, refused.isEmpty(), accounts)));
            }
        }
        if (!refused.isEmpty()) {
            throw new NegativeAnswer("Denied on " + String.join(", ", refused) + ".");
        }
    }

    private List<ListenerReport> listeners(Services services) throws Refusal {
        List<ListenerReport> all = services.need(ListenerDirectory.class).listeners();
        if (all.isEmpty()) {
            throw new Refusal("There is no listener, so there is nothing to connect to.");
        }
        return NameFilter.select(
                all, ListenerReport::name, listener == null ? List.of() : List.of(listener), "listener");
    }
}
