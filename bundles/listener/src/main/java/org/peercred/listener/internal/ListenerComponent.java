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
import java.util.Set;
import java.util.stream.Collectors;
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
import org.peercred.access.RoleDirectory;
import org.peercred.common.config.ConfigSource;
import org.peercred.common.framework.Starting;
import org.peercred.common.reload.LastGood;
import org.peercred.credentials.PeerCredentialProvider;
import org.peercred.listener.internal.channels.ChannelOffer;
import org.peercred.listener.internal.engine.Collaborators;
import org.peercred.listener.internal.engine.Listener;
import org.peercred.listener.internal.engine.Offer;
import org.peercred.listener.internal.lines.LineOffer;
import org.peercred.listener.internal.streams.StreamOffer;
import org.peercred.service.ChannelService;
import org.peercred.service.LineService;
import org.peercred.service.PeercredConstants;
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

    private final LastGood<ListenerSettings> newest;
    private final EngineComponent engine;
    private final ListenerSupervisor supervisor;
    private final Map<ServiceReference<?>, Offer> offered = new HashMap<>();
    private Optional<PeerCredentialProvider> provider = Optional.empty();
    private volatile Optional<AccessControl> accessControl = Optional.empty();
    private Optional<RoleDirectory> roles = Optional.empty();
    private volatile String file = "";
    private final WaitReport waiting;
    private final RequiredPolicies required;
    private final ListenerMBean bean;
    private BundleContext context;
    private Optional<Starting> starting = Optional.empty();

    /**
     * @param engine the event loops
     */
    @Activate
    public ListenerComponent(@Reference(name = "engine") EngineComponent engine) {
        this.engine = engine;
        this.newest = new LastGood<>(
                ListenerSettings.PID,
                ListenerSettings::warnings,
                config -> ListenerSettings.from(config, Optional.ofNullable(engine.passed())),
                LOG);
        this.required = new RequiredPolicies(engine);
        this.waiting = new WaitReport(engine);
        this.supervisor = new ListenerSupervisor(
                engine,
                this::update,
                () -> List.of(waiting.problem(), required.problem()),
                () -> waiting.isSaid() && required.isSaid());
        this.bean = new ListenerMBean(supervisor, new ListenerNotices(engine.audit(), engine::later));
    }

    @Activate
    void activate(BundleContext bundleContext, Map<String, ?> properties) {
        context = bundleContext;
        engine.add(supervisor);
        awaitStart();
        modified(properties);
    }

    private void awaitStart() {
        supervisor.starts(true);
        Runnable end = () -> supervisor.starts(false);
        // Some services come a moment after their bundles.
        Starting now = new Starting(context, () -> engine.later(end, RequiredPolicies.PATIENCE_MILLIS));
        starting = Optional.of(now);
        if (now.isOn()) {
            engine.later(end, Starting.LONGEST.toMillis());
        } else {
            end.run();
        }
    }

    @Modified
    void modified(Map<String, ?> properties) {
        ConfigSource source = ConfigSource.of(properties, ListenerSettings.PID);
        file = source.file();
        bean.register(context, source.name());
        Optional<ListenerSettings> before = newest.current();
        Optional<ListenerSettings> read = newest.take(properties, this::insteadOfNewest);
        supervisor.rejected(source.name(), newest.problem());
        if (read.isPresent()) {
            if (!read.equals(before)) {
                DescriptorLimit.check(read.get());
            }
            update();
            // Without a lock: it may wait for a name service, while services come and go.
            supervisor.apply(read.get());
        }
    }

    private String insteadOfNewest() {
        return newest.current().isPresent() ? "The last good configuration stays in force." : "There is no socket.";
    }

    @Deactivate
    void deactivate() {
        starting.ifPresent(Starting::close);
        waiting.stop();
        required.stop();
        bean.unregister();
        engine.remove(supervisor);
        supervisor.close();
    }

    @Override
    public void policiesChanged(long generation) {
        supervisor.recheck();
        inForce().ifPresent(this::checkPolicies);
    }

    private void checkPolicies(ListenerSettings current) {
        required.check(file, current, accessControl);
        supervisor.lookWhatIsLacking(
                () -> required.isLacking() || !waiting.problem().isEmpty());
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

    @Reference(
            name = "roles",
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    synchronized void bindRoles(RoleDirectory newRoles) {
        roles = Optional.of(newRoles);
        update();
    }

    synchronized void unbindRoles(RoleDirectory oldRoles) {
        roles = roles.filter(current -> current != oldRoles);
        update();
    }

    /** All services are bound; which of them this listener offers, {@code service.target} says. */
    @Reference(
            name = "lines",
            cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    synchronized void bindLines(ServiceReference<LineService> reference, LineService service) {
        offered.put(reference, new LineOffer(service));
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
        offered.put(reference, new StreamOffer(service, engine));
        update();
    }

    synchronized void updatedStreams(ServiceReference<StreamService> reference, StreamService service) {
        update();
    }

    synchronized void unbindStreams(ServiceReference<StreamService> reference) {
        offered.remove(reference);
        update();
    }

    @Reference(
            name = "channels",
            cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    synchronized void bindChannels(ServiceReference<ChannelService> reference, ChannelService service) {
        offered.put(reference, new ChannelOffer(service));
        update();
    }

    synchronized void updatedChannels(ServiceReference<ChannelService> reference, ChannelService service) {
        update();
    }

    synchronized void unbindChannels(ServiceReference<ChannelService> reference) {
        offered.remove(reference);
        update();
    }

    /** Called by the supervisor, too, when settings have come into force. */
    private synchronized void update() {
        Optional<ListenerSettings> inForce = inForce();
        List<Offer> offers = inForce.map(this::matching).orElse(List.of());
        Collaborators used = new Collaborators(provider, accessControl, roles, offers);
        if (!used.isComplete()) {
            // Before anybody is turned away for it.
            supervisor.lookWhatIsLacking(() -> true);
        }
        supervisor.use(used);
        inForce.ifPresent(current -> {
            waiting.check(current, used, names());
            checkPolicies(current);
        });
    }

    private Set<String> names() {
        return offered.keySet().stream()
                .map(reference -> reference.getProperty(PeercredConstants.SERVICE))
                .filter(String.class::isInstance)
                .map(String.class::cast)
                .collect(Collectors.toSet());
    }

    private Optional<ListenerSettings> inForce() {
        return supervisor.listener().map(Listener::settings).or(newest::current);
    }

    private List<Offer> matching(ListenerSettings current) {
        List<ServiceReference<?>> references = new ArrayList<>(offered.keySet());
        references.removeIf(reference -> !current.serviceTarget().match(reference));
        references.sort(Comparator.reverseOrder());
        return references.stream().map(offered::get).toList();
    }
}
