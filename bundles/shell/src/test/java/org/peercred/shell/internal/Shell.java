/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.shell.internal;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.felix.gogo.runtime.Token;
import org.apache.felix.gogo.runtime.threadio.ThreadIOImpl;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Function;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.apache.karaf.shell.api.console.Candidate;
import org.apache.karaf.shell.api.console.Command;
import org.apache.karaf.shell.api.console.Registry;
import org.apache.karaf.shell.api.console.Session;
import org.apache.karaf.shell.api.console.Terminal;
import org.apache.karaf.shell.impl.action.command.ManagerImpl;
import org.apache.karaf.shell.impl.action.osgi.RegistryImpl;
import org.apache.karaf.shell.impl.console.CommandWrapper;
import org.apache.karaf.shell.impl.console.SessionFactoryImpl;
import org.apache.karaf.shell.support.ShellUtil;
import org.apache.karaf.shell.support.parsing.DefaultParser;
import org.peercred.common.testing.FakeContext;
import org.peercred.credentials.UserDatabase;
import org.peercred.testing.FakeUserDatabase;

/** Karaf's own shell with the commands of this bundle, and no framework below it. Its output is what a user would see. */
final class Shell implements AutoCloseable {

    /** What a command printed, errors included, and the status that bin/client would end with. */
    record Result(String output, int status) {
        List<String> lines() {
            return output.lines().toList();
        }
    }

    final FakeContext services = new FakeContext();
    private final ThreadIOImpl threadIo = new ThreadIOImpl();
    private final SessionFactoryImpl factory;
    private final ByteArrayOutputStream output = new ByteArrayOutputStream();
    private final Session session;

    Shell() {
        this(null);
    }

    /** With output that goes through another stream first, for instance a slow one. */
    Shell(OutputStream instead) {
        threadIo.start();
        factory = new SessionFactoryImpl(threadIo) {
            @Override
            protected Function wrap(Command command) {
                CommandWrapper wrapper = new CommandWrapper(command);
                // As Karaf's secured factory does.
                return (session, arguments) -> {
                    arguments.replaceAll(argument -> argument instanceof Token ? argument.toString() : argument);
                    return wrapper.execute(session, arguments);
                };
            }
        };
        Registry registry = new RegistryImpl(factory);
        ManagerImpl manager = new ManagerImpl(registry, factory);
        registry.register(services.asContext());
        commandClasses().forEach(manager::register);
        PrintStream out = new PrintStream(instead == null ? output : instead, true, StandardCharsets.UTF_8);
        session = factory.create(new ByteArrayInputStream(new byte[0]), out, out);
    }

    /** Knows alice, 1001, of the groups staff, 50, and 60; does not answer about the name "slow", and the number 1002. */
    static UserDatabase users() {
        return new FakeUserDatabase()
                .user("alice", 1001, 50, 60)
                .group("staff", 50)
                .silentAbout("slow")
                .silentAbout(1002);
    }

    /** The classes that Karaf would find in the bundle. */
    static List<Class<?>> commandClasses() {
        try {
            Path root = Path.of(PeercredAction.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
            try (Stream<Path> files = Files.walk(root)) {
                List<Class<?>> classes = new ArrayList<>();
                for (Path file :
                        files.filter(f -> f.toString().endsWith(".class")).toList()) {
                    String name = root.relativize(file).toString().replace('/', '.');
                    Class<?> type = Class.forName(name.substring(0, name.length() - ".class".length()));
                    if (type.isAnnotationPresent(Service.class)) {
                        classes.add(type);
                    }
                }
                return classes;
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (URISyntaxException | ClassNotFoundException e) {
            throw new IllegalStateException(e);
        }
    }

    /** From now on there is a terminal. */
    void terminal(int width) {
        FakeTerminal terminal = new FakeTerminal(width);
        session.getRegistry().register((Object) terminal);
        if (session.getRegistry().getService(Terminal.class) != terminal) {
            throw new IllegalStateException("The session has another terminal.");
        }
    }

    /** Runs a line as {@code bin/client} would have it run. */
    Result run(String line) {
        synchronized (output) {
            output.reset();
        }
        int status = 0;
        try {
            // As Karaf's SSH server does.
            status = session.execute(line) instanceof Integer returned ? returned : 0;
        } catch (InterruptedException e) {
            // Karaf's console shows nothing of it either.
            status = 1;
        } catch (Exception e) {
            status = 1;
            ShellUtil.logException(session, e);
        }
        return new Result(output(), status);
    }

    /** What was printed so far. */
    String output() {
        return output.toString(StandardCharsets.UTF_8);
    }

    /** What Ctrl-C does. */
    boolean interrupt() {
        CommandSession commands = (CommandSession) session.get(".commandSession");
        if (commands.foregroundJob() == null) {
            return false;
        }
        commands.foregroundJob().interrupt();
        return true;
    }

    /** What Tab offers at the end of a line. */
    List<Candidate> complete(String line) {
        var parsed = new DefaultParser().parse(session, line, line.length());
        String name = parsed.getArguments()[0].substring(PeercredAction.SCOPE.length() + 1);
        List<Candidate> candidates = new ArrayList<>();
        factory.getRegistry()
                .getCommand(PeercredAction.SCOPE, name)
                .getCompleter(false)
                .completeCandidates(session, parsed, candidates);
        return candidates;
    }

    /** The values of {@link #complete}. */
    List<String> values(String line) {
        return complete(line).stream().map(Candidate::value).toList();
    }

    @Override
    public void close() {
        session.close();
        factory.stop();
        threadIo.stop();
    }
}
