/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.shell.internal.completion;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.peercred.common.inspect.Services;

/** Living processes, without the kernel's own threads. */
@Service
public final class ProcessCompleter extends Choices {

    @Override
    Map<String, String> choices(Services services) {
        Map<String, String> processes = new HashMap<>();
        try (DirectoryStream<Path> directories = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
            for (Path directory : directories) {
                processes.putAll(process(directory));
            }
        } catch (IOException e) {
            // No suggestions then.
        }
        return processes;
    }

    /** A process by its directory; the kernel's threads have no command line. */
    private static Map<String, String> process(Path directory) {
        try (InputStream commandLine = Files.newInputStream(directory.resolve("cmdline"))) {
            return commandLine.read() < 0
                    ? Map.of()
                    : Map.of(
                            directory.getFileName().toString(),
                            Files.readString(directory.resolve("comm"), StandardCharsets.ISO_8859_1)
                                    .strip());
        } catch (IOException e) {
            // It ended meanwhile.
            return Map.of();
        }
    }
}
