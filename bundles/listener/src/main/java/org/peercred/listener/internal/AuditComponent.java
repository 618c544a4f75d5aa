/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal;

import java.util.List;
import java.util.function.BiConsumer;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.peercred.access.AuditEvent;
import org.peercred.access.AuditLog;
import org.peercred.credentials.UserDatabase;
import org.peercred.listener.internal.audit.Audit;
import org.peercred.listener.internal.audit.UserNames;

/** The audit of this container. */
@Component(
        name = "org.peercred.audit",
        service = {AuditLog.class, AuditComponent.class})
public final class AuditComponent implements AuditLog {

    private final UserNames names = new UserNames();
    private final Audit audit;

    /** Called by DS. */
    @Activate
    public AuditComponent() {
        audit = new Audit(names);
    }

    @Deactivate
    void deactivate() {
        audit.close();
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
    public List<Entry> latest() {
        return audit.latest();
    }

    @Override
    public Subscription follow(BiConsumer<AuditEvent, String> follower) {
        return audit.follow(follower);
    }
}
