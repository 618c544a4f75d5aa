/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal.engine;

import java.util.List;
import java.util.Optional;
import org.peercred.access.AccessControl;
import org.peercred.access.RoleDirectory;
import org.peercred.credentials.PeerCredentialProvider;

/**
 * The services that a listener works with, as they are at one moment.
 *
 * @param provider tells who is connected
 * @param accessControl decides
 * @param roles knows who has which role
 * @param offers the services that the listener may offer, best first
 */
public record Collaborators(
        Optional<PeerCredentialProvider> provider,
        Optional<AccessControl> accessControl,
        Optional<RoleDirectory> roles,
        List<Offer> offers) {

    /** None of them. */
    public static final Collaborators NONE =
            new Collaborators(Optional.empty(), Optional.empty(), Optional.empty(), List.of());

    /**
     * Whether none is missing without which nobody is served.
     *
     * @return false if everybody would be turned away
     */
    public boolean isComplete() {
        return provider.isPresent() && accessControl.isPresent() && !offers.isEmpty();
    }
}
