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
import org.peercred.policy.internal.background.Background;
import org.peercred.policy.internal.config.ConfiguredPolicy;
import org.peercred.policy.internal.config.PolicyKind;
import org.peercred.policy.internal.roles.RoleCheck;

/** Allows commands by role. */
@Component(
        name = "org.peercred.policy.command",
        configurationPid = "org.peercred.policy.command",
        configurationPolicy = ConfigurationPolicy.REQUIRE,
        service = AccessPolicy.class,
        immediate = true)
@Designate(ocd = CommandPolicy.Configuration.class, factory = true)
public final class CommandPolicy extends ConfiguredPolicy {

    /** The keys that are no commands. */
    @ObjectClassDefinition(
            name = "Peercred policy: command",
            description = "Who may run which command. Every other key is a command, and its value lists the roles that "
                    + "may run it, separated by commas; the key * stands for all commands that are not listed. "
                    + "A form does not show these keys, and keeps them.")
    @interface Configuration {
        @AttributeDefinition(
                name = "Name",
                description =
                        "What the instance is called in other configurations and in the log. Not set: what follows the kind and - in the file's name. At most 100 letters, digits and . _ @ + -.",
                required = false)
        String name() default "";

        @AttributeDefinition(
                name = "Listeners",
                description = "Names of the listeners it covers; * for all.",
                required = false)
        String[] listeners() default "*";
    }

    /** Reads the first configuration. */
    @Activate
    public CommandPolicy(
            Map<String, ?> properties,
            @Reference(name = "roles") RoleCheck roles,
            @Reference(name = "background") Background background) {
        super(PolicyKind.COMMAND, new CommandRulesReader(roles), background);
        update(properties);
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
