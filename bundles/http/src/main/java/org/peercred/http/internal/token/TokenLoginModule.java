/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.http.internal.token;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.security.Principal;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import javax.security.auth.Subject;
import javax.security.auth.callback.Callback;
import javax.security.auth.callback.CallbackHandler;
import javax.security.auth.callback.NameCallback;
import javax.security.auth.callback.PasswordCallback;
import javax.security.auth.callback.UnsupportedCallbackException;
import javax.security.auth.spi.LoginModule;
import org.peercred.http.internal.caller.Caller;

/**
 * Logs in who brings a name and the token of a request that this user has sent and that is being served. Of anything else it takes no part
 * in the login: it fails none, leaves nothing to the modules behind it, and asks for no password unless a request of that user is being served.
 * One object for each login, as JAAS has it.
 */
public final class TokenLoginModule implements LoginModule {

    /** The option with the {@link Tokens}. */
    static final String TOKENS = "org.peercred.http.tokens";

    private Subject subject;
    private CallbackHandler handler;
    private Optional<Tokens> tokens = Optional.empty();
    private Set<Principal> found = Set.of();
    private final Set<Principal> added = new HashSet<>();

    /** Created by Karaf, by name. */
    public TokenLoginModule() {}

    @Override
    public void initialize(Subject whose, CallbackHandler asks, Map<String, ?> sharedState, Map<String, ?> options) {
        subject = whose;
        handler = asks;
        // Those of another version of this bundle are of another class.
        tokens = options.get(TOKENS) instanceof Tokens ours ? Optional.of(ours) : Optional.empty();
    }

    @Override
    public boolean login() {
        found = tokens.flatMap(this::caller)
                .map(caller -> Set.copyOf(caller.getSubject().getPrincipals()))
                .orElse(Set.of());
        return !found.isEmpty();
    }

    private Optional<Caller> caller(Tokens live) {
        NameCallback name = new NameCallback("User name: ");
        if (!isAnswered(name) || name.getName() == null || !live.hasOneOf(name.getName())) {
            return Optional.empty();
        }
        PasswordCallback password = new PasswordCallback("Password: ", false);
        if (!isAnswered(password) || password.getPassword() == null) {
            return Optional.empty();
        }
        ByteBuffer sent = StandardCharsets.UTF_8.encode(CharBuffer.wrap(password.getPassword()));
        // Not before: this call keeps the callback, whose own cleaner wipes the password once nobody holds it, even
        // while it is copied.
        password.clearPassword();
        byte[] token = new byte[sent.remaining()];
        sent.get(token);
        return live.find(name.getName(), token);
    }

    /** What keeps one from answering, the modules that ask for the same will tell. */
    private boolean isAnswered(Callback question) {
        if (handler == null) {
            return false;
        }
        try {
            handler.handle(new Callback[] {question});
            return true;
        } catch (IOException | UnsupportedCallbackException | RuntimeException e) {
            return false;
        }
    }

    @Override
    public boolean commit() {
        for (Principal principal : found) {
            if (subject.getPrincipals().add(principal)) {
                added.add(principal);
            }
        }
        return !found.isEmpty();
    }

    @Override
    public boolean abort() {
        return logout();
    }

    /** What the subject had before stays. */
    @Override
    public boolean logout() {
        boolean ours = !found.isEmpty();
        subject.getPrincipals().removeAll(added);
        added.clear();
        found = Set.of();
        return ours;
    }
}
