/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal;

import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
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
import org.peercred.credentials.UserDatabase;
import org.peercred.listener.internal.audit.Audit;
import org.peercred.listener.internal.audit.AuditSettings;
import org.peercred.listener.internal.audit.UserNames;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The audit of this container. */
@Component(
        name = AuditComponent.PID,
        configurationPid = AuditComponent.PID,
        configurationPolicy = ConfigurationPolicy.OPTIONAL,
        service = {AuditLog.class, AuditComponent.class})
@Designate(ocd = AuditConfiguration.class)
public final class AuditComponent implements AuditLog {

    static final String PID = "org.peercred.audit";

    private static final Logger LOG = LoggerFactory.getLogger(AuditComponent.class);

    private final LastGood<AuditSettings> newest =
            new LastGood<>(PID, AuditSettings.SCHEMA.known(), AuditSettings::from, LOG);
    private final UserNames names = new UserNames();
    private final Audit audit;

    @Activate
    public AuditComponent() {
        audit = new Audit(names);
    }

    @Activate
    void activate(Map<String, ?> properties) {
        use(newest.take(properties, () -> "The defaults count.").orElseGet(AuditSettings::defaults));
    }

    @Modified
    void modified(Map<String, ?> properties) {
        newest.take(properties, () -> "What was in force stays.").ifPresent(this::use);
    }

    @Deactivate
    void deactivate() {
        audit.close();
        names.close();
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
        names.drop(users);
    }

    /** The engine's own way in, which also tells when to wait. */
    Audit audit() {
        return audit;
    }

    @Override
    public boolean wants(AuditEvent.Type type) {
        return audit.wants(type);
    }

    @Override
    public void record(AuditEvent event) {
        audit.record(event);
    }

    @Override
    public void missed(Throwable cause) {
        audit.missed(cause);
    }

    @Override
    public List<Entry> latest() {
        return audit.latest();
    }

    @Override
    public Subscription follow(BiConsumer<AuditEvent, String> follower) {
        return audit.follow(follower);
    }

    /** Elsewhere nothing listens, and system calls have other numbers. */
    private void use(AuditSettings settings) {
        if (Platform.refusal().isEmpty()) {
            audit.use(settings);
        }
    }
}
