/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.itests;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import javax.management.MBeanServerConnection;
import javax.management.Notification;
import javax.management.ObjectName;
import javax.management.remote.JMXConnector;
import javax.management.remote.JMXConnectorFactory;
import javax.management.remote.JMXServiceURL;
import org.junit.Before;
import org.junit.Test;

/** The beans over Karaf's own JMX, behind its access control. */
@SuppressWarnings("BanJNDI") // The server is one that this test has started, on the loopback interface.
public class JmxIT extends ConsoleKaraf {

    private static final String PASSWORD = "of-a-test";

    private static int registry;

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    @Before
    public void manage() throws Exception {
        if (registry != 0) {
            return;
        }
        registry = freePort();
        karaf.append("etc/users.properties", "\nlooks = " + PASSWORD + ",viewer\nmanages = " + PASSWORD + ",manager\n");
        EtcFile.write(
                karaf.file("etc/org.apache.karaf.management.cfg"),
                """
                rmiRegistryPort = %d
                rmiRegistryHost = 127.0.0.1
                rmiServerPort = %d
                rmiServerHost = 127.0.0.1
                jmxRealm = karaf
                serviceUrl = service:jmx:rmi://127.0.0.1:${rmiServerPort}/jndi/rmi://127.0.0.1:${rmiRegistryPort}/karaf-root
                daemon = true
                threaded = true
                objectName = connector:name=rmi
                """
                        .formatted(registry, freePort()));
        assertEquals(0, console(OPERATOR, "", "feature:install management").status());
    }

    private static JMXConnector connect(String user) throws Exception {
        JMXServiceURL url = new JMXServiceURL("service:jmx:rmi:///jndi/rmi://127.0.0.1:" + registry + "/karaf-root");
        Map<String, Object> login = Map.of(JMXConnector.CREDENTIALS, new String[] {user, PASSWORD});
        awaitTrue(() -> {
            try (JMXConnector connector = JMXConnectorFactory.connect(url, login)) {
                return connector.getMBeanServerConnection().isRegistered(echo());
            } catch (IOException e) {
                // It is being installed.
                return false;
            }
        });
        return JMXConnectorFactory.connect(url, login);
    }

    private static ObjectName echo() throws Exception {
        return new ObjectName("org.peercred:type=Listener,name=echo");
    }

    @Test
    public void a_viewer_reads_what_each_attribute_is_and_a_manager_alone_does_not() throws Exception {
        try (JMXConnector viewer = connect("looks");
                JMXConnector manager = connect("manages")) {
            MBeanServerConnection server = viewer.getMBeanServerConnection();
            assertEquals("", server.getAttribute(echo(), "Problem"));
            assertTrue(Arrays.stream(server.getMBeanInfo(echo()).getAttributes())
                    .allMatch(attribute -> attribute.getDescription().endsWith(".")));
            ObjectName control = new ObjectName("org.peercred:type=AccessControl");
            assertEquals(
                    "Grows whenever a decision may have changed.",
                    Arrays.stream(server.getMBeanInfo(control).getAttributes())
                            .filter(attribute -> attribute.getName().equals("Generation"))
                            .findFirst()
                            .orElseThrow()
                            .getDescription());
            assertThrows(SecurityException.class, () -> manager.getMBeanServerConnection()
                    .getAttribute(echo(), "Problem"));
        }
        Map<String, Object> wrong = Map.of(JMXConnector.CREDENTIALS, new String[] {"looks", "another"});
        assertThrows(
                SecurityException.class,
                () -> JMXConnectorFactory.connect(
                        new JMXServiceURL("service:jmx:rmi:///jndi/rmi://127.0.0.1:" + registry + "/karaf-root"),
                        wrong));
    }

    @Test
    public void whoever_may_connect_is_told_of_refusals() throws Exception {
        User.needsRoot("clients of another user");
        BlockingQueue<Notification> heard = new LinkedBlockingQueue<>();
        try (JMXConnector manager = connect("manages")) {
            manager.getMBeanServerConnection()
                    .addNotificationListener(echo(), (told, handback) -> heard.add(told), null, null);
            for (int i = 0; i < 3; i++) {
                assertEquals("Unauthorized access\n", karaf.hears(GUEST, "x"));
            }
            long count = 0;
            while (count < 3) {
                Notification told = heard.poll(60, SECONDS);
                assertTrue("three refusals, heard of " + count, told != null);
                assertEquals("org.peercred.denied", told.getType());
                Map<?, ?> data = (Map<?, ?>) told.getUserData();
                assertEquals((long) GUEST.uid(), data.get("uid"));
                count += (Long) data.get("count");
            }
            assertEquals(3, count);
        }
    }
}
