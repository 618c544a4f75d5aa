/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.common.names;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.peercred.credentials.NameServiceException;
import org.peercred.credentials.UserDatabase;

@Timeout(120)
class AccountTest {

    /** Everybody has the id 7, and is called by what it is. */
    private static final class Sevens implements UserDatabase {

        private int questions;

        private OptionalLong answer(String name) {
            questions++;
            return name.equals("nobody") ? OptionalLong.empty() : OptionalLong.of(7);
        }

        @Override
        public OptionalLong uid(String name) {
            return answer(name);
        }

        @Override
        public OptionalLong gid(String name) throws NameServiceException {
            throw new NameServiceException("not now");
        }

        @Override
        public Optional<String> userName(long uid) {
            return Optional.of("a user");
        }

        @Override
        public Optional<String> groupName(long gid) {
            return Optional.of("a group");
        }

        @Override
        public Optional<Membership> membership(long uid) {
            return Optional.empty();
        }
    }

    private final Sevens users = new Sevens();

    @Test
    void digits_are_the_id_itself_and_nobody_is_asked() throws Exception {
        Account account = Account.of(AccountKind.GROUP, "100");
        assertEquals(OptionalLong.of(100), account.number());
        assertEquals(OptionalLong.of(100), account.id(users));
        assertEquals("100", account.text());
        assertEquals(0, users.questions);
    }

    @Test
    void anything_else_is_a_name() throws Exception {
        Account account = Account.of(AccountKind.USER, "domain users");
        assertEquals(OptionalLong.empty(), account.number());
        assertEquals(0, users.questions);
        assertEquals(OptionalLong.of(7), account.id(users));
        assertEquals(
                OptionalLong.empty(), Account.of(AccountKind.USER, "nobody").id(users));
        assertThrows(NameServiceException.class, () -> Account.of(AccountKind.GROUP, "wheel")
                .id(users));
    }

    @Test
    void ids_end_somewhere() {
        assertEquals(
                "ids go from 0 to 4294967294",
                assertThrows(IllegalArgumentException.class, () -> Account.of(AccountKind.USER, "4294967295"))
                        .getMessage());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-", "-rf", "a:b", "a\u0000b", "a\nb", "a\u200bb", "a\u00a0b", "a\u2028b"})
    void some_texts_name_nobody(String text) {
        assertEquals(
                "that cannot be the name of a group",
                assertThrows(IllegalArgumentException.class, () -> Account.of(AccountKind.GROUP, text))
                        .getMessage());
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "a-b", "CORP\\ulrich", "John Doe", "\u00e9ric", "a.b@c", "1a"})
    void most_texts_may_name_somebody(String text) {
        assertEquals(text, Account.of(AccountKind.USER, text).text());
    }

    @Test
    void users_and_groups_have_names_of_their_own() throws Exception {
        assertEquals(Optional.of("a user"), AccountKind.USER.name(users, 7));
        assertEquals(Optional.of("a group"), AccountKind.GROUP.name(users, 7));
        assertEquals("user uid", AccountKind.USER.label() + " " + AccountKind.USER.idLabel());
        assertEquals("group gid", AccountKind.GROUP.label() + " " + AccountKind.GROUP.idLabel());
    }
}
