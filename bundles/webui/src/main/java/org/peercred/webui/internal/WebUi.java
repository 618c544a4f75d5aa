/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.webui.internal;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.peercred.access.AccessControl;
import org.peercred.access.FindingSource;
import org.peercred.service.EngineStatistics;
import org.peercred.service.ListenerDirectory;
import org.peercred.webui.internal.metrics.Sources;

/** Offers the servlet to whatever web server runs in the container. Services may come and go: what is missing is told in the answer. */
@Component(
        name = "org.peercred.webui",
        configurationPolicy = ConfigurationPolicy.IGNORE,
        service = {},
        immediate = true)
public final class WebUi {

    private final ServletOffer offer;

    @Reference(
            name = "directory",
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    private volatile ListenerDirectory directory;

    @Reference(
            name = "engine",
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    private volatile EngineStatistics engine;

    @Reference(
            name = "access",
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    private volatile AccessControl access;

    @Reference(
            name = "findings",
            cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    private volatile List<FindingSource> findings = List.of();

    /**
     * Offers nothing yet.
     *
     * @param context publishes the servlet
     */
    @Activate
    public WebUi(BundleContext context) {
        offer = new ServletOffer(
                context,
                new PeercredServlet(this::sources),
                Map.of(
                        "osgi.http.whiteboard.servlet.name",
                        "org.peercred.webui",
                        "osgi.http.whiteboard.servlet.pattern",
                        "/peercred/metrics",
                        // Initialised at once, so that it is known whether a web server has it.
                        "load-on-startup",
                        1));
    }

    @Activate
    void activate() {
        offer.make();
    }

    @Deactivate
    void deactivate() {
        offer.withdraw();
    }

    private Sources sources() {
        return new Sources(
                Optional.ofNullable(directory),
                Optional.ofNullable(engine),
                Optional.ofNullable(access),
                List.copyOf(findings));
    }
}
