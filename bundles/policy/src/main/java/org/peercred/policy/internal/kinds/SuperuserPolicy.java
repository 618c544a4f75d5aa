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

/** Refuses the superuser, uid 0, unless the daemon itself runs as uid 0. Grants nothing. */
@Component(
        name = "org.peercred.policy.superuser",
        configurationPid = "org.peercred.policy.superuser",
        configurationPolicy = ConfigurationPolicy.REQUIRE,
        service = AccessPolicy.class,
        immediate = true)
@Designate(ocd = SuperuserPolicy.Configuration.class)
public final class SuperuserPolicy extends ConfiguredPolicy {

    /** The keys; the raw map is read, so that every bad value can be explained. */
    @ObjectClassDefinition(
            name = "Peercred policy: superuser",
            description = "Denies uid 0 unless the daemon runs as uid 0.")
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
    public SuperuserPolicy(
            Map<String, ?> properties,
            @Reference(name = "credentials") PeerCredentialProvider credentials,
            @Reference(name = "background") Background background) {
        super(PolicyKind.SUPERUSER, reader(credentials), background);
        update(properties);
    }

    static Rules.Reader reader(PeerCredentialProvider credentials) {
        return config -> Rules.Loading.done(new SuperuserRules(credentials));
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
