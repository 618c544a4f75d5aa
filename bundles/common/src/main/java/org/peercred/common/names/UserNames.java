/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.common.names;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;
import org.peercred.credentials.NameServiceException;
import org.peercred.credentials.UserDatabase;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Names for those who connect. The name of who runs this process needs no name service, which may hang just when it is wanted. Safe to be
 * used by any thread.
 */
public final class UserNames {

    private static final Logger LOG = LoggerFactory.getLogger(UserNames.class);

    private final OptionalLong self = self();
    private volatile Optional<UserDatabase> database = Optional.empty();

    /**
     * Asks somebody from now on.
     *
     * @param users whom
     */
    public void use(UserDatabase users) {
        database = Optional.of(users);
    }

    /**
     * Asks somebody no more.
     *
     * @param users whom; does nothing if another is asked by now
     */
    public void useNoMore(UserDatabase users) {
        if (database.equals(Optional.of(users))) {
            database = Optional.empty();
        }
    }

    /**
     * The name of a user. May wait for the name service.
     *
     * @param uid the user's id
     * @return the name; the number where there is none to be had
     */
    public String of(long uid) {
        String number = String.valueOf(uid);
        if (self.equals(OptionalLong.of(uid))) {
            String name = System.getProperty("user.name", "?");
            return name.equals("?") ? number : name;
        }
        try {
            Optional<UserDatabase> users = database;
            return users.isPresent() ? users.get().userName(uid).orElse(number) : number;
        } catch (NameServiceException e) {
            LOG.debug("The name of user {} cannot be had", uid, e);
            return number;
        }
    }

    private static OptionalLong self() {
        try {
            return OptionalLong.of(
                    Integer.toUnsignedLong((Integer) Files.getAttribute(Path.of("/proc/self"), "unix:uid")));
        } catch (IOException | RuntimeException e) {
            return OptionalLong.empty();
        }
    }
}
