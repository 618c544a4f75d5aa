/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.http.internal.jetty;

import java.util.List;
import java.util.function.Function;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.AbstractConnector;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.peercred.http.internal.caller.Caller;
import org.peercred.service.ChannelConnection;
import org.peercred.service.ChannelService;
import org.peercred.service.ChannelSession;

/**
 * A connector without a socket of its own: its connections come from listeners, which have decided who may connect. Jetty knows it as
 * one more beside those for TCP.
 */
public final class PeerConnector extends AbstractConnector implements ChannelService {

    private final Function<ChannelConnection, Caller> callers;

    /**
     * Creates a connector for a server, which it is not added to yet.
     *
     * @param server whose applications answer
     * @param callers makes of a connection who is connected
     * @param customizers look at each request before any application does, one after the other until one has answered it
     */
    public PeerConnector(
            Server server,
            Function<ChannelConnection, Caller> callers,
            List<HttpConfiguration.Customizer> customizers) {
        super(server, null, null, null, 0, new HttpConnectionFactory(configuration(customizers)));
        this.callers = callers;
        setName("peercred");
    }

    /** A configuration of its own: what others are told of proxies and ports must not count here. */
    private static HttpConfiguration configuration(List<HttpConfiguration.Customizer> customizers) {
        HttpConfiguration configuration = new HttpConfiguration();
        configuration.setSendServerVersion(false);
        customizers.forEach(configuration::addCustomizer);
        return configuration;
    }

    @Override
    public ChannelSession open(ChannelConnection channel) {
        if (!isRunning()) {
            throw new IllegalStateException("the web server is stopping");
        }
        PeerEndPoint endPoint = new PeerEndPoint(this, channel, callers.apply(channel));
        Connection connection = getDefaultConnectionFactory().newConnection(this, endPoint);
        endPoint.setIdleTimeout(getIdleTimeout());
        endPoint.setConnection(connection);
        endPoint.onOpen();
        onEndPointOpened(endPoint);
        connection.onOpen();
        return endPoint;
    }

    void closed(EndPoint endPoint) {
        onEndPointClosed(endPoint);
    }

    /** Nothing is accepted here; there is no thread for that. */
    @Override
    protected void accept(int acceptor) {
        throw new UnsupportedOperationException("Connections come from listeners.");
    }

    @Override
    public Object getTransport() {
        return this;
    }

    /** Jetty does not close the connections of a connector that stops; who is connected would wait for ever. */
    @Override
    protected void doStop() throws Exception {
        super.doStop();
        getConnectedEndPoints().forEach(EndPoint::close);
    }
}
