/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal;

import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Supplier;
import org.peercred.common.names.Account;
import org.peercred.common.names.AccountKind;
import org.peercred.credentials.NameServiceException;
import org.peercred.credentials.UserDatabase;
import org.peercred.listener.internal.socket.SocketPathException;

/** The ids of the accounts to which a socket file is to belong. May be used by any thread, and may wait for a name service. */
final class AccountIds {

    private final Supplier<Optional<UserDatabase>> users;

    /**
     * @param users whom to ask for names, while there is somebody
     */
    AccountIds(Supplier<Optional<UserDatabase>> users) {
        this.users = users;
    }

    /**
     * The id of one.
     *
     * @param account by name or number; empty if none is configured
     * @return empty if none is configured
     * @throws SocketPathException if the name is nobody's, or nobody can tell now; its message is a sentence with key and value
     */
    OptionalLong of(Optional<Account> account) throws SocketPathException {
        if (account.isEmpty() || account.get().number().isPresent()) {
            return account.map(Account::number).orElse(OptionalLong.empty());
        }
        AccountKind kind = account.get().kind();
        String written = (kind == AccountKind.USER ? ListenerKeys.OWNER : ListenerKeys.GROUP).name() + " = "
                + account.get().text();
        UserDatabase database = users.get()
                .orElseThrow(() ->
                        new SocketPathException(written + " cannot be resolved while the user database is missing"));
        try {
            OptionalLong id = account.get().id(database);
            if (id.isEmpty()) {
                throw new SocketPathException(written + ": there is no such " + kind.label());
            }
            return id;
        } catch (NameServiceException e) {
            throw new SocketPathException(written + " cannot be resolved now: " + e.getMessage());
        }
    }
}
