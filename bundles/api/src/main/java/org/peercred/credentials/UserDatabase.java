/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.credentials;

import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.osgi.annotation.versioning.ProviderType;

/**
 * User and group names through the system's name service switch, so that a name resolves here wherever {@code getent}
 * resolves it.
 *
 * <p>May be called by several threads at once. Every call may block as long as the slowest name service does: never call it
 * on an event loop.
 */
@ProviderType
public interface UserDatabase {

    /**
     * The id of a user, by <a href="https://man7.org/linux/man-pages/man3/getpwnam.3.html">getpwnam_r(3)</a>.
     *
     * @param name a user name
     * @return its id, empty if the name services answer and none knows the name. It may be known later: the last one that is
     *     asked may hide that one before it could not be
     * @throws NameServiceException if a name service could not be asked, whatever the errno; ask again later
     */
    OptionalLong uid(String name) throws NameServiceException;

    /**
     * The id of a group, by getgrnam_r(3).
     *
     * @param name a group name
     * @return its id, empty if the name services answer and none knows the name, as for users
     * @throws NameServiceException if a name service could not be asked, whatever the errno; ask again later
     */
    OptionalLong gid(String name) throws NameServiceException;

    /**
     * The name of a user, by getpwuid_r(3).
     *
     * @param uid 0 to 4294967295
     * @return its name, empty if it has none
     * @throws NameServiceException if a name service could not be asked; ask again later
     */
    Optional<String> userName(long uid) throws NameServiceException;

    /**
     * The name of a group, by getgrgid_r(3).
     *
     * @param gid 0 to 4294967295
     * @return its name, empty if it has none
     * @throws NameServiceException if a name service could not be asked; ask again later
     */
    Optional<String> groupName(long gid) throws NameServiceException;

    /**
     * The groups that a user's processes have after logging in, by getpwuid_r(3) and <a
     * href="https://man7.org/linux/man-pages/man3/getgrouplist.3.html">getgrouplist(3)</a>. A process may have others.
     *
     * @param uid 0 to 4294967295
     * @return its groups, empty if no name service knows the user. Where one of several name services could not be asked for
     *     groups, its are missing: the C library does not tell
     * @throws NameServiceException if a name service could not be asked for the user; ask again later
     */
    default Optional<Membership> membership(long uid) throws NameServiceException {
        return Optional.empty();
    }

    /**
     * A user's groups.
     *
     * @param gid the first
     * @param groups all of them
     */
    record Membership(long gid, Set<Long> groups) {

        /** Takes a copy. */
        public Membership {
            groups = Set.copyOf(groups);
        }
    }
}
