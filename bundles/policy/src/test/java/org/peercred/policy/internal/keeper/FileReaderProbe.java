/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.policy.internal.keeper;

import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.Map;
import org.osgi.framework.BundleContext;

/** Reads a file with some variables set. */
record FileReaderProbe(Map<String, String> variables) {

    Map<String, Object> read(Path file) throws IOException {
        return new FileReader(context(variables)).read(file);
    }

    static BundleContext context(Map<String, String> variables) {
        return (BundleContext) Proxy.newProxyInstance(
                FileReaderProbe.class.getClassLoader(),
                new Class<?>[] {BundleContext.class},
                (self, method, arguments) -> variables.get((String) arguments[0]));
    }
}
