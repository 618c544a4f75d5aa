/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.common.names;

import java.util.Optional;
import java.util.OptionalLong;
import org.peercred.credentials.NameServiceException;
import org.peercred.credentials.PeerCredentialProvider;
import org.peercred.credentials.UserDatabase;

/** Users and groups: each has ids and names of its own. */
public enum AccountKind {

    /** Users. */
    USER("user", "uid") {
        @Override
        public OptionalLong id(UserDatabase users, String name) throws NameServiceException {
            return users.uid(name);
        }

        @Override
        public Optional<String> name(UserDatabase users, long id) throws NameServiceException {
            return users.userName(id);
        }

        @Override
        public long overflow(PeerCredentialProvider credentials) {
            return credentials.overflowUid();
        }
    },

    /** Groups. */
    GROUP("group", "gid") {
        @Override
        public OptionalLong id(UserDatabase users, String name) throws NameServiceException {
            return users.gid(name);
        }

        @Override
        public Optional<String> name(UserDatabase users, long id) throws NameServiceException {
            return users.groupName(id);
        }

        @Override
        public long overflow(PeerCredentialProvider credentials) {
            return credentials.overflowGid();
        }
    };

    private final String label;
    private final String idLabel;

    AccountKind(String label, String idLabel) {
        this.label = label;
        this.idLabel = idLabel;
    }

    /**
     * What one of the kind is called.
     *
     * @return {@code user} or {@code group}
     */
    public String label() {
        return label;
    }

    /**
     * What the id of one is called.
     *
     * @return {@code uid} or {@code gid}
     */
    public String idLabel() {
        return idLabel;
    }

    /**
     * Asks for the id of a name.
     *
     * @param users whom to ask; may take long
     * @param name the name
     * @return its id; empty if there is no such name
     * @throws NameServiceException if that cannot be told now
     */
    public abstract OptionalLong id(UserDatabase users, String name) throws NameServiceException;

    /**
     * Asks for the name of an id.
     *
     * @param users whom to ask; may take long
     * @param id the id
     * @return its name; empty if it has none
     * @throws NameServiceException if that cannot be told now
     */
    public abstract Optional<String> name(UserDatabase users, long id) throws NameServiceException;

    /**
     * The id that stands for all that the kernel cannot name here, and so satisfies no list.
     *
     * @param credentials knows it
     * @return the id
     */
    public abstract long overflow(PeerCredentialProvider credentials);
}
