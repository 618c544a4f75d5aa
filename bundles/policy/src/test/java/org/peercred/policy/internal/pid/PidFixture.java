/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.policy.internal.pid;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.peercred.access.PolicyStatus;
import org.peercred.access.Verdict;
import org.peercred.policy.internal.testing.FakeBackground;
import org.peercred.policy.internal.testing.FakeCredentials;
import org.peercred.policy.internal.testing.FakePeer;
import org.peercred.policy.internal.testing.Settings;

/** A policy for processes, in a directory of its own, with a table of processes and a clock as a test wants them. */
abstract class PidFixture {

    static final Verdict LISTED = Verdict.allow("the process is on the list");
    static final Verdict UNLISTED = Verdict.abstain("the process is not on the list");

    final FakePinner kernel = new FakePinner().start(4242, 3600);
    final FakeBackground background = new FakeBackground();
    final List<String> told = new ArrayList<>();

    @TempDir
    Path directory;

    long self;

    @BeforeEach
    void findOutWhoRunsThis() {
        self = FileStamp.of(directory).orElseThrow().owner();
    }

    PidPolicy policy(Map<String, Object> settings) throws IOException {
        PidPolicy policy = new PidPolicy(settings, kernel, new FakeCredentials(self), background);
        policy.onChange(() -> told.add("changed"));
        return policy;
    }

    PidPolicy policy(String allow, Object... more) throws IOException {
        return policy(settings(allow, more));
    }

    Map<String, Object> settings(String allow, Object... more) throws IOException {
        Path file = directory.resolve("org.peercred.policy.pid-list.cfg");
        if (Files.notExists(file)) {
            Files.createFile(file);
        }
        return Settings.with(
                Settings.with(
                        Settings.of("pid", "list", "allow", allow),
                        "felix.fileinstall.filename",
                        file.toUri().toString()),
                more);
    }

    static Verdict verdict(PidPolicy policy, FakePeer peer) {
        assertEquals(PolicyStatus.ACTIVE, policy.status());
        return policy.evaluate(peer.connect("echo"));
    }

    FakePeer peer(int pid) {
        return FakePeer.uid(1001).running(kernel.now(pid));
    }

    static void age(Path file, Duration age) throws IOException {
        Files.setLastModifiedTime(file, FileTime.from(Instant.now().minus(age)));
    }

    Path pidFile(String content) throws IOException {
        Path file = directory.resolve("x.pid");
        Files.writeString(file, content);
        return file;
    }
}
