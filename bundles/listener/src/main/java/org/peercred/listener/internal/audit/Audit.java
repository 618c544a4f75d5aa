/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal.audit;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.osgi.service.metatype.annotations.Designate;
import org.peercred.access.AuditEvent;
import org.peercred.access.AuditLog;
import org.peercred.common.linux.Platform;
import org.peercred.common.reload.LastGood;
import org.peercred.common.threads.Supervised;
import org.peercred.credentials.UserDatabase;
import org.peercred.listener.internal.audit.file.FileLog;
import org.peercred.service.AuditReport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The audit of this container. Takes events from the loops and has them written by a thread of its own, so that no loop waits for a log
 * file or a name service. Nothing is lost without a line that counts it. When the writer falls behind, {@link #isBehind()} tells the
 * listeners to accept no more, and {@link #isBehind(long)} not to read from who is the cause of it. May be called by any thread.
 */
@Component(
        name = Audit.PID,
        configurationPid = Audit.PID,
        configurationPolicy = ConfigurationPolicy.OPTIONAL,
        service = {AuditLog.class, Audit.class})
@Designate(ocd = AuditConfiguration.class)
public final class Audit implements AuditLog, AutoCloseable {

    /** The PID of its configuration. */
    public static final String PID = "org.peercred.audit";

    /** The audit logger's name. */
    public static final String LOGGER = PID;

    /** What one user's lines may take of the log in a minute, unless configured, in bytes. */
    public static final int SIZE_PER_UID = 4 << 20;

    private static final Logger LOG = LoggerFactory.getLogger(Audit.class);
    private static final long STOP_MILLIS = 5000;

    private final LastGood<AuditSettings> newest =
            new LastGood<>(PID, AuditSettings.SCHEMA.known(), AuditSettings::from, LOG);
    private final Losses losses = new Losses();
    private final AuditRing ring = new AuditRing();
    private final Followers followers = new Followers();
    private final UserNames names;
    private final FileLog file;
    private final AuditOutput output;
    private final LongSupplier clock;
    private final Intake intake;
    private final AuditWriter writer;
    private final Supervised thread;

    /** Starts the writer. Until it is configured it writes to the logger only, and nobody has a name until there is a user database. */
    @Activate
    public Audit() {
        this(new UserNames());
    }

    /** Starts the writer with what finds names for the lines. */
    Audit(UserNames names) {
        this(names, LineLog.of(LOGGER), new FileLog(), System::nanoTime);
    }

    /** Starts the writer with what finds names, a log, a file and a clock, which counts nanoseconds. */
    Audit(UserNames names, LineLog log, FileLog file, LongSupplier clock) {
        this.names = names;
        this.file = file;
        this.clock = clock;
        intake = new Intake(clock.getAsLong());
        output = new AuditOutput(file, log, ring, followers);
        writer = new AuditWriter(intake, losses, names, output, clock);
        thread = new Supervised("peercred-audit", writer);
        sizePerUid(SIZE_PER_UID);
        thread.start();
    }

    @Activate
    void activate(Map<String, ?> properties) {
        configure(newest.take(properties, () -> "The defaults count.").orElseGet(AuditSettings::defaults));
    }

    @Modified
    void modified(Map<String, ?> properties) {
        newest.take(properties, () -> "What was in force stays.").ifPresent(this::configure);
    }

    /**
     * Has users looked up from now on.
     *
     * @param users knows their names
     */
    @Reference(
            name = "users",
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    public void bindUsers(UserDatabase users) {
        names.use(users);
    }

    void unbindUsers(UserDatabase users) {
        names.drop(users);
    }

    /** Elsewhere nothing listens, and system calls have other numbers. */
    private void configure(AuditSettings settings) {
        if (Platform.refusal().isEmpty()) {
            use(settings);
        }
    }

    /**
     * Says what is written, where to, and how. Counts within a moment.
     *
     * @param settings all of it
     */
    public void use(AuditSettings settings) {
        sizePerUid(settings.sizePerUid());
        output.use(settings);
        thread.wake();
    }

    /**
     * Bounds what the lines of one user may take of the log in a minute: once they have, all further events of that user are
     * counted, and told by a line a second for each listener, type, and policy or result, until they have less in the latest minute.
     *
     * @param bytes how much; 0 for no bound
     */
    public void sizePerUid(int bytes) {
        intake.sizePerUser(bytes);
    }

    @Override
    public boolean wants(AuditEvent.Type type) {
        return output.wants(type);
    }

    @Override
    public void record(AuditEvent event) {
        if (!output.takes(event.type())) {
            return;
        }
        try {
            intake.take(event, clock.getAsLong());
        } catch (Throwable e) {
            losses.add(1, e);
        }
        if (writer.isAsleep()) {
            thread.wake();
        }
    }

    @Override
    public void missed(Throwable cause) {
        losses.add(1, cause);
        if (writer.isAsleep()) {
            thread.wake();
        }
    }

    /**
     * A user's name, as far as it is known within a moment.
     *
     * @param uid the user
     * @return empty if it is not; a name service that is slow or hangs is not waited for
     */
    public Optional<String> userName(long uid) {
        return names.of(uid);
    }

    @Override
    public List<Entry> latest() {
        return ring.entries();
    }

    @Override
    public Subscription follow(BiConsumer<AuditEvent, String> follower) {
        return followers.add(follower, entry -> follower.accept(entry.event(), entry.line()));
    }

    @Override
    public Subscription followEntries(Consumer<Entry> follower) {
        return followers.add(follower, follower);
    }

    /**
     * Whether the writer has so much to do, or is down, or may not lose a line and can write none, that no new connections should be
     * accepted for now. Nobody waits for a disk that hangs, unless the settings say so.
     *
     * @return true until it has caught up
     */
    public boolean isBehind() {
        return (intake.isBehind() && !file.hangs()) || file.pauses() || !writer.isUp() || !thread.start();
    }

    /**
     * What it has done.
     *
     * @return counted since it was started
     */
    public AuditReport report() {
        return new AuditReport(output.written(), losses.all(), isBehind());
    }

    /**
     * Whether so many events of one user wait to be written that nothing should be read from that user's connections for now. Costs
     * a few nanoseconds.
     *
     * @param uid the user
     * @return true from an eighth of what makes {@link #isBehind()} true, until half of that has been written
     */
    public boolean isBehind(long uid) {
        return intake.isBehind(uid) && !file.hangs();
    }

    /**
     * Why {@link #isBehind()} is true.
     *
     * @return one sentence for the log; empty if it is false
     */
    public Optional<String> whyBehind() {
        if (!thread.start() || !writer.isUp()) {
            return Optional.of("The audit's writer is down; it is started again.");
        }
        if (file.pauses()) {
            return Optional.of("The audit waits, since it cannot be written to " + file.state() + ".");
        }
        if (!intake.isBehind()) {
            return Optional.empty();
        }
        return Optional.of(intake.waiting() + " audit events wait to be written; the writer has written nothing for "
                + TimeUnit.NANOSECONDS.toMillis(writer.idleNanos()) + " ms"
                + since() + ".");
    }

    /**
     * Writes what is there and ends the thread; waits for that, but no longer than 5 seconds. What is not written by then is counted
     * in the log.
     */
    @Override
    @Deactivate
    public void close() {
        writer.stop();
        file.stop();
        thread.wake();
        if (!thread.join(STOP_MILLIS)) {
            LOG.warn(
                    "The audit ends before its writer does{}: {} events are not written.", since(), writer.unwritten());
        } else if (writer.unwritten() > 0) {
            LOG.warn("The audit ends, and {} events are not written{}.", writer.unwritten(), since());
        }
        thread.stop();
        names.close();
    }

    private String since() {
        return output.waitsFor().map(name -> ", since it waits for " + name).orElse("");
    }
}
