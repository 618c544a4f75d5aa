/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.policy.internal.kinds;

import java.util.Map;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.peercred.access.AccessPolicy;
import org.peercred.credentials.PeerCredentialProvider;
import org.peercred.policy.internal.background.Background;
import org.peercred.policy.internal.config.ConfiguredPolicy;
import org.peercred.policy.internal.config.PolicyKind;
import org.peercred.policy.internal.config.Rules;

/** Allows whoever runs the daemon: the peer whose effective uid is the daemon's. */
@Component(
        name = "org.peercred.policy.owner",
        configurationPid = "org.peercred.policy.owner",
        configurationPolicy = ConfigurationPolicy.REQUIRE,
        service = AccessPolicy.class,
        immediate = true)
@Designate(ocd = OwnerPolicy.Configuration.class)
public final class OwnerPolicy extends ConfiguredPolicy {

    /** The keys; the raw map is read, so that every bad value can be explained. */
    @ObjectClassDefinition(name = "Peercred policy: owner", description = "Allows whoever runs the daemon.")
    @interface Configuration {
        @AttributeDefinition(
                name = "Listeners",
                description = "Names of the listeners it covers; * for all.",
                required = false)
        String[] listeners() default "*";

        @AttributeDefinition(
                name = "Actions",
                description = "Actions it covers: connect, command:NAME, command:* or * for all.",
                required = false)
        String[] actions() default "connect";
    }

    /** Reads the first configuration. */
    @Activate
    public OwnerPolicy(
            Map<String, ?> properties,
            @Reference(name = "credentials") PeerCredentialProvider credentials,
            @Reference(name = "background") Background background) {
        super(PolicyKind.OWNER, reader(credentials), background);
        update(properties);
    }

    static Rules.Reader reader(PeerCredentialProvider credentials) {
        return config -> Rules.Loading.done(new OwnerRules(credentials));
    }

    @Modified
    void modified(Map<String, ?> properties) {
        update(properties);
    }

    @Deactivate
    void deactivate() {
        close();
    }
}
