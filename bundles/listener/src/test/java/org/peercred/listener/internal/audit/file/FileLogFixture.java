/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal.audit.file;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.peercred.listener.internal.testing.Temporary;

/** A file of the audit on a disk that fails when it is told to, with a clock that a test advances. */
abstract class FileLogFixture {

    static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    final FailingDisk disk = new FailingDisk();
    final AtomicLong clock = new AtomicLong();
    final FileLog log = new FileLog(() -> disk, clock::get);
    Path directory;
    Path path;

    @BeforeEach
    void start() throws Exception {
        directory = Temporary.directory();
        path = directory.resolve("log").resolve("audit.log");
        log.use(new FileSettings(path, 0, 1, false));
    }

    @AfterEach
    void stop() throws Exception {
        disk.answer();
        log.close();
        Temporary.delete(directory);
    }

    boolean write(String... lines) {
        for (String line : lines) {
            log.append(bytes(line), 1);
        }
        return log.flush();
    }

    List<String> lines() throws IOException {
        return Files.readAllLines(path);
    }

    void later() {
        clock.addAndGet(SECOND);
    }

    static LineBytes bytes(String line) {
        return new LineBytes().append(line);
    }
}
