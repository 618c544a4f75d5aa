/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.itests;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.Principal;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;
import javax.security.auth.Subject;
import javax.security.auth.callback.Callback;
import javax.security.auth.callback.NameCallback;
import javax.security.auth.callback.PasswordCallback;
import javax.security.auth.login.LoginContext;
import javax.security.auth.login.LoginException;

/** Asks Karaf's realm what it makes of an {@code Authorization} header, as applications do that know of nothing else. */
final class RealmLogin {

    private static final String BASIC = "Basic ";

    private RealmLogin() {}

    /** The names of the user and of the roles, in order; none for somebody whom the realm does not take. */
    static List<String> of(String header) {
        if (header == null || !header.startsWith(BASIC)) {
            return List.of();
        }
        String[] both = new String(Base64.getDecoder().decode(header.substring(BASIC.length())), UTF_8).split(":", 2);
        Subject subject = new Subject();
        try {
            new LoginContext("karaf", subject, questions -> answer(questions, both[0], both[1])).login();
        } catch (LoginException e) {
            return List.of();
        }
        return names(subject).sorted().toList();
    }

    private static Stream<String> names(Subject subject) {
        return subject.getPrincipals().stream().map(Principal::getName);
    }

    private static void answer(Callback[] questions, String name, String password) {
        for (Callback question : questions) {
            if (question instanceof NameCallback asked) {
                asked.setName(name);
            } else if (question instanceof PasswordCallback asked) {
                asked.setPassword(password.toCharArray());
            }
        }
    }
}
