/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.itests;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.security.PrivilegedActionException;
import java.security.PrivilegedExceptionAction;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.security.auth.Subject;
import org.apache.karaf.jaas.boot.principal.GroupPrincipal;
import org.apache.karaf.jaas.boot.principal.RolePrincipal;
import org.apache.karaf.shell.api.console.Session;
import org.apache.karaf.shell.api.console.SessionFactory;

/**
 * An administrator at the container's own console. Karaf's test support has such a thing as well, but it takes a command that does
 * not come to its end for a success, and one that writes a word to the standard error output ends in a StackOverflowError.
 */
final class Operator {

    private static final long PATIENCE_SECONDS = 120;

    /** Karaf's roles are not hierarchical: an administrator holds them all. */
    private static final Subject ADMINISTRATOR = new Subject(
            true,
            Set.of(
                    new GroupPrincipal("admingroup"),
                    new RolePrincipal("group"),
                    new RolePrincipal("admin"),
                    new RolePrincipal("manager"),
                    new RolePrincipal("viewer"),
                    new RolePrincipal("systembundles")),
            Set.of(),
            Set.of());

    private final SessionFactory sessions;

    Operator(SessionFactory sessions) {
        this.sessions = sessions;
    }

    /**
     * Runs a line once its first command is there, and returns what it has written to either output.
     *
     * @throws IllegalStateException if a command fails, with its words
     */
    String types(String line) {
        String[] words = line.split("[ :]", 3);
        await().atMost(PATIENCE_SECONDS, TimeUnit.SECONDS)
                .until(() -> sessions.getRegistry().getCommand(words[0], words[1]) != null);
        ByteArrayOutputStream written = new ByteArrayOutputStream();
        PrintStream screen = new PrintStream(written, true, UTF_8);
        ExecutorService thread = Executors.newSingleThreadExecutor();
        try (Session session = sessions.create(InputStream.nullInputStream(), screen, screen)) {
            Object result = thread.submit(() -> Subject.doAs(
                            ADMINISTRATOR, (PrivilegedExceptionAction<Object>) () -> session.execute(line)))
                    .get(PATIENCE_SECONDS, TimeUnit.SECONDS);
            if (result != null) {
                screen.println(result);
            }
        } catch (ExecutionException e) {
            Throwable cause = e.getCause() instanceof PrivilegedActionException of ? of.getCause() : e.getCause();
            throw new IllegalStateException(
                    cause.getMessage() + ", by " + line + " after " + written.toString(UTF_8), e);
        } catch (TimeoutException e) {
            throw new AssertionError(line + " has not ended; it wrote: " + written.toString(UTF_8), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        } finally {
            thread.shutdownNow();
        }
        return written.toString(UTF_8);
    }
}
