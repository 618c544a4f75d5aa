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

/** Allows and denies requests to web applications, by method, path and role. */
@Component(
        name = "org.peercred.policy.http",
        configurationPid = "org.peercred.policy.http",
        configurationPolicy = ConfigurationPolicy.REQUIRE,
        service = AccessPolicy.class,
        immediate = true)
@Designate(ocd = HttpPolicy.Configuration.class, factory = true)
public final class HttpPolicy extends ConfiguredPolicy {

    /** The keys; the raw map is read, so that every bad value can be explained. */
    @ObjectClassDefinition(
            name = "Peercred policy: http",
            description = "Who may request what of the web applications.")
    @interface Configuration {
        @AttributeDefinition(
                name = "Name",
                description =
                        "What the instance is called in other configurations and in the log. Not set: what follows the kind and - in the file's name. At most 100 letters, digits and . _ @ + -.",
                required = false)
        String name() default "";

        @AttributeDefinition(
                name = "Rules",
                description =
                        "Rules such as GET,HEAD /jolokia/read/** = viewer, admin; * /** = admin, of which the first "
                                + "that matches decides. authenticated stands for everybody who may connect.")
        String rules();

        @AttributeDefinition(
                name = "Listeners",
                description = "Names of the listeners it covers; * for all.",
                required = false)
        String[] listeners() default "*";
    }

    /** Reads the first configuration. */
    @Activate
    public HttpPolicy(
            Map<String, ?> properties,
            @Reference(name = "roles") RoleCheck roles,
            @Reference(name = "background") Background background) {
        super(PolicyKind.HTTP, new HttpRulesReader(roles), background);
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
