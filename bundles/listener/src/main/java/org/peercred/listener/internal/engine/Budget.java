/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal.engine;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * The bytes that are kept for connections, of all listeners together and of each user: replies that were not sent, pieces of
 * lines, lines whose answer is to come. When there are too many, the greatest debtors are ended: of the user for whom most is
 * kept, the connections for which most is kept, on whatever loop. Others never pay for them. May be used by any thread.
 */
public final class Budget {

    /** The least that {@link #limit} takes, in bytes. */
    public static final long LEAST = 64 * 1024;

    /** What part of the heap may be kept for connections where no other limit is set. */
    private static final int PART_OF_HEAP = 8;

    /** What part of the whole one user may have where no other limit is set. */
    private static final int PART_OF_TOTAL = 2;

    /** Relief goes on until so many parts of a limit are left, so that it does not begin anew at once. */
    private static final int RELIEVED = 3;

    private static final int PARTS = 4;

    private final Map<Long, Account> accounts = new HashMap<>();
    private Account first;

    private final Relief relief;
    /** Replaced whole, so that walking through it allocates nothing. */
    private volatile Worker[] workers = new Worker[0];

    /** Both in one: a reader that saw a part of each would have the wrong ones pay. */
    private record Limits(long total, long perUid) {}

    private final AtomicLong held = new AtomicLong();
    private volatile Limits limits = new Limits(defaultTotal(), defaultPerUid(defaultTotal()));

    /** Creates a budget with the default limits. */
    public Budget() {
        this(System::nanoTime);
    }

    Budget(LongSupplier clock) {
        relief = new Relief(this, clock);
    }

    /**
     * What may be kept where nothing else is configured.
     *
     * @return bytes
     */
    public static long defaultTotal() {
        return Math.max(LEAST, Runtime.getRuntime().maxMemory() / PART_OF_HEAP);
    }

    /**
     * What may be kept for one user where nothing else is configured.
     *
     * @param total what may be kept for all, in bytes
     * @return bytes
     */
    public static long defaultPerUid(long total) {
        return Math.max(LEAST, total / PART_OF_TOTAL);
    }

    /**
     * Sets the limits.
     *
     * @param newTotal bytes of all connections
     * @param newPerUid bytes of one user's connections
     */
    public void limit(long newTotal, long newPerUid) {
        synchronized (this) {
            limits = new Limits(newTotal, newPerUid);
            relief.restart();
        }
        alarm();
    }

    /**
     * What is kept now.
     *
     * @return bytes
     */
    public long held() {
        return held.get();
    }

    /**
     * What may be kept for all.
     *
     * @return bytes
     */
    public long total() {
        return limits.total;
    }

    /** What one connection may owe before nothing more is read from it: several of one user have to have room. */
    long share() {
        return Math.max(1, limits.perUid / PARTS);
    }

    synchronized void serve(Worker worker) {
        Worker[] more = Arrays.copyOf(workers, workers.length + 1);
        more[workers.length] = worker;
        workers = more;
    }

    synchronized void leave(Worker worker) {
        workers = Arrays.stream(workers).filter(each -> each != worker).toArray(Worker[]::new);
    }

    /** Has every loop look for who has to pay. */
    private void alarm() {
        for (Worker worker : workers) {
            worker.loop.urge();
        }
    }

    synchronized Account open(long uid) {
        Long key = uid;
        Account account = accounts.get(key);
        if (account == null) {
            account = new Account(key);
            accounts.put(key, account);
            link(account);
        }
        account.holders++;
        return account;
    }

    synchronized void close(Account account) {
        if (--account.holders == 0) {
            accounts.remove(account.uid);
            unlink(account);
        }
    }

    /** Allocates nothing, as {@link #close(Account, Holding)}. */
    synchronized void add(Account account, Holding holding) {
        account.add(holding);
    }

    synchronized void close(Account account, Holding holding) {
        account.remove(holding);
        relief.forget(holding);
        close(account);
    }

    private void link(Account account) {
        account.next = first;
        if (first != null) {
            first.previous = account;
        }
        first = account;
    }

    private void unlink(Account account) {
        if (account.previous == null) {
            first = account.next;
        } else {
            account.previous.next = account.next;
        }
        if (account.next != null) {
            account.next.previous = account.previous;
        }
    }

    void charge(Account account, long bytes) {
        long ofAll = held.addAndGet(bytes);
        long ofUser = account.charge(bytes);
        Limits now = limits;
        if (bytes > 0 && (ofAll > now.total || ofUser > now.perUid)) {
            alarm();
        }
    }

    /**
     * What has to be ended next, as a loop that looks is told. Allocates nothing.
     *
     * @param looking the loop
     * @return another loop's while that has to end it first; {@code null} if nobody has to pay
     */
    synchronized Holding debtor(Worker looking) {
        return relief.debtor(looking);
    }

    /** The user who has to pay; {@code null} if the limits are kept. Guarded by this. */
    Account greatest() {
        Account greatest = first;
        for (Account account = first; account != null; account = account.next) {
            if (account.bytes() > greatest.bytes()) {
                greatest = account;
            }
        }
        Limits now = limits;
        return greatest != null && (held.get() > now.total || greatest.bytes() > now.perUid) ? greatest : null;
    }

    /** How many bytes may be left to the user who has to pay now. */
    long least(Account debtor) {
        Limits now = limits;
        long over = held.get() - now.total;
        return over > 0 ? Math.max(0, debtor.bytes() - over - now.total / PARTS) : now.perUid / PARTS * RELIEVED;
    }
}
