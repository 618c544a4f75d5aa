/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.http.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import javax.servlet.http.HttpServletRequest;
import javax.servlet.http.HttpServletResponse;
import org.apache.felix.webconsole.WebConsoleSecurityProvider;
import org.apache.felix.webconsole.WebConsoleSecurityProvider2;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.osgi.framework.ServiceReference;

@SuppressWarnings("deprecation") // as what is tested
class PasswordProvidersTest {

    private final PasswordProviders providers = new PasswordProviders();
    private final Map<String, Object> attributes = new HashMap<>();
    private final Map<String, String> headers = new HashMap<>();
    private int status = 200;
    private String authorization;

    private final HttpServletRequest request =
            proxy(HttpServletRequest.class, (self, method, args) -> switch (method.getName()) {
                case "getHeader" -> authorization;
                case "setAttribute" -> attributes.put((String) args[0], args[1]);
                default -> throw new UnsupportedOperationException(method.getName());
            });

    private final HttpServletResponse response = proxy(HttpServletResponse.class, (self, method, args) -> {
        switch (method.getName()) {
            case "setStatus" -> status = (Integer) args[0];
            case "setHeader" -> headers.put((String) args[0], (String) args[1]);
            case "setContentLength", "flushBuffer" -> {}
            default -> throw new UnsupportedOperationException(method.getName());
        }
        return null;
    });

    /** Knows one user; its password is the user's name backwards. */
    private static class Plain implements WebConsoleSecurityProvider {
        private final String user;

        Plain(String user) {
            this.user = user;
        }

        @Override
        public Object authenticate(String name, String password) {
            return name.equals(user)
                            && password.equals(new StringBuilder(user).reverse().toString())
                    ? name
                    : null;
        }

        @Override
        public boolean authorize(Object name, String role) {
            return false;
        }
    }

    private static final class Whole extends Plain implements WebConsoleSecurityProvider2 {

        Whole(String user) {
            super(user);
        }

        @Override
        public boolean authenticate(HttpServletRequest request, HttpServletResponse response) {
            response.setStatus(418);
            return false;
        }
    }

    @Test
    void the_one_of_the_highest_ranking_is_asked_in_whatever_order_they_come() {
        providers.add(reference(5), new Plain("middle"));
        providers.add(reference(9), new Plain("highest"));
        providers.add(reference(1), new Plain("lowest"));
        assertTrue(asks("Basic", "highest:tsehgih"));
        assertEquals(
                Map.of(
                        WebConsoleSecurityProvider2.USER_ATTRIBUTE,
                        "highest",
                        "org.osgi.service.http.authentication.remote.user",
                        "highest",
                        "org.osgi.service.http.authentication.type",
                        "BASIC"),
                attributes);
        assertFalse(asks("Basic", "middle:elddim"));
        assertFalse(asks("Basic", "lowest:tsewol"));
    }

    @Test
    void one_that_sees_to_the_whole_request_does() {
        providers.add(reference(1), new Plain("plain"));
        providers.add(reference(2), new Whole("whole"));
        assertFalse(asks("Basic", "plain:nialp"));
        assertEquals(418, status);
    }

    @Test
    void when_it_goes_the_next_is_asked_and_when_there_is_none_nobody_gets_in() {
        ServiceReference<WebConsoleSecurityProvider> first = reference(2);
        ServiceReference<WebConsoleSecurityProvider> second = reference(1);
        providers.add(first, new Plain("a"));
        providers.add(second, new Plain("b"));
        providers.remove(first);
        assertTrue(asks("basic", "b:b"));
        providers.remove(second);
        assertFalse(asks("Basic", "b:b"));
        assertEquals(403, status);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "user:wrong", "user", ":", "user:resu:"})
    void a_wrong_password_is_asked_for_again(String sent) {
        providers.add(reference(1), new Plain("user"));
        assertFalse(asks("Basic", sent));
        assertEquals(401, status);
        assertEquals(Map.of("WWW-Authenticate", "Basic realm=\"OSGi Management Console\""), headers);
        assertEquals(Map.of(), attributes);
    }

    @ParameterizedTest
    @ValueSource(strings = {"Basic", "Basic ", "Basic !!", "Bearer dXNlcjpyZXN1", "dXNlcjpyZXN1", "Digest x"})
    void what_is_no_password_is_none(String header) {
        providers.add(reference(1), new Plain("user"));
        authorization = header;
        assertFalse(providers.authenticate(request, response));
        assertEquals(401, status);
    }

    @Test
    void without_a_password_one_is_asked_for() {
        providers.add(reference(1), new Plain("user"));
        assertFalse(providers.authenticate(request, response));
        assertEquals(401, status);
    }

    private boolean asks(String scheme, String sent) {
        authorization = scheme + " " + Base64.getEncoder().encodeToString(sent.getBytes(StandardCharsets.UTF_8));
        return providers.authenticate(request, response);
    }

    @SuppressWarnings("unchecked") // the proxy has no type argument
    private static ServiceReference<WebConsoleSecurityProvider> reference(int ranking) {
        return proxy(ServiceReference.class, (self, method, args) -> switch (method.getName()) {
            case "compareTo" -> Integer.compare(ranking, (Integer) ((ServiceReference<?>) args[0]).getProperty("r"));
            case "getProperty" -> ranking;
            case "equals" -> self == args[0];
            case "hashCode" -> System.identityHashCode(self);
            default -> throw new UnsupportedOperationException(method.getName());
        });
    }

    private static <T> T proxy(Class<T> type, InvocationHandler handler) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
    }
}
