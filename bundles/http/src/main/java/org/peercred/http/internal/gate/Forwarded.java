/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.http.internal.gate;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.util.HostPort;
import org.eclipse.jetty.util.QuotedStringTokenizer;

/**
 * What a reverse proxy says of the request that it passes on: {@code Forwarded} (RFC 7239) or, where there is none, {@code
 * X-Forwarded-For}, {@code -Proto} and {@code -Host}. Of several elements the last counts: it is the one that this proxy has added, and those
 * before it its client may have made up.
 *
 * @param client the address of the proxy's client, with port 0 where it is not told; empty where the proxy does not tell the address
 * @param scheme {@code http} or {@code https}
 * @param host whom the client wanted to reach, with port 0 for the scheme's own
 */
record Forwarded(Optional<InetSocketAddress> client, Optional<String> scheme, Optional<HostPort> host) {

    private static final String OCTET = "(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)";

    /** An address, perhaps with a port: of version 4, of version 6 in brackets, or of version 6 alone, which has no port. */
    private static final Pattern ADDRESS = Pattern.compile(
            "(?:(?<four>" + OCTET + "(?:\\." + OCTET + "){3})|\\[(?<six>[0-9A-Fa-f:.]+)])(?::(?<port>\\d{1,5}))?"
                    + "|(?<bare>[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*)");

    /** RFC 7239, section 6: the proxy does not know, or does not tell. */
    private static final Pattern HIDDEN =
            Pattern.compile("(?:unknown|_[A-Za-z0-9._-]+)(?::(?:\\d{1,5}|_[A-Za-z0-9._-]+))?");

    private static final Pattern HOST = Pattern.compile("(?:[A-Za-z0-9._~-]+|\\[[0-9A-Fa-f:.]+])(?::\\d{1,5})?");
    private static final int HIGHEST_PORT = 65_535;

    /**
     * Reads what a proxy says.
     *
     * @param headers of the request
     * @return nothing of what it does not say
     * @throws IllegalArgumentException if it cannot be understood
     */
    static Forwarded read(HttpFields headers) {
        Map<String, String> said =
                last(headers, "Forwarded").map(Forwarded::pairs).orElseGet(() -> older(headers));
        return new Forwarded(
                Optional.ofNullable(said.get("for")).flatMap(Forwarded::address),
                Optional.ofNullable(said.get("proto")).map(Forwarded::scheme),
                Optional.ofNullable(said.get("host")).map(Forwarded::host));
    }

    private static Map<String, String> older(HttpFields headers) {
        Map<String, String> said = new TreeMap<>();
        for (String name : List.of("for", "proto", "host")) {
            last(headers, "X-Forwarded-" + name).ifPresent(element -> said.put(name, element));
        }
        return said;
    }

    /** Behind the last comma, quoted or not: a quote that the proxy's client has opened must not hide what the proxy has added. */
    private static Optional<String> last(HttpFields headers, String name) {
        List<String> lines = headers.getValuesList(name);
        String line = lines.isEmpty() ? "" : lines.get(lines.size() - 1);
        return Optional.of(line.substring(line.lastIndexOf(',') + 1).strip()).filter(element -> !element.isEmpty());
    }

    private static Map<String, String> pairs(String element) {
        QuotedStringTokenizer tokens = new QuotedStringTokenizer(element, ";", false, false);
        tokens.setSingle(false);
        Map<String, String> said = new TreeMap<>();
        while (tokens.hasMoreTokens()) {
            String pair = tokens.nextToken().strip();
            int equals = pair.indexOf('=');
            if (equals < 1
                    || said.put(pair.substring(0, equals).toLowerCase(Locale.ROOT), pair.substring(equals + 1))
                            != null) {
                throw new IllegalArgumentException("no pair, or one twice");
            }
        }
        return said;
    }

    private static Optional<InetSocketAddress> address(String text) {
        if (HIDDEN.matcher(text).matches()) {
            return Optional.empty();
        }
        Matcher address = ADDRESS.matcher(text);
        if (!address.matches()) {
            throw new IllegalArgumentException("no address");
        }
        String port = address.group("port");
        String literal = Optional.ofNullable(address.group("four"))
                .orElseGet(() ->
                        "[" + Optional.ofNullable(address.group("six")).orElseGet(() -> address.group("bare")) + "]");
        try {
            // An address in digits is asked of nobody.
            return Optional.of(new InetSocketAddress(InetAddress.getByName(literal), port == null ? 0 : port(port)));
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException("no address", e);
        }
    }

    private static int port(String digits) {
        int port = Integer.parseInt(digits);
        if (port > HIGHEST_PORT) {
            throw new IllegalArgumentException("no port");
        }
        return port;
    }

    private static String scheme(String text) {
        String scheme = text.toLowerCase(Locale.ROOT);
        if (!scheme.equals("http") && !scheme.equals("https")) {
            throw new IllegalArgumentException("no scheme of HTTP");
        }
        return scheme;
    }

    private static HostPort host(String text) {
        if (!HOST.matcher(text).matches()) {
            throw new IllegalArgumentException("no host");
        }
        HostPort host = new HostPort(text);
        port(Integer.toString(host.getPort()));
        return host;
    }
}
