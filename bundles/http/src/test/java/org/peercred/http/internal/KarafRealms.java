/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.http.internal;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import javax.security.auth.Subject;
import javax.security.auth.callback.Callback;
import javax.security.auth.callback.CallbackHandler;
import javax.security.auth.callback.NameCallback;
import javax.security.auth.callback.PasswordCallback;
import javax.security.auth.login.AppConfigurationEntry;
import javax.security.auth.login.AppConfigurationEntry.LoginModuleControlFlag;
import javax.security.auth.login.FailedLoginException;
import javax.security.auth.login.LoginContext;
import javax.security.auth.login.LoginException;
import javax.security.auth.spi.LoginModule;
import org.apache.karaf.jaas.boot.ProxyLoginModule;
import org.apache.karaf.jaas.boot.principal.UserPrincipal;
import org.apache.karaf.jaas.config.JaasRealm;
import org.apache.karaf.jaas.config.impl.OsgiConfiguration;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;
import org.peercred.http.internal.TokenWeb.Credentials;
import org.peercred.http.internal.token.TokenLogin;
import org.peercred.http.internal.token.TokenLogin.WantedRealm;

/** The realms of a Karaf, by its own classes, with a module for passwords in place of its own. */
final class KarafRealms {

    private static final long BUNDLE = 17;

    /** What the module for passwords was asked to do, in order. */
    static final List<String> ASKED = new CopyOnWriteArrayList<>();

    /** Which realm takes tokens, if any. */
    final TokenLogin login = new TokenLogin();
    /** The realms that were published before Karaf's. */
    final List<JaasRealm> published = new CopyOnWriteArrayList<>();

    final RealmAccess access;

    private final OsgiConfiguration configuration = new OsgiConfiguration();
    private final AtomicLong services = new AtomicLong();

    /** Knows one password, for everybody: {@code right}. */
    public static final class Passwords implements LoginModule {

        private Subject subject;
        private CallbackHandler handler;
        private Map<String, ?> options;
        private UserPrincipal found;

        /** Created by name. */
        public Passwords() {}

        @Override
        public void initialize(Subject whose, CallbackHandler asks, Map<String, ?> shared, Map<String, ?> how) {
            subject = whose;
            handler = asks;
            options = how;
            if (!shared.isEmpty()) {
                throw new IllegalStateException("somebody has left " + shared);
            }
        }

        @Override
        public boolean login() throws LoginException {
            ASKED.add("login of " + options.get("realm"));
            NameCallback name = new NameCallback("User: ");
            PasswordCallback password = new PasswordCallback("Password: ", false);
            try {
                handler.handle(new Callback[] {name, password});
            } catch (Exception e) {
                throw new LoginException(e.toString());
            }
            if (!"right".equals(new String(password.getPassword()))) {
                throw new FailedLoginException("login failed");
            }
            found = new UserPrincipal(name.getName());
            return true;
        }

        @Override
        public boolean commit() {
            ASKED.add("commit");
            return found != null && subject.getPrincipals().add(found);
        }

        @Override
        public boolean abort() {
            ASKED.add("abort");
            return true;
        }

        @Override
        public boolean logout() {
            return true;
        }
    }

    /** A realm as Karaf has it; its modules are those that it was given. */
    record Realm(String name, int rank, List<LoginModuleControlFlag> flags) implements JaasRealm {

        Realm(String name, int rank, LoginModuleControlFlag... flags) {
            this(name, rank, List.of(flags));
        }

        @Override
        public String getName() {
            return name;
        }

        @Override
        public int getRank() {
            return rank;
        }

        @Override
        public AppConfigurationEntry[] getEntries() {
            List<AppConfigurationEntry> entries = new ArrayList<>();
            for (LoginModuleControlFlag flag : flags) {
                entries.add(new AppConfigurationEntry(
                        ProxyLoginModule.class.getName(),
                        flag,
                        Map.of(
                                ProxyLoginModule.PROPERTY_MODULE,
                                Passwords.class.getName(),
                                ProxyLoginModule.PROPERTY_BUNDLE,
                                Long.toString(BUNDLE),
                                "realm",
                                name + rank)));
            }
            return entries.toArray(new AppConfigurationEntry[0]);
        }
    }

    KarafRealms() {
        ASKED.clear();
        BundleContext context = proxy(BundleContext.class, (self, method, args) -> switch (method.getName()) {
            case "getBundle" -> bundle();
            case "registerService" -> publish((JaasRealm) args[1]);
            default -> throw new UnsupportedOperationException(method.getName());
        });
        ProxyLoginModule.init(context);
        access = new RealmAccess(context, login);
    }

    private static Bundle bundle() {
        return proxy(Bundle.class, (self, method, args) -> switch (method.getName()) {
            case "getBundleId" -> BUNDLE;
            case "loadClass" -> Class.forName((String) args[0]);
            default -> throw new UnsupportedOperationException(method.getName());
        });
    }

    private ServiceRegistration<?> publish(JaasRealm realm) {
        configuration.register(realm, Map.of());
        published.add(realm);
        return proxy(ServiceRegistration.class, (self, method, args) -> {
            configuration.unregister(realm, Map.of());
            published.remove(realm);
            return null;
        });
    }

    /** Has a realm registered, as a bundle of anybody's does. */
    Runnable register(JaasRealm realm) {
        Map<String, Object> properties = Map.of("service.id", services.incrementAndGet());
        configuration.register(realm, Map.of());
        access.bindOthers(realm, properties);
        return () -> {
            configuration.unregister(realm, Map.of());
            access.unbindOthers(realm, properties);
        };
    }

    /** Has it configured that a realm takes tokens; no realm for none. */
    void configure(String realm) {
        login.want(realm.isEmpty() ? Optional.empty() : Optional.of(new WantedRealm(realm, realm + " is missing.")));
    }

    /** The entries of a realm, as JAAS gets them; {@code null} if there is none. */
    AppConfigurationEntry[] entries(String realm) {
        return configuration.getAppConfigurationEntry(realm);
    }

    /** Logs in, as applications do. */
    LoginContext login(String realm, String user, String password) throws LoginException {
        return login(realm, new Subject(), callbacks -> {
            for (Callback callback : callbacks) {
                if (callback instanceof NameCallback name) {
                    name.setName(user);
                } else if (callback instanceof PasswordCallback secret) {
                    secret.setPassword(password.toCharArray());
                }
            }
        });
    }

    /** Whether the realm {@code karaf} takes these. */
    boolean takes(Credentials credentials) {
        try {
            login("karaf", credentials.user(), credentials.password());
            return true;
        } catch (LoginException e) {
            return false;
        }
    }

    LoginContext login(String realm, Subject subject, CallbackHandler handler) throws LoginException {
        LoginContext context = new LoginContext(realm, subject, handler, configuration);
        context.login();
        return context;
    }

    private static <T> T proxy(Class<T> type, InvocationHandler handler) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
    }
}
