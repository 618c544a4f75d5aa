/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.http.internal.token;

import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import javax.security.auth.login.AppConfigurationEntry;
import javax.security.auth.login.AppConfigurationEntry.LoginModuleControlFlag;
import org.apache.karaf.jaas.boot.ProxyLoginModule;
import org.apache.karaf.jaas.config.JaasRealm;

/** The realms of Karaf and of anybody else, and what stands before one of them to take tokens. Safe to be used by any thread. */
public final class Realms {

    /** By the service's number, that is in the order in which they came. */
    private final NavigableMap<Long, JaasRealm> all = new ConcurrentSkipListMap<>();

    /** Knows none. */
    public Realms() {}

    /**
     * One has come.
     *
     * @param service the number that the framework gave the service
     * @param realm the realm
     */
    public void add(long service, JaasRealm realm) {
        all.put(service, realm);
    }

    /** One has gone. */
    public void remove(long service) {
        all.remove(service);
    }

    /** Whether there is one of that name. */
    public boolean has(String name) {
        return best(name).isPresent();
    }

    /** The one that Karaf would take: of the highest rank, and of several the first that came. */
    private Optional<JaasRealm> best(String name) {
        JaasRealm best = null;
        for (JaasRealm realm : all.values()) {
            if (realm.getName().equals(name) && (best == null || realm.getRank() > best.getRank())) {
                best = realm;
            }
        }
        return Optional.ofNullable(best);
    }

    /**
     * A realm that stands before those of a name. Who has a token is logged in by it alone; everything else is left to the modules of the
     * realm behind it, as that is configured at each login.
     *
     * @param name the name
     * @param tokens those that it takes
     * @param bundle the number of the bundle that the class of its module comes from
     * @return the realm, which Karaf takes in place of the other as soon as it is a service
     */
    public JaasRealm before(String name, Tokens tokens, long bundle) {
        AppConfigurationEntry ours = new AppConfigurationEntry(
                ProxyLoginModule.class.getName(),
                LoginModuleControlFlag.SUFFICIENT,
                Map.of(
                        ProxyLoginModule.PROPERTY_MODULE,
                        TokenLoginModule.class.getName(),
                        ProxyLoginModule.PROPERTY_BUNDLE,
                        Long.toString(bundle),
                        TokenLoginModule.TOKENS,
                        tokens));
        return new Before(name, ours);
    }

    /** Karaf asks for each of these at each login. */
    private final class Before implements JaasRealm {

        private final String name;
        private final AppConfigurationEntry ours;

        Before(String name, AppConfigurationEntry ours) {
            this.name = name;
            this.ours = ours;
        }

        @Override
        public String getName() {
            return name;
        }

        @Override
        public int getRank() {
            int rank = best(name).map(JaasRealm::getRank).orElse(Integer.MIN_VALUE);
            return rank == Integer.MAX_VALUE ? rank : rank + 1;
        }

        /** None where the realm behind it has none: then there is no login of that name, by a token either. */
        @Override
        public AppConfigurationEntry[] getEntries() {
            AppConfigurationEntry[] behind =
                    best(name).map(JaasRealm::getEntries).orElse(null);
            if (behind == null) {
                return null;
            }
            AppConfigurationEntry[] both = new AppConfigurationEntry[behind.length + 1];
            both[0] = ours;
            System.arraycopy(behind, 0, both, 1, behind.length);
            return both;
        }
    }
}
