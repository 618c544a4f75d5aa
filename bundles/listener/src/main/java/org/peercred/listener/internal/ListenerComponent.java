/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceReference;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.osgi.service.metatype.annotations.Designate;
import org.peercred.access.AccessControl;
import org.peercred.access.PolicyListener;
import org.peercred.common.config.Config;
import org.peercred.common.config.ConfigException;
import org.peercred.common.config.ConfigSource;
import org.peercred.credentials.PeerCredentialProvider;
import org.peercred.listener.internal.engine.Collaborators;
import org.peercred.listener.internal.engine.Listener;
import org.peercred.listener.internal.engine.StreamAdapter;
import org.peercred.service.LineService;
import org.peercred.service.StreamService;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One configured listener. Nothing that it works with is mandatory, so that it is never re-activated, which would disconnect its
 * users: whatever is missing, everybody is refused until it comes.
 */
@Component(
        name = ListenerSettings.PID,
        configurationPid = ListenerSettings.PID,
        configurationPolicy = ConfigurationPolicy.REQUIRE,
        // Not only while an AccessControl asks for it: the socket is there, and closed to all, without one too.
        immediate = true,
        service = PolicyListener.class)
@Designate(ocd = ListenerConfiguration.class, factory = true)
public final class ListenerComponent implements PolicyListener {

    private static final Logger LOG = LoggerFactory.getLogger(ListenerComponent.class);

    private final Engine engine;
    private final ListenerControl control;
    private final Map<ServiceReference<?>, LineService> offered = new HashMap<>();
    private Optional<PeerCredentialProvider> provider = Optional.empty();
    private Optional<AccessControl> accessControl = Optional.empty();
    private volatile Optional<ListenerSettings> settings = Optional.empty();
    private Map<String, ?> latest = Map.of();
    private final WaitReport waiting;
    private final ListenerMBean bean;
    private BundleContext context;

    /**
     * Called by DS.
     *
     * @param engine the event loops
     */
    @Activate
    public ListenerComponent(@Reference(name = "engine") Engine engine) {
        this.engine = engine;
        this.control = new ListenerControl(engine, this::update);
        this.bean = new ListenerMBean(control);
        this.waiting = new WaitReport(engine);
    }

    @Activate
    void activate(BundleContext bundleContext, Map<String, ?> properties) {
        context = bundleContext;
        engine.add(control);
        modified(properties);
    }

    @Modified
    void modified(Map<String, ?> properties) {
        Config config = new Config(properties, ConfigSource.of(properties, ListenerSettings.PID));
        bean.register(context, config.source().name());
        boolean isNews = !properties.equals(latest);
        latest = Map.copyOf(properties);
        try {
            ListenerSettings parsed = ListenerSettings.from(config);
            if (isNews) {
                config.warnings(ListenerSettings.KEYS).forEach(LOG::warn);
                DescriptorLimit.check(parsed);
            }
            synchronized (this) {
                settings = Optional.of(parsed);
                update();
            }
            // Outside the lock: it may wait for a name service, while services come and go.
            control.rejected(parsed.name(), "");
            control.apply(parsed);
        } catch (ConfigException e) {
            control.rejected(config.source().name(), e.getMessage());
            if (isNews) {
                LOG.error(
                        "{} {}",
                        e.getMessage(),
                        settings.isPresent() ? "The last good configuration stays in force." : "There is no socket.");
            }
        }
    }

    @Deactivate
    void deactivate() {
        waiting.stop();
        bean.unregister();
        engine.remove(control);
        control.close();
    }

    @Override
    public void policiesChanged(long generation) {
        control.recheck();
    }

    @Reference(
            name = "provider",
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    synchronized void bindProvider(PeerCredentialProvider newProvider) {
        provider = Optional.of(newProvider);
        update();
    }

    synchronized void unbindProvider(PeerCredentialProvider oldProvider) {
        provider = provider.filter(current -> current != oldProvider);
        update();
    }

    @Reference(
            name = "access",
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    synchronized void bindAccess(AccessControl newAccessControl) {
        accessControl = Optional.of(newAccessControl);
        update();
    }

    synchronized void unbindAccess(AccessControl oldAccessControl) {
        accessControl = accessControl.filter(current -> current != oldAccessControl);
        update();
    }

    /** All services are bound; which of them this listener offers, {@code service.target} says. */
    @Reference(
            name = "lines",
            cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    synchronized void bindLines(ServiceReference<LineService> reference, LineService service) {
        offered.put(reference, service);
        update();
    }

    synchronized void updatedLines(ServiceReference<LineService> reference, LineService service) {
        update();
    }

    synchronized void unbindLines(ServiceReference<LineService> reference) {
        offered.remove(reference);
        update();
    }

    @Reference(
            name = "streams",
            cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    synchronized void bindStreams(ServiceReference<StreamService> reference, StreamService service) {
        offered.put(reference, new StreamAdapter(service));
        update();
    }

    synchronized void updatedStreams(ServiceReference<StreamService> reference, StreamService service) {
        update();
    }

    synchronized void unbindStreams(ServiceReference<StreamService> reference) {
        offered.remove(reference);
        update();
    }

    /** Called by the control, too, when settings have come into force. */
    private synchronized void update() {
        Optional<ListenerSettings> inForce =
                control.listener().map(Listener::settings).or(() -> settings);
        List<LineService> services = inForce.map(this::matching).orElse(List.of());
        control.use(new Collaborators(provider, accessControl, services));
        inForce.ifPresent(current -> waiting.check(current, provider, accessControl, services));
    }

    private List<LineService> matching(ListenerSettings current) {
        List<ServiceReference<?>> references = new ArrayList<>(offered.keySet());
        references.removeIf(reference -> !current.serviceTarget().match(reference));
        references.sort(Comparator.reverseOrder());
        return references.stream().map(offered::get).toList();
    }
}
