/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicReference;
import org.osgi.framework.BundleContext;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.peercred.access.AccessControl;
import org.peercred.access.ConfigurationCheck;
import org.peercred.common.config.Config;
import org.peercred.common.config.ConfigException;
import org.peercred.common.config.ConfigSource;
import org.peercred.common.config.Key;
import org.peercred.common.reload.SettingsCheck;
import org.peercred.service.ChannelService;
import org.peercred.service.LineService;
import org.peercred.service.StreamService;

/** Tells whether configurations of listeners would be accepted, and, where there is a container, what would come of them. */
@Component(
        name = "org.peercred.listener.check",
        configurationPolicy = ConfigurationPolicy.IGNORE,
        service = ConfigurationCheck.class)
public final class ListenerCheck extends SettingsCheck {

    private static final List<Class<?>> SERVICES =
            List.of(LineService.class, StreamService.class, ChannelService.class);

    private final AtomicReference<EngineComponent> engine;
    private final AtomicReference<AccessControl> access = new AtomicReference<>();
    private BundleContext context;

    /** Made by a container, or where there is none. */
    public ListenerCheck() {
        this(new AtomicReference<>());
    }

    private ListenerCheck(AtomicReference<EngineComponent> engine) {
        super(
                ListenerSettings.PID,
                ListenerSettings::warnings,
                config -> ListenerSettings.from(
                        config, Optional.ofNullable(engine.get()).map(EngineComponent::passed)));
        this.engine = engine;
    }

    @Activate
    void activate(BundleContext bundleContext) {
        context = bundleContext;
    }

    @Reference(
            name = "engine",
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void bindEngine(EngineComponent newEngine) {
        engine.set(newEngine);
    }

    void unbindEngine(EngineComponent oldEngine) {
        engine.compareAndSet(oldEngine, null);
    }

    @Reference(
            name = "access",
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void bindAccess(AccessControl newAccess) {
        access.set(newAccess);
    }

    void unbindAccess(AccessControl oldAccess) {
        access.compareAndSet(oldAccess, null);
    }

    @Override
    public Optional<Forecast> forecast(String pid, Map<String, ?> before, Map<String, ?> after) {
        EngineComponent used = engine.get();
        if (used == null) {
            return Optional.empty();
        }
        Config config = new Config(after, ConfigSource.of(after, pid));
        try {
            ListenerSettings then = ListenerSettings.from(config);
            Optional<String> name = before.isEmpty()
                    ? Optional.empty()
                    : Optional.of(ConfigSource.of(before, pid).name());
            ListenerOutlook outlook = new ListenerOutlook(used, Optional.ofNullable(access.get()), services());
            return Optional.of(outlook.of(name, config.source().file(), then));
        } catch (ConfigException e) {
            return Optional.empty();
        }
    }

    private List<ServiceReference<?>> services() {
        List<ServiceReference<?>> found = new ArrayList<>();
        for (Class<?> type : SERVICES) {
            found.addAll(references(type));
        }
        return found;
    }

    private <T> List<ServiceReference<T>> references(Class<T> type) {
        try {
            return List.copyOf(context.getServiceReferences(type, null));
        } catch (InvalidSyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public List<Mention> mentions(String pid, Map<String, ?> properties) {
        Config config = new Config(properties, ConfigSource.of(properties, pid));
        List<Mention> mentions = new ArrayList<>();
        mentions.add(new Mention(Subject.LISTENER, config.source().name(), ListenerKeys.NAME.name(), true));
        read(config, ListenerKeys.PATH)
                .ifPresent(path -> mentions.add(new Mention(Subject.SOCKET, path, ListenerKeys.PATH.name(), true)));
        read(config, ListenerKeys.REQUIRED_POLICIES).ifPresent(ids -> new TreeSet<>(ids)
                .forEach(id ->
                        mentions.add(new Mention(Subject.POLICY, id, ListenerKeys.REQUIRED_POLICIES.name(), false))));
        return mentions;
    }

    /** A value that cannot be used is told by the check. */
    private static <T> Optional<T> read(Config config, Key<T> key) {
        try {
            return Optional.of(key.in(config));
        } catch (ConfigException e) {
            return Optional.empty();
        }
    }
}
