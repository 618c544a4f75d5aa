/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.policy.internal.roles;

import java.util.Map;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.peercred.access.AccessControl;
import org.peercred.credentials.PeerCredentialProvider;
import org.peercred.credentials.UserDatabase;
import org.peercred.policy.internal.background.Background;

/** One configuration of roles: who has which. */
@Component(
        name = RolesConfiguration.PID,
        configurationPid = RolesConfiguration.PID,
        configurationPolicy = ConfigurationPolicy.REQUIRE,
        service = {},
        immediate = true)
@Designate(ocd = RolesComponent.Configuration.class, factory = true)
public final class RolesComponent {

    private final RolesConfiguration roles;
    private volatile AccessControl accessControl;

    /** The keys that are no roles. */
    @ObjectClassDefinition(
            name = "Peercred roles",
            description = "Who has which role. Every other key is a role, and its value says who has it: user:NAME, "
                    + "uid:NUMBER, group:NAME, gid:NUMBER, owner (whoever runs the container) or * for everyone, "
                    + "separated by commas. All configurations of roles count together. A form does not show "
                    + "these keys, and keeps them.")
    @interface Configuration {
        @AttributeDefinition(
                name = "Name",
                description =
                        "What the instance is called in other configurations and in the log. Not set: what follows org.peercred.roles- in the file's name.",
                required = false)
        String name() default "";

        @AttributeDefinition(
                name = "Listeners",
                description = "Names of the listeners on which these roles count; * for all.",
                required = false)
        String[] listeners() default "*";
    }

    /** Reads the first configuration. */
    @Activate
    public RolesComponent(
            Map<String, ?> properties,
            @Reference(name = "book") RoleBook book,
            @Reference(name = "users") UserDatabase users,
            @Reference(name = "credentials") PeerCredentialProvider credentials,
            @Reference(name = "background") Background background) {
        roles = new RolesConfiguration(book, RoleList.resolver(users, credentials), background, this::tellOfChange);
        roles.update(properties);
    }

    /** Of a change everybody hears who decides by roles; who comes later finds the roles as they are. */
    @Reference(
            name = "access",
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void bindAccess(AccessControl newAccessControl) {
        accessControl = newAccessControl;
        newAccessControl.reconsider();
    }

    void unbindAccess(AccessControl oldAccessControl) {
        if (accessControl == oldAccessControl) {
            accessControl = null;
        }
    }

    @Modified
    void modified(Map<String, ?> properties) {
        roles.update(properties);
    }

    @Deactivate
    void deactivate() {
        roles.close();
    }

    private void tellOfChange() {
        AccessControl current = accessControl;
        if (current != null) {
            current.reconsider();
        }
    }
}
