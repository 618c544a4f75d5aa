/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.webui.internal.page;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Tokens that only who can read the page has: a page of another site makes the user's browser send a request, with all that the browser knows of
 * the user, but cannot read what comes back. A token is bound to a user and good until the bundle is started again. Safe to be used by any
 * thread.
 */
public final class Tokens {

    /** The header that has it. Another site's page cannot even set it without being asked whether it may. */
    public static final String HEADER = "X-Peercred-Token";

    private static final String ALGORITHM = "HmacSHA256";
    private static final int KEY_BYTES = 32;

    private final SecretKeySpec key;

    /** With a key that nobody knows. */
    public Tokens() {
        byte[] random = new byte[KEY_BYTES];
        new SecureRandom().nextBytes(random);
        key = new SecretKeySpec(random, ALGORITHM);
    }

    /**
     * The token of a user.
     *
     * @param user a name; empty for nobody in particular
     * @return letters, digits, dashes and underscores
     */
    public String of(String user) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(key);
            return Base64.getUrlEncoder().withoutPadding().encodeToString(mac.doFinal(user.getBytes(UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has " + ALGORITHM, e);
        }
    }

    /**
     * Whether a token is a user's.
     *
     * @param token what was sent; {@code null} if nothing was
     * @param user a name
     * @return false if it is another's, or none
     */
    public boolean isOf(String token, String user) {
        return token != null && MessageDigest.isEqual(token.getBytes(UTF_8), of(user).getBytes(UTF_8));
    }
}
