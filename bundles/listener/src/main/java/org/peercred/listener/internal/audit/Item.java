/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal.audit;

import org.peercred.access.AuditEvent;

/** Something to write: an event, or what was counted in a second. Its lines are told one by one, so that none is told twice. */
final class Item {

    /** Whose it is. */
    final Account account;

    /** What it takes of the queue's room. */
    final int weight;

    /** In the queue. */
    Item next;

    private final Tallies tallies;
    private AuditEvent event;
    private long bytes;

    /** Takes a line's event, how often it happened, and whether that is of more reasons than are told apart. */
    @FunctionalInterface
    interface Teller {
        /** Returns how long the line is, in bytes. */
        int tell(AuditEvent event, long count, boolean reasons);
    }

    private Item(AuditEvent event, Tallies tallies, Account account, int weight, long bytes) {
        this.event = event;
        this.tallies = tallies;
        this.account = account;
        this.weight = weight;
        this.bytes = bytes;
    }

    /** An event whose line has been put on the account with an estimated size. */
    static Item of(AuditEvent event, Account account, int weight, int estimate) {
        return new Item(event, null, account, weight, -estimate);
    }

    static Item of(Tallies tallies, Account account) {
        return new Item(null, tallies, account, 0, 0);
    }

    /** What its lines are longer than what is on the account already, in bytes. */
    long surplus() {
        return bytes;
    }

    /** How many events have not been told. */
    long untold() {
        return tallies != null ? tallies.total() : event == null ? 0 : 1;
    }

    /**
     * Tells the next line.
     *
     * @param teller takes it. If it throws, the events are as good as told
     * @return false if there is none any more
     */
    boolean tell(Teller teller) {
        if (tallies == null) {
            AuditEvent told = event;
            if (told == null) {
                return false;
            }
            event = null;
            bytes += teller.tell(told, 1, false);
            return true;
        }
        for (int i = 0; i < Tallies.SIZE; i++) {
            long count = tallies.count(i);
            if (count > 0) {
                try {
                    bytes += teller.tell(tallies.event(i), count, tallies.isOthers(i));
                } finally {
                    tallies.clear(i);
                }
                return true;
            }
        }
        return false;
    }
}
