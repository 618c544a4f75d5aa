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
import org.osgi.service.metatype.annotations.Option;
import org.peercred.access.AccessPolicy;
import org.peercred.credentials.PeerCredentialProvider;
import org.peercred.credentials.UserDatabase;
import org.peercred.policy.internal.background.Background;
import org.peercred.policy.internal.config.ConfiguredPolicy;
import org.peercred.policy.internal.config.PolicyKind;
import org.peercred.policy.internal.config.Rules;

/** Allows the uids on a list. */
@Component(
        name = "org.peercred.policy.uid",
        configurationPid = "org.peercred.policy.uid",
        configurationPolicy = ConfigurationPolicy.REQUIRE,
        service = AccessPolicy.class,
        immediate = true)
@Designate(ocd = UidPolicy.Configuration.class, factory = true)
public final class UidPolicy extends ConfiguredPolicy {

    /** The keys; the raw map is read, so that every bad value can be explained. */
    @ObjectClassDefinition(name = "Peercred policy: uid", description = "Allows the uids on a list.")
    @interface Configuration {
        @AttributeDefinition(
                name = "Name",
                description =
                        "What the instance is called in other configurations and in the log. Not set: what follows the kind and - in the file's name. At most 100 letters, digits and . _ @ + -.",
                required = false)
        String name() default "";

        @AttributeDefinition(
                name = "Allow",
                description = "Uids, user names and ranges such as 2000-2999.",
                required = false)
        String[] allow() default {};

        @AttributeDefinition(
                name = "Otherwise",
                description = "What is said of all others.",
                options = {
                    @Option(value = "abstain", label = "abstain: other policies decide"),
                    @Option(value = "deny", label = "deny: they are refused, whatever other policies say")
                },
                required = false)
        String otherwise() default "abstain";

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
    public UidPolicy(
            Map<String, ?> properties,
            @Reference(name = "users") UserDatabase users,
            @Reference(name = "credentials") PeerCredentialProvider credentials,
            @Reference(name = "background") Background background) {
        super(PolicyKind.UID, reader(users, credentials), background);
        update(properties);
    }

    static Rules.Reader reader(UserDatabase users, PeerCredentialProvider credentials) {
        return config -> UidRules.read(config, users, credentials);
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
