/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal.testing;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** Lowers this process's soft limit of open files until it is closed. Another process does it: this one could start none. */
public final class DescriptorLimit implements AutoCloseable {

    private static final String HELPER =
            """
            set -e
            limits=$(prlimit --pid=$1 --nofile --noheadings --output=SOFT,HARD)
            set -- $1 $limits
            echo ready
            read lowest
            prlimit --pid=$1 --nofile=$lowest:$3
            echo lowered
            read again
            prlimit --pid=$1 --nofile=$2:$3
            echo restored
            """;

    private final Process helper;
    private final BufferedReader output;
    private final Writer input;
    private boolean restored;

    private DescriptorLimit(Process helper) {
        this.helper = helper;
        this.output = helper.inputReader(StandardCharsets.UTF_8);
        this.input = helper.outputWriter(StandardCharsets.UTF_8);
    }

    /** From now on only so many more descriptors can be opened. */
    public static DescriptorLimit leaving(int more) throws IOException {
        String pid = Long.toString(ProcessHandle.current().pid());
        DescriptorLimit limit = new DescriptorLimit(new ProcessBuilder("sh", "-c", HELPER, "sh", pid)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start());
        limit.expect("ready");
        // The limit is on the number of a new descriptor: those below it that are free count.
        limit.tell(Integer.toString(numberAfter(more)));
        limit.expect("lowered");
        return limit;
    }

    /** Gives the limit back. */
    public void restore() throws IOException {
        if (!restored) {
            restored = true;
            tell("restore");
            expect("restored");
        }
    }

    @Override
    public void close() throws IOException {
        restore();
        helper.onExit().orTimeout(60, TimeUnit.SECONDS).join();
    }

    private void tell(String line) throws IOException {
        input.write(line + "\n");
        input.flush();
    }

    private void expect(String line) throws IOException {
        String answer = output.readLine();
        if (!line.equals(answer)) {
            throw new IOException("The limit could not be changed: " + answer);
        }
    }

    private static int numberAfter(int more) {
        int number = 0;
        for (int free = 0; free < more || isOpen(number); number++) {
            if (!isOpen(number)) {
                free++;
            }
        }
        return number;
    }

    /** Without opening anything, as listing the directory would. */
    private static boolean isOpen(int number) {
        return Files.exists(Path.of("/proc/self/fd/" + number), LinkOption.NOFOLLOW_LINKS);
    }
}
