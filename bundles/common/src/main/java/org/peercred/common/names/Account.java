/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.common.names;

import java.util.OptionalLong;
import java.util.regex.Pattern;
import org.peercred.common.linux.Ids;
import org.peercred.credentials.NameServiceException;
import org.peercred.credentials.UserDatabase;

/**
 * A user or a group as people write it: digits are the id itself, anything else is a name.
 *
 * @param kind which of both
 * @param text what is written
 * @param number the id, where it is written as a number; empty for a name
 */
public record Account(AccountKind kind, String text, OptionalLong number) {

    private static final Pattern NO_NAME = Pattern.compile("^$|^-|[\\p{C}:]|[\\p{Z}&&[^ ]]");

    /**
     * Reads one.
     *
     * @param kind a user or a group
     * @param text what is written
     * @return the user or group, whether there is such a one or not
     * @throws IllegalArgumentException if there can be none, with half a sentence that says why
     */
    public static Account of(AccountKind kind, String text) {
        if (!Ids.isNumber(text)) {
            if (!canBeName(text)) {
                throw new IllegalArgumentException("that cannot be the name of a " + kind.label());
            }
            return new Account(kind, text, OptionalLong.empty());
        }
        OptionalLong number = Ids.parse(text);
        if (number.isEmpty()) {
            throw new IllegalArgumentException(Ids.RANGE);
        }
        return new Account(kind, text, number);
    }

    /**
     * Whether a user or a group can be called so.
     *
     * @param text any text
     * @return not if it is empty, begins like an option, or holds a colon, a control character or a blank that is none
     */
    public static boolean canBeName(String text) {
        return !NO_NAME.matcher(text).find();
    }

    /**
     * The id.
     *
     * @param users whom to ask for a name; not asked for a number
     * @return 0 to 4294967294; empty if there is no such name
     * @throws NameServiceException if that cannot be told now
     */
    public OptionalLong id(UserDatabase users) throws NameServiceException {
        return number.isPresent() ? number : kind.id(users, text);
    }
}
