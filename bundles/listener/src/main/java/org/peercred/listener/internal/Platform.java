/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal;

import java.util.Locale;
import java.util.Optional;

/** Which systems the engine runs on. */
final class Platform {

    private Platform() {}

    /**
     * Whether it runs here.
     *
     * @param name the system property {@code os.name}
     * @param architecture the system property {@code os.arch}
     * @return one sentence if it does not
     */
    static Optional<String> refusal(String name, String architecture) {
        if (!name.toLowerCase(Locale.ROOT).startsWith("linux")) {
            return Optional.of("Listeners need Linux (epoll and SO_PEERCRED); this system is " + name + ".");
        }
        if (!architecture.matches("amd64|x86_64|aarch64|.*64.*|s390x")) {
            return Optional.of("Listeners need a 64-bit system; this one is " + architecture + ".");
        }
        return Optional.empty();
    }
}
