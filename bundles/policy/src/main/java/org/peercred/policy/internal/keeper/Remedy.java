/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.policy.internal.keeper;

import java.io.IOException;
import java.util.Map;
import org.osgi.framework.FrameworkUtil;
import org.osgi.service.cm.Configuration;
import org.osgi.service.cm.Configuration.ConfigurationAttribute;
import org.osgi.service.cm.ConfigurationAdmin;

/**
 * Sets right what Config Admin has, in the way in which Felix File Install would have done it: afterwards that knows the
 * configuration for its own, and there is no second one. A file that this process may not write makes a configuration that is
 * marked as not to be changed; the mark is taken away for the change and put back.
 */
final class Remedy {

    private static final String ANY_BUNDLE = "?";

    private final ConfigurationAdmin admin;

    Remedy(ConfigurationAdmin admin) {
        this.admin = admin;
    }

    /** Makes the configuration of a file that has none. */
    void load(FileName name, String fileUri, Map<String, Object> values) throws IOException {
        Configuration configuration = name.instance().isPresent()
                ? admin.getFactoryConfiguration(name.pid(), name.instance().get(), ANY_BUNDLE)
                : admin.getConfiguration(name.pid(), ANY_BUNDLE);
        update(configuration, fileUri, values);
    }

    /** Gives a configuration the values of its file. */
    void update(Configuration configuration, String fileUri, Map<String, Object> values) throws IOException {
        Map<String, Object> properties = Values.plain(values);
        properties.put(Values.FILE, fileUri);
        boolean marked = unmark(configuration);
        try {
            configuration.updateIfDifferent(FrameworkUtil.asDictionary(properties));
        } finally {
            if (marked) {
                configuration.addAttributes(ConfigurationAttribute.READ_ONLY);
            }
        }
    }

    /** Removes a configuration whose file is gone. */
    void remove(Configuration configuration) throws IOException {
        unmark(configuration);
        configuration.delete();
    }

    private static boolean unmark(Configuration configuration) throws IOException {
        boolean marked = configuration.getAttributes().contains(ConfigurationAttribute.READ_ONLY);
        if (marked) {
            configuration.removeAttributes(ConfigurationAttribute.READ_ONLY);
        }
        return marked;
    }
}
