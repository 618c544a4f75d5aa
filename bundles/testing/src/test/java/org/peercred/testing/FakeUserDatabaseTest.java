/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.peercred.credentials.NameServiceException;
import org.peercred.credentials.UserDatabase;

@Timeout(120)
class FakeUserDatabaseTest {

    private final UserDatabase users = new FakeUserDatabase()
            .user("alice", 1001, 50, 60)
            .group("staff", 50)
            .silentAbout("slow")
            .silentAbout(1002);

    @Test
    void knows_whom_it_was_told_of() throws NameServiceException {
        assertEquals(OptionalLong.of(1001), users.uid("alice"));
        assertEquals(OptionalLong.of(50), users.gid("staff"));
        assertEquals(Optional.of("alice"), users.userName(1001));
        assertEquals(Optional.of("staff"), users.groupName(50));
        assertEquals(Optional.of(new UserDatabase.Membership(50, Set.of(50L, 60L))), users.membership(1001));
    }

    @Test
    void does_not_know_others() throws NameServiceException {
        assertEquals(OptionalLong.empty(), users.uid("staff"));
        assertEquals(OptionalLong.empty(), users.gid("alice"));
        assertEquals(Optional.empty(), users.userName(50));
        assertEquals(Optional.empty(), users.groupName(1001));
        assertEquals(Optional.empty(), users.membership(50));
    }

    @Test
    void does_not_answer_where_it_was_told_not_to() {
        assertThrows(NameServiceException.class, () -> users.uid("slow"));
        assertThrows(NameServiceException.class, () -> users.gid("slow"));
        assertThrows(NameServiceException.class, () -> users.userName(1002));
        assertThrows(NameServiceException.class, () -> users.groupName(1002));
        assertThrows(NameServiceException.class, () -> users.membership(1002));
    }
}
