/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import javax.management.Attribute;
import javax.management.JMException;
import javax.management.MBeanServerConnection;
import javax.management.ObjectName;
import javax.management.openmbean.CompositeDataSupport;
import javax.management.openmbean.CompositeType;
import javax.management.openmbean.OpenDataException;
import javax.management.openmbean.OpenType;
import javax.management.openmbean.SimpleType;
import javax.management.openmbean.TabularData;
import javax.management.openmbean.TabularDataSupport;
import javax.management.openmbean.TabularType;
import javax.management.remote.JMXConnector;
import javax.management.remote.JMXConnectorFactory;
import javax.management.remote.JMXServiceURL;

/**
 * Watches listeners and changes configurations by JMX. Each line on standard input is answered with one on standard output:
 *
 * <ul>
 *   <li>{@code latencies NAME}: a JSON object, microseconds of half, 99 of 100, 999 of 1000 and all of the answers of that listener that were
 *       timed since it was started;
 *   <li>{@code create FACTORY}: the PID of a new configuration, which has no file;
 *   <li>{@code update PID VALUE}: gives it VALUE, the rest of the line, as its key {@code allow}, and nothing else; {@code ok};
 *   <li>{@code delete PID}: {@code ok}.
 * </ul>
 *
 * <p>Usage: java Management.java ADDRESS, the address of the JVM's local management agent. Ends with its standard input, or at what fails.
 */
final class Management {

    private static final Map<String, String> KEYS =
            Map.of("LatencyP50Micros", "p50_us", "LatencyP99Micros", "p99_us", "LatencyP999Micros", "p999_us", "LatencyMaxMicros", "max_us");
    private static final String[] COLUMNS = {"Key", "Value", "Type"};

    private final MBeanServerConnection beans;

    private Management(MBeanServerConnection beans) {
        this.beans = beans;
    }

    public static void main(String[] args) throws IOException, JMException {
        try (JMXConnector connector = JMXConnectorFactory.connect(new JMXServiceURL(args[0]))) {
            Management management = new Management(connector.getMBeanServerConnection());
            BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
            System.out.println("connected");
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                System.out.println(management.answer(line.split(" ", 3)));
            }
        }
    }

    private String answer(String[] words) throws IOException, JMException {
        switch (words[0]) {
            case "latencies":
                return latencies(words[1]);
            case "create":
                return (String) configurations("createFactoryConfiguration", List.of(words[1]), List.of(String.class.getName()));
            case "update":
                configurations("update", List.of(words[1], allow(words[2])), List.of(String.class.getName(), TabularData.class.getName()));
                return "ok";
            case "delete":
                configurations("delete", List.of(words[1]), List.of(String.class.getName()));
                return "ok";
            default:
                throw new IllegalArgumentException(words[0]);
        }
    }

    private String latencies(String listener) throws IOException, JMException {
        StringBuilder text = new StringBuilder("{");
        ObjectName name = new ObjectName("org.peercred:type=Listener,name=" + listener);
        for (Attribute value : beans.getAttributes(name, KEYS.keySet().toArray(new String[0])).asList()) {
            text.append(text.length() == 1 ? "" : ", ");
            text.append(String.format(Locale.ROOT, "\"%s\": %.3f", KEYS.get(value.getName()), (Double) value.getValue()));
        }
        return text.append('}').toString();
    }

    private Object configurations(String operation, List<Object> arguments, List<String> types) throws IOException, JMException {
        ObjectName admin = beans.queryNames(new ObjectName("osgi.compendium:service=cm,*"), null).iterator().next();
        return beans.invoke(admin, operation, arguments.toArray(), types.toArray(new String[0]));
    }

    private static TabularData allow(String value) throws OpenDataException {
        OpenType<?>[] texts = {SimpleType.STRING, SimpleType.STRING, SimpleType.STRING};
        CompositeType row = new CompositeType("PROPERTY", "A key and its value", COLUMNS, COLUMNS, texts);
        TabularData table = new TabularDataSupport(new TabularType("PROPERTIES", "The keys", row, new String[] {"Key"}));
        table.put(new CompositeDataSupport(row, COLUMNS, new String[] {"allow", value, "String"}));
        return table;
    }
}
