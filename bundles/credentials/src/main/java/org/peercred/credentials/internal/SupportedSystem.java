/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.credentials.internal;

import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** Where this bundle can work: its constants and layouts are those of Linux on these architectures. */
final class SupportedSystem {

    private static final Set<String> ARCHITECTURES = Set.of("amd64", "x86_64", "aarch64");

    private SupportedSystem() {}

    /**
     * Decides whether the kernel can be asked here.
     *
     * @param osName the system property {@code os.name}
     * @param osArch the system property {@code os.arch}
     * @return empty if it can be asked, else a whole sentence that says why not
     */
    static Optional<String> refusal(String osName, String osArch) {
        if (!osName.toLowerCase(Locale.ROOT).startsWith("linux")) {
            return Optional.of("Peercred needs Linux to learn who is connected to a socket, and this system is "
                    + osName + ": no credential provider is offered, so every connection stays refused.");
        }
        if (!ARCHITECTURES.contains(osArch)) {
            return Optional.of(
                    "Peercred needs a 64-bit Java on x86-64 or AArch64 to ask the kernel who is connected, and"
                            + " this one is for " + osArch
                            + ": no credential provider is offered, so every connection stays"
                            + " refused.");
        }
        return Optional.empty();
    }
}
