/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal.audit;

import java.util.concurrent.TimeUnit;

/** The accounts of the users who were active in the last minute; of so many, that is. Further users share one. Not thread-safe. */
final class Accounts {

    /** How many users have an account of their own. */
    static final int MOST = 4096;

    static final long MINUTE_NANOS = TimeUnit.MINUTES.toNanos(1);

    private static final long SWEEP_NANOS = TimeUnit.SECONDS.toNanos(10);
    private static final long NOBODY = -1;

    private final Account[] table = new Account[2 * MOST];
    private final Account others;
    private int size;
    private long sweptAt;

    Accounts(long now) {
        others = new Account(NOBODY, now);
        sweptAt = now;
    }

    /** A user's account. */
    Account of(long uid, long now) {
        int i = index(uid);
        for (Account account = table[i]; account != null; account = account.next) {
            if (account.uid == uid) {
                return account;
            }
        }
        if (size == MOST) {
            return others;
        }
        Account account = new Account(uid, now);
        account.next = table[i];
        table[i] = account;
        size++;
        return account;
    }

    int size() {
        return size;
    }

    /** Forgets who has been idle. To be called now and then; does something every ten seconds. */
    void sweep(long now) {
        if (now - sweptAt < SWEEP_NANOS || size == 0) {
            return;
        }
        sweptAt = now;
        for (int i = 0; i < table.length; i++) {
            Account kept = null;
            for (Account account = table[i]; account != null; ) {
                Account next = account.next;
                if (account.isIdle(now)) {
                    size--;
                } else {
                    account.next = kept;
                    kept = account;
                }
                account = next;
            }
            table[i] = kept;
        }
    }

    private static int index(long uid) {
        return (Long.hashCode(uid) * 0x9E3779B9) >>> 19;
    }
}
