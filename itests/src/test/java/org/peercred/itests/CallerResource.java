/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.itests;

import java.security.Principal;
import javax.annotation.security.RolesAllowed;
import javax.ws.rs.GET;
import javax.ws.rs.POST;
import javax.ws.rs.Path;
import javax.ws.rs.Produces;
import javax.ws.rs.core.Context;
import javax.ws.rs.core.SecurityContext;

/** A resource as JAX-RS has it that says who is calling. */
@Path("/caller")
@Produces("text/plain")
public final class CallerResource {

    @GET
    public String read(@Context SecurityContext caller) {
        return "read by " + told(caller);
    }

    @POST
    public String write(String text, @Context SecurityContext caller) {
        return text + " written by " + told(caller);
    }

    /** For a role that nobody has, if anybody looks at that. */
    @GET
    @Path("guarded")
    @RolesAllowed("nobody")
    public String readGuarded() {
        return "read all the same";
    }

    private static String told(SecurityContext caller) {
        Principal user = caller.getUserPrincipal();
        return (user == null ? "nobody" : user.getClass().getSimpleName() + " " + user.getName()) + " admin="
                + caller.isUserInRole("admin") + " viewer=" + caller.isUserInRole("viewer") + " scheme="
                + caller.getAuthenticationScheme() + " secure=" + caller.isSecure();
    }
}
