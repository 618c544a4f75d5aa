/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.peercred.listener.internal.audit.file.FileSettings;
import org.peercred.listener.internal.testing.LogLevel;
import org.peercred.listener.internal.testing.Python;
import org.peercred.listener.internal.testing.Server;
import org.peercred.listener.internal.testing.Temporary;

/** Connections as fast as they come, each of them with its lines in the file. */
@Timeout(300)
class AuditChurnTest {

    private static final int MANY = 50_000;
    private static final Pattern LINE =
            Pattern.compile("\\S+ INFO  event=(allowed|closed) listener=test connection=(\\d+) .*");

    private final BitSet allowed = new BitSet();
    private final BitSet closed = new BitSet();

    @Test
    void every_connection_has_its_two_lines_once_while_the_file_is_renamed_again_and_again() throws Exception {
        Path directory = Temporary.directory();
        Path file = directory.resolve("audit.log");
        try (LogLevel off = LogLevel.off(Audit.LOGGER);
                Server server = new Server("max.connections.per.uid", "10000")) {
            server.audit.use(
                    new AuditSettings(new FileSettings(file, 1 << 20, 1000, false), false, AuditSettings.EVENTS, 0));
            try (Python churn = Python.run(
                    server.path(),
                    """
                    address = path.encode()
                    for i in range(MANY):
                        s = socket.socket(socket.AF_UNIX)
                        s.connect(address)
                        s.send(b'x\\n')
                        if s.recv(16) != b'> x\\n': os._exit(1)
                        s.close()
                    print('done')
                    """
                            .replace("MANY", Integer.toString(MANY)))) {
                assertEquals("done", churn.line());
            }
            Awaitility.await().until(() -> server.listener.open() == 0);
            server.stop();
            server.audit.close();
            int files = read(directory);
            assertEquals(MANY, allowed.cardinality());
            assertEquals(MANY, closed.cardinality());
            assertTrue(files > 10, files + " files");
            assertTrue(off != null);
        } finally {
            Temporary.delete(directory);
        }
    }

    private int read(Path directory) throws IOException {
        int files = 0;
        try (DirectoryStream<Path> all = Files.newDirectoryStream(directory)) {
            for (Path each : all) {
                files++;
                for (String line : Files.readAllLines(each)) {
                    Matcher matcher = LINE.matcher(line);
                    assertTrue(matcher.matches(), line);
                    BitSet seen = matcher.group(1).equals("allowed") ? allowed : closed;
                    int id = Integer.parseInt(matcher.group(2));
                    assertTrue(!seen.get(id), "twice: " + line);
                    seen.set(id);
                }
            }
        }
        return files;
    }
}
