/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import javax.management.AttributeList;
import javax.management.MBeanServerConnection;
import javax.management.ObjectName;
import javax.management.remote.JMXConnector;
import javax.management.remote.JMXConnectorFactory;
import javax.management.remote.JMXServiceURL;

/**
 * Reads, by JMX, how long the answers of listeners took. For each line on standard input, a listener's name, a line of JSON: microseconds of
 * half, 99 of 100, 999 of 1000 and all of the answers that were timed since the listener was started.
 *
 * <p>Usage: java Latencies.java ADDRESS, the address of the JVM's local management agent.
 */
final class Latencies {

    private static final List<String> KEYS = List.of("p50_us", "p99_us", "p999_us", "max_us");
    private static final String[] ATTRIBUTES = {
        "LatencyP50Micros", "LatencyP99Micros", "LatencyP999Micros", "LatencyMaxMicros"
    };

    private Latencies() {}

    public static void main(String[] args) throws Exception {
        try (JMXConnector connector = JMXConnectorFactory.connect(new JMXServiceURL(args[0]))) {
            MBeanServerConnection beans = connector.getMBeanServerConnection();
            BufferedReader names = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
            System.out.println("connected");
            for (String name = names.readLine(); name != null; name = names.readLine()) {
                System.out.println(json(beans.getAttributes(new ObjectName("org.peercred:type=Listener,name=" + name), ATTRIBUTES)));
            }
        }
    }

    private static String json(AttributeList values) {
        StringBuilder text = new StringBuilder("{");
        for (int i = 0; i < values.size(); i++) {
            text.append(String.format(Locale.ROOT, "%s\"%s\": %.3f", i == 0 ? "" : ", ", KEYS.get(i), (Double) values.asList().get(i).getValue()));
        }
        return text.append('}').toString();
    }
}
