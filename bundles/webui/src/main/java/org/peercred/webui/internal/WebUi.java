/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.webui.internal;

import java.util.Map;
import java.util.function.Supplier;
import javax.servlet.Servlet;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.peercred.common.inspect.Services;
import org.peercred.common.web.ServletOffer;
import org.peercred.webui.internal.events.EventStreams;
import org.peercred.webui.internal.history.History;
import org.peercred.webui.internal.history.Sampler;
import org.peercred.webui.internal.page.Page;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Offers the page and the metrics to whatever web server and web console run in the container. Services may come and go: what is missing is told
 * in the answer.
 */
@Component(
        name = "org.peercred.webui",
        configurationPolicy = ConfigurationPolicy.IGNORE,
        service = {},
        immediate = true)
public final class WebUi {

    private static final Logger LOG = LoggerFactory.getLogger(WebUi.class);

    private final BundleContext context;
    private final EventStreams streams;
    private final ServletOffer offer;
    private final Sampler sampler;
    private final ServiceRegistration<Servlet> plugin;

    /**
     * Offers them.
     *
     * @param context publishes the servlets, and finds what is to be shown
     */
    @Activate
    public WebUi(BundleContext context) {
        this.context = context;
        Supplier<Services> services = () -> new Services(context);
        History history = new History();
        streams = new EventStreams(services);
        Page page = new Page(services, history, streams);
        sampler = new Sampler(history, services);
        offer = new ServletOffer(
                context,
                new PeercredServlet(services, page),
                Map.of(
                        "osgi.http.whiteboard.servlet.name",
                        "org.peercred.webui",
                        "osgi.http.whiteboard.servlet.pattern",
                        PeercredServlet.PLACE + "/*",
                        "osgi.http.whiteboard.servlet.asyncSupported",
                        true,
                        "load-on-startup",
                        1),
                "peercred-webui");
        offer.make();
        plugin = offerPlugin(page);
    }

    private ServiceRegistration<Servlet> offerPlugin(Page page) {
        return context.registerService(
                Servlet.class,
                new ConsolePlugin(page),
                FrameworkUtil.asDictionary(Map.of(
                        "felix.webconsole.label",
                        ConsolePlugin.LABEL,
                        "felix.webconsole.title",
                        "Peercred",
                        "felix.webconsole.category",
                        "OSGi",
                        "felix.webconsole.css",
                        "/" + ConsolePlugin.LABEL + "/console.css")));
    }

    private void withdrawPlugin() {
        try {
            plugin.unregister();
        } catch (IllegalStateException e) {
            LOG.debug("The framework was faster", e);
        }
    }

    @Deactivate
    void deactivate() {
        withdrawPlugin();
        offer.withdraw();
        sampler.close();
        streams.close();
    }
}
