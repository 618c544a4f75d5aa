/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.policy.internal;

import java.io.IOException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.service.cm.Configuration;
import org.osgi.service.cm.ConfigurationAdmin;
import org.osgi.service.cm.ConfigurationEvent;
import org.osgi.service.cm.ConfigurationListener;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Warns of configurations that nobody will ever read: a file named {@code PID~NAME.cfg} makes a single configuration with that
 * odd PID, and no instance. What it was meant to forbid is then not forbidden.
 */
@Component(name = "org.peercred.policy.misnamed", service = ConfigurationListener.class, immediate = true)
public final class MisnamedFiles implements ConfigurationListener {

    private static final Logger LOG = LoggerFactory.getLogger(MisnamedFiles.class);
    private static final Pattern ODD = Pattern.compile("(org\\.peercred\\.[a-z.]+)~(.+)", Pattern.DOTALL);

    private final Set<String> told = ConcurrentHashMap.newKeySet();

    /** Looks at the configurations that are there already. */
    @Activate
    public MisnamedFiles(@Reference(name = "admin") ConfigurationAdmin admin) {
        try {
            Configuration[] there = admin.listConfigurations("(service.pid=org.peercred.*)");
            for (Configuration configuration : there == null ? new Configuration[0] : there) {
                check(configuration.getPid(), configuration.getFactoryPid());
            }
        } catch (IOException | InvalidSyntaxException | RuntimeException e) {
            LOG.debug("The configurations could not be listed.", e);
        }
    }

    @Override
    public void configurationEvent(ConfigurationEvent event) {
        if (event.getType() == ConfigurationEvent.CM_UPDATED) {
            check(event.getPid(), event.getFactoryPid());
        } else if (event.getType() == ConfigurationEvent.CM_DELETED) {
            told.remove(event.getPid());
        }
    }

    private void check(String pid, String factoryPid) {
        Matcher odd = ODD.matcher(pid);
        if (factoryPid == null && odd.matches() && told.add(pid)) {
            LOG.warn(
                    "Nobody reads etc/{}.cfg: the file for {} must be named etc/{}-{}.cfg.",
                    Paths.printable(pid),
                    Paths.printable(odd.group(2)),
                    odd.group(1),
                    Paths.printable(odd.group(2)));
        }
    }
}
