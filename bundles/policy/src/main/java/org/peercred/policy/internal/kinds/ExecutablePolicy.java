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

/** Refuses all programs but those on a list. Grants nothing. */
@Component(
        name = "org.peercred.policy.executable",
        configurationPid = "org.peercred.policy.executable",
        configurationPolicy = ConfigurationPolicy.REQUIRE,
        service = AccessPolicy.class,
        immediate = true)
@Designate(ocd = ExecutablePolicy.Configuration.class, factory = true)
public final class ExecutablePolicy extends ConfiguredPolicy {

    /** The keys; the raw map is read, so that every bad value can be explained. */
    @ObjectClassDefinition(
            name = "Peercred policy: executable",
            description = "Denies all programs but those on a list; grants nothing.")
    @interface Configuration {
        @AttributeDefinition(
                name = "Name",
                description =
                        "What the instance is called in other configurations and in the log. Not set: what follows the kind and - in the file's name. At most 100 letters, digits and . _ @ + -.",
                required = false)
        String name() default "";

        @AttributeDefinition(name = "Only", description = "Absolute paths of programs, without symbolic links.")
        String[] only();

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
    public ExecutablePolicy(Map<String, ?> properties, @Reference(name = "background") Background background) {
        super(PolicyKind.EXECUTABLE, ExecutableRules::read, background);
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
