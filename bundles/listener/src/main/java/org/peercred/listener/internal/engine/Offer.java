/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal.engine;

import java.util.Optional;
import org.peercred.service.LastWords;

/**
 * A service as a listener offers it: in lines, in streams, as a channel. This is all that listeners and connections know of any. Two offers
 * of one service are equal, so that its connections stay when it is offered anew.
 */
public interface Offer {

    /**
     * The service itself.
     *
     * @return the object that its bundle published
     */
    Object service();

    /**
     * Opens the protocol on a connection that was allowed. Called on its loop. If it throws, nothing of it is left.
     *
     * @param connection the connection
     * @return told of everything from now on, its end included
     * @throws LimitException if the service cannot take one more connection for now
     */
    Protocol open(Connection connection);

    /**
     * The service's own last words.
     *
     * @return empty if plain text will do
     */
    default Optional<LastWords> lastWords() {
        return service() instanceof LastWords words ? Optional.of(words) : Optional.empty();
    }

    /**
     * Whether the listener may say words of its own behind what the service has written. Words of the service's own come there in any case.
     *
     * @return false if they could fall into the midst of something
     */
    default boolean mayBeFollowedByWords() {
        return true;
    }
}
