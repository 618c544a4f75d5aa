/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.policy.internal.kinds;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import org.peercred.access.PolicyStatus;
import org.peercred.credentials.internal.RealKernel;
import org.peercred.policy.internal.background.BackgroundThreads;
import org.peercred.policy.internal.decide.Decisions;
import org.peercred.policy.internal.testing.FakeCredentials;
import org.peercred.policy.internal.testing.FakePeer;
import org.peercred.policy.internal.testing.Settings;

/**
 * The owner policy, a uid policy and a group policy on the real name service, in a Java of its own, which is told what to do by
 * lines: {@code uid ALLOW} and {@code group ALLOW} load a list; {@code ask UID GID} and {@code state KIND} answer with one line.
 */
final class NameServiceProbe {

    static final long OWNER = 61_000;

    private final BackgroundThreads background = new BackgroundThreads();
    private final Decisions decisions = new Decisions();
    private UidPolicy users;
    private GroupPolicy groups;

    private NameServiceProbe() {
        decisions.add("owner", new OwnerPolicy(Settings.of("owner", ""), new FakeCredentials(OWNER), background));
    }

    public static void main(String[] arguments) throws Exception {
        NameServiceProbe probe = new NameServiceProbe();
        BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            int blank = line.indexOf(' ');
            System.out.println(probe.answer(line.substring(0, blank), line.substring(blank + 1)));
        }
        System.exit(0);
    }

    private String answer(String what, String rest) {
        switch (what) {
            case "uid" -> {
                if (users == null) {
                    users = new UidPolicy(
                            Settings.of("uid", "team", "allow", rest),
                            RealKernel.users(),
                            new FakeCredentials(OWNER),
                            background);
                    users.onChange(() -> decisions.changed("uid"));
                    decisions.add("uid", users);
                } else {
                    users.modified(Settings.of("uid", "team", "allow", rest));
                }
                return "loaded";
            }
            case "group" -> {
                groups = new GroupPolicy(
                        Settings.of("group", "team", "allow", rest),
                        RealKernel.users(),
                        new FakeCredentials(OWNER),
                        background);
                groups.onChange(() -> decisions.changed("group"));
                decisions.add("group", groups);
                return "loaded";
            }
            case "ask" -> {
                String[] ids = rest.split(" ");
                FakePeer peer = FakePeer.uid(Long.parseLong(ids[0])).inGroups(Long.parseLong(ids[1]));
                return decisions.decide(peer.connect("echo")).allowed() ? "allowed" : "denied";
            }
            default -> {
                PolicyStatus status = rest.equals("uid") ? users.status() : groups.status();
                return status.state() + " " + status.problem().orElse("");
            }
        }
    }
}
