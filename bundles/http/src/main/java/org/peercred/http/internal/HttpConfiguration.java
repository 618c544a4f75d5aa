/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.http.internal;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** The keys as configuration tools show them. What is read is the raw map, by {@link HttpSettings}. */
@ObjectClassDefinition(
        name = "Peercred web applications",
        description = "The container's web applications over a socket.")
@interface HttpConfiguration {

    @AttributeDefinition(
            name = "Role for the web console",
            description =
                    "The role of org.peercred.roles that one has to have, on the listener, to use the web console.",
            required = false)
    String console_role() default "admin";

    @AttributeDefinition(
            name = "Realm for tokens",
            description =
                    "The realm of Karaf's, karaf for instance, whose applications ask for a name and a password themselves:"
                            + " each request over a socket brings them a token that this realm takes for as long as the request"
                            + " lasts. Not set: none.",
            required = false)
    String jaas_realm() default "";

    @AttributeDefinition(
            name = "Role of reverse proxies",
            description =
                    "A role of org.peercred.roles: of a peer who has it on the listener, the headers Forwarded or X-Forwarded-For,"
                            + " -Proto and -Host say which address, scheme and host applications see. Not set: of nobody.",
            required = false)
    String forward() default "";
}
