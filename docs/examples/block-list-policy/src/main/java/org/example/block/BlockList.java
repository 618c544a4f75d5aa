/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.example.block;

import java.util.Map;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.peercred.access.AccessPolicy;
import org.peercred.access.AccessRequest;
import org.peercred.access.PolicyScope;
import org.peercred.access.PolicyStatus;
import org.peercred.access.Verdict;

/** Lets none of the listed users connect. Allows nothing: who else may connect is for other policies to say. */
@Component(
        configurationPid = BlockList.PID,
        configurationPolicy = ConfigurationPolicy.REQUIRE,
        service = AccessPolicy.class)
@Designate(ocd = BlockList.Configuration.class, factory = true)
public final class BlockList implements AccessPolicy {

    static final String PID = "org.example.blocklist";

    @ObjectClassDefinition(name = "Block list", description = "Lets none of the listed users connect.")
    public @interface Configuration {

        @AttributeDefinition(description = "Ids of the users, separated by commas.")
        String[] users();

        @AttributeDefinition(description = "Names of the listeners where that counts; * for all.")
        String[] listeners() default "*";
    }

    private volatile BlockedUsers current;

    /** The component's properties tell which configuration it is: {@code org.example.blocklist~NAME}. */
    @Activate
    public BlockList(Configuration configuration, Map<String, ?> properties) {
        String pid = String.valueOf(properties.get("service.pid"));
        current = BlockedUsers.none("blocklist" + pid.replace(PID, "")).changed(configuration);
    }

    /** With this method a change replaces the rules; without it, the component would be gone for a moment. */
    @Modified
    void modified(Configuration configuration) {
        current = current.changed(configuration);
    }

    @Override
    public AccessPolicy snapshot() {
        return current;
    }

    @Override
    public String id() {
        return current.id();
    }

    @Override
    public PolicyScope scope() {
        return current.scope();
    }

    @Override
    public Verdict evaluate(AccessRequest request) {
        return current.evaluate(request);
    }

    @Override
    public PolicyStatus status() {
        return current.status();
    }
}
