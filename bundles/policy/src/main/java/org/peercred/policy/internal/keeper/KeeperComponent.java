/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.policy.internal.keeper;

import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.service.cm.ConfigurationAdmin;
import org.osgi.service.cm.ConfigurationEvent;
import org.osgi.service.cm.ConfigurationListener;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.osgi.service.component.runtime.ServiceComponentRuntime;
import org.peercred.access.Finding;
import org.peercred.access.FindingSource;
import org.peercred.common.framework.Starting;
import org.peercred.common.reload.Chores;
import org.peercred.policy.internal.background.Background;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has a {@link Keeper} look after the configuration files, and tells what is amiss. It has looked once before anybody can decide
 * anything: whoever decides needs it. Configurations are looked at as soon as there is somebody to ask for them.
 */
@Component(
        name = "org.peercred.policy.keeper",
        configurationPolicy = ConfigurationPolicy.IGNORE,
        service = {FindingSource.class, Doubts.class, ConfigurationListener.class},
        immediate = true)
public final class KeeperComponent implements FindingSource, Doubts, ConfigurationListener {

    private static final Logger LOG = LoggerFactory.getLogger(KeeperComponent.class);
    private static final String OURS = "org.peercred";
    private static final Duration PAUSE = Duration.ofMillis(500);

    /** A look costs at most one part in so many of a processor, as long as the promise of five seconds leaves it the time. */
    private static final int SHARE = 20;

    private static final Duration LONGEST_PAUSE = Duration.ofMillis(700);

    private final Optional<Keeper> keeper;
    private final Surroundings surroundings;
    private final Starting starting;
    private final Bundle system;
    private final Chores.Chore looking;
    private volatile Optional<ConfigurationAdmin> admin = Optional.empty();

    /** Does not look yet. */
    @Activate
    public KeeperComponent(
            BundleContext context,
            @Reference(name = "background") Background background,
            @Reference(name = "components") ServiceComponentRuntime components) {
        starting = new Starting(context, () -> {});
        system = context.getBundle(Constants.SYSTEM_BUNDLE_LOCATION);
        keeper = Optional.ofNullable(context.getProperty("karaf.etc"))
                .map(etc -> new Keeper(
                        Path.of(etc),
                        context,
                        new Readers(context, components),
                        starting::isOn,
                        System::nanoTime,
                        Instant.ofEpochMilli(
                                ManagementFactory.getRuntimeMXBean().getStartTime())));
        surroundings = new Surroundings(context);
        looking = background.chore(this::look);
    }

    /** Looks for the first time. */
    @Activate
    void activate() {
        surroundings.check().forEach(finding -> LOG.warn("{} {}", finding.problem(), finding.remedy()));
        try {
            look();
        } catch (Throwable e) {
            // DS would not try again. Until a look succeeds everything is closed.
            Chores.tell(e);
            looking.in(PAUSE);
        }
    }

    @Deactivate
    void deactivate() {
        starting.close();
        admin = Optional.empty();
    }

    @Reference(
            name = "admin",
            service = ConfigurationAdmin.class,
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY,
            bind = "bindAdmin",
            unbind = "unbindAdmin")
    void bindAdmin(ConfigurationAdmin newAdmin) {
        admin = Optional.of(newAdmin);
        keeper.ifPresent(Keeper::changed);
    }

    void unbindAdmin(ConfigurationAdmin oldAdmin) {
        admin = admin.filter(current -> current != oldAdmin);
    }

    private void look() {
        // While the container is stopped readers go one by one, before this bundle or after it: what was told by then
        // is right.
        if (keeper.isEmpty() || system.getState() == Bundle.STOPPING) {
            return;
        }
        long before = System.nanoTime();
        keeper.get().look(admin);
        Duration pause = PAUSE.plusNanos((System.nanoTime() - before) * SHARE);
        looking.in(pause.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause);
    }

    @Override
    public void configurationEvent(ConfigurationEvent event) {
        if (event.getPid().startsWith(OURS)) {
            keeper.ifPresent(Keeper::changed);
        }
    }

    @Override
    public List<Finding> findings() {
        List<Finding> all = new ArrayList<>(surroundings.check());
        keeper.ifPresent(known -> all.addAll(known.findings()));
        return all;
    }

    @Override
    public void follow(Consumer<Map<String, Doubt>> follower, boolean decides) {
        keeper.map(Keeper::doubts)
                .ifPresentOrElse(all -> all.follow(follower, decides), () -> follower.accept(Map.of()));
    }

    @Override
    public void forget(Consumer<Map<String, Doubt>> follower) {
        keeper.ifPresent(known -> known.doubts().forget(follower));
    }
}
