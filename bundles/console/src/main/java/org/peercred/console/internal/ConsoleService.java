/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.console.internal;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.CommandSessionListener;
import org.apache.karaf.shell.api.console.CommandLoggingFilter;
import org.apache.karaf.shell.api.console.SessionFactory;
import org.osgi.framework.Bundle;
import org.osgi.framework.FrameworkUtil;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.osgi.service.metatype.annotations.Designate;
import org.peercred.access.PolicyListener;
import org.peercred.common.names.UserNames;
import org.peercred.common.reload.LastGood;
import org.peercred.common.threads.Threads;
import org.peercred.console.internal.line.LineConsole;
import org.peercred.console.internal.session.ConsoleSubject;
import org.peercred.console.internal.session.Desk;
import org.peercred.console.internal.session.LineAudit;
import org.peercred.console.internal.session.Masking;
import org.peercred.console.internal.session.OpenShells;
import org.peercred.console.internal.session.Starts;
import org.peercred.console.internal.session.Stop;
import org.peercred.console.internal.ssh.DisconnectWords;
import org.peercred.console.internal.ssh.SshFace;
import org.peercred.credentials.UserDatabase;
import org.peercred.service.LastWords;
import org.peercred.service.PeercredConstants;
import org.peercred.service.StreamConnection;
import org.peercred.service.StreamService;
import org.peercred.service.ThreadLimit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Karaf's console over a socket, with two faces: SSH, and a command a line. */
@Component(
        name = ConsoleService.PID,
        configurationPid = ConsoleService.PID,
        property = PeercredConstants.SERVICE + "=console",
        service = {StreamService.class, CommandSessionListener.class, PolicyListener.class})
@Designate(ocd = ConsoleConfiguration.class)
public final class ConsoleService implements StreamService, LastWords, PolicyListener, CommandSessionListener {

    static final String PID = "org.peercred.console";

    /** How long a command has that may be what stops this bundle. */
    private static final long STOP_MILLIS = 5000;

    private static final Logger LOG = LoggerFactory.getLogger(ConsoleService.class);

    private final List<CommandLoggingFilter> filters = new CopyOnWriteArrayList<>();
    private final Set<ConsoleSubject> subjects = ConcurrentHashMap.newKeySet();
    private final OpenShells shells = new OpenShells();
    private final LastWords strangersWords = new DisconnectWords();
    private final UserNames names = new UserNames();
    private final Desk desk;
    private final ScheduledThreadPoolExecutor clock;
    private final SshFace ssh;
    private final LastGood<ConsoleSettings> newest =
            new LastGood<>(PID, ConsoleSettings.SCHEMA.known(), ConsoleSettings::from, LOG);
    private volatile ConsoleSettings settings = ConsoleSettings.USUAL;
    private volatile Optional<ThreadLimit> threads = Optional.empty();
    private volatile boolean stopped;

    @Activate
    public ConsoleService(@Reference(name = "sessions") SessionFactory sessions, Map<String, ?> properties) {
        configure(properties);
        clock = new ScheduledThreadPoolExecutor(1, task -> Threads.daemon(task, "peercred-console-clock"));
        clock.setRemoveOnCancelPolicy(true);
        desk = new Desk(
                sessions,
                () -> settings,
                this::takeThread,
                new LineAudit(new Masking(filters)),
                shells,
                new Starts(clock),
                clock,
                new Stop(this::isStopping, STOP_MILLIS));
        ssh = new SshFace(desk, Path.of(System.getProperty("karaf.data", "data")));
        clock.execute(ssh::prepare);
    }

    @Modified
    void configure(Map<String, ?> properties) {
        newest.take(properties, () -> "The console stays as it was.").ifPresent(now -> settings = now);
    }

    @Deactivate
    void stop() {
        stopped = true;
        clock.shutdownNow();
        subjects.forEach(ConsoleSubject::disarm);
    }

    /** From before the service is taken away, which ends connections, and on, since some of them end later than that. */
    private boolean isStopping() {
        Bundle bundle = FrameworkUtil.getBundle(ConsoleService.class);
        return stopped || (bundle != null && bundle.getState() == Bundle.STOPPING);
    }

    @Override
    public void serve(StreamConnection connection) throws IOException {
        connection.endWithClient();
        FirstBytes first = FirstBytes.of(connection.input());
        ConsoleSubject subject =
                new ConsoleSubject(connection, names.of(connection.peer().uid()));
        subjects.add(subject);
        try {
            if (first.isSsh()) {
                ssh.serve(connection, subject, first.input());
            } else {
                new LineConsole(desk, connection, subject).serve(first.input());
            }
        } finally {
            subjects.remove(subject);
            subject.disarm();
        }
    }

    @Override
    public byte[] lastWords(Cause cause, String text) {
        return strangersWords.lastWords(cause, text);
    }

    /** Roles may have been taken away: from commands that run, too. */
    @Override
    public void policiesChanged(long generation) {
        try {
            clock.execute(() -> subjects.forEach(ConsoleSubject::refresh));
        } catch (RejectedExecutionException e) {
            LOG.debug("Nobody is left to lose a role", e);
        }
    }

    @Override
    public void beforeExecute(CommandSession session, CharSequence line) {
        shells.beforeExecute(session, line);
    }

    @Override
    public void afterExecute(CommandSession session, CharSequence line, Exception thrown) {
        shells.afterExecute(session, line, thrown);
    }

    @Override
    public void afterExecute(CommandSession session, CharSequence line, Object value) {
        shells.afterExecute(session, line, value);
    }

    /** Without anybody who counts threads, there may be any number. */
    private Optional<ThreadLimit.Permit> takeThread() {
        Optional<ThreadLimit> limit = threads;
        return limit.isPresent() ? limit.get().take() : Optional.of(() -> {});
    }

    @Reference(
            name = "filters",
            cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void bindFilters(CommandLoggingFilter filter) {
        filters.add(filter);
    }

    void unbindFilters(CommandLoggingFilter filter) {
        filters.remove(filter);
    }

    @Reference(
            name = "threads",
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    synchronized void bindThreads(ThreadLimit limit) {
        threads = Optional.of(limit);
    }

    synchronized void unbindThreads(ThreadLimit limit) {
        if (threads.equals(Optional.of(limit))) {
            threads = Optional.empty();
        }
    }

    @Reference(
            name = "users",
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void bindUsers(UserDatabase users) {
        names.use(users);
    }

    void unbindUsers(UserDatabase users) {
        names.useNoMore(users);
    }
}
