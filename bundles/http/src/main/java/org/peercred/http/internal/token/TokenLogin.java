/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.http.internal.token;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether applications get a token with each request, for which realm, and whether that realm takes them: three things that come and go each
 * by itself. Safe to be used by any thread.
 */
public final class TokenLogin {

    private static final Logger LOG = LoggerFactory.getLogger(TokenLogin.class);

    private final Tokens tokens = new Tokens();
    /** Whether it was said that the realm is missing. */
    private final AtomicBoolean told = new AtomicBoolean();

    private volatile Optional<WantedRealm> wanted = Optional.empty();
    private volatile Optional<String> taking = Optional.empty();
    private volatile Optional<Runnable> keeper = Optional.empty();

    /**
     * The realm that somebody has configured.
     *
     * @param name its name
     * @param missing a sentence that says where that is configured, and that there is no such realm
     */
    public record WantedRealm(String name, String missing) {}

    /** Wants none yet. */
    public TokenLogin() {}

    /**
     * Goes on with another configuration. The tokens that were made under the one before end.
     *
     * @param realm the realm that takes tokens from now on; empty for none
     */
    public void want(Optional<WantedRealm> realm) {
        if (!realm.equals(wanted)) {
            wanted = realm;
            told.set(false);
            tokens.endAll();
        }
        keeper.ifPresent(Runnable::run);
    }

    /** The name of the realm that is to take tokens; empty where none is. */
    public Optional<String> wanted() {
        return wanted.map(WantedRealm::name);
    }

    /**
     * Has the realms kept by somebody who knows them.
     *
     * @param arrange asked now and after each change of what is wanted, on the thread that changes it, to call {@link #taking}
     */
    public void keep(Runnable arrange) {
        keeper = Optional.of(arrange);
        arrange.run();
    }

    /** Nobody keeps realms any more. If somebody misses that, the next request says so. */
    public void keepNoMore() {
        keeper = Optional.empty();
        taking = Optional.empty();
    }

    /**
     * Takes note of the realm that takes tokens now. That the one that is wanted does not is said in the log, once.
     *
     * @param realm its name; empty if there is none, or nobody wants one
     */
    public void taking(Optional<String> realm) {
        boolean news = !realm.equals(taking);
        taking = realm;
        if (realm.isEmpty()) {
            tell();
        } else if (news) {
            told.set(false);
            LOG.info("The realm {} takes the tokens of requests.", realm.get());
        }
    }

    private void tell() {
        wanted.filter(missed -> told.compareAndSet(false, true))
                .ifPresent(missed -> LOG.warn("{} Requests carry no token until there is.", missed.missing()));
    }

    /** Whether requests are to have tokens. */
    boolean isWanted() {
        return wanted.isPresent();
    }

    /** Whether a token would be taken; that it would not be is said in the log. */
    boolean isThere() {
        boolean there = taking.isPresent() && taking.equals(wanted());
        if (!there) {
            tell();
        }
        return there;
    }

    /** The tokens of the requests that are being served. */
    public Tokens tokens() {
        return tokens;
    }
}
