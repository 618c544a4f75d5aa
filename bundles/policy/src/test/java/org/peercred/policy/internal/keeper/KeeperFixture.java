/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.policy.internal.keeper;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.BundleContext;
import org.peercred.access.Finding;

/** A keeper of a directory of its own, with a clock that a test advances, and Config Admin in memory. */
abstract class KeeperFixture {

    static final String TEAM = "org.peercred.policy.uid-team.cfg";
    static final String TEAM_PID = "org.peercred.policy.uid~team";
    static final Duration PROMISE = Duration.ofSeconds(5);
    static final Duration TICK = Duration.ofMillis(500);

    @TempDir
    Path home;

    final MemoryConfigurations configurations = new MemoryConfigurations();
    final Map<String, String> properties = new HashMap<>();
    final List<Map<String, Doubt>> doubts = new ArrayList<>();
    Predicate<String> readers = "org.peercred.mine"::equals;
    boolean starting;
    long now = 1_000_000_000_000L;
    Path etc;
    Keeper keeper;
    Instant born = Instant.EPOCH;

    @BeforeEach
    void makeDirectory() throws IOException {
        etc = Files.createDirectory(home.resolve("etc"));
        keeper = keeper();
    }

    Keeper keeper() {
        BundleContext context = (BundleContext) Proxy.newProxyInstance(
                KeeperFixture.class.getClassLoader(),
                new Class<?>[] {BundleContext.class},
                (self, method, arguments) -> properties.get((String) arguments[0]));
        Keeper made = new Keeper(etc, context, pid -> readers.test(pid), () -> starting, () -> now, born);
        made.doubts().follow(doubts::add, true);
        return made;
    }

    void write(String name, String text) throws IOException {
        Path file = Files.writeString(etc.resolve(name + ".new"), text, ISO_8859_1);
        Files.move(file, etc.resolve(name), StandardCopyOption.ATOMIC_MOVE);
    }

    /** As Karaf loads it. */
    void loaded(String pid, String name, Map<String, Object> values) throws IOException {
        Map<String, Object> all = new HashMap<>(values);
        all.put(Values.FILE, etc.toRealPath().resolve(name).toFile().toURI().toString());
        configurations.put(pid, all);
    }

    void pass(Duration time) {
        for (Duration passed = Duration.ZERO; passed.compareTo(time) < 0; passed = passed.plus(TICK)) {
            now += TICK.toNanos();
            look();
        }
    }

    void look() {
        keeper.look(Optional.of(configurations.admin()));
    }

    List<String> problems() {
        return keeper.findings().stream().map(Finding::problem).toList();
    }

    Map<String, Doubt> doubted() {
        return doubts.get(doubts.size() - 1);
    }
}
