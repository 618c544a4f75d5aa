/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.http.internal.gate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.util.HostPort;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(120)
class ForwardedTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\0',
            value = {
                "for=192.0.2.60;proto=https;host=shop.example:8443 | 192.0.2.60 0 https shop.example:8443",
                "For=192.0.2.60; PROTO=HTTP;by=203.0.113.43 | 192.0.2.60 0 http -",
                "for=\"192.0.2.60:4711\" | 192.0.2.60 4711 - -",
                "for=\"[2001:db8::1]:80\";host=\"[::1]:8181\" | 2001:db8:0:0:0:0:0:1 80 - [::1]:8181",
                "for=\"[2001:db8::1]\" | 2001:db8:0:0:0:0:0:1 0 - -",
                "for=unknown;host=shop.example | - - shop.example:0",
                "for=_secret;proto=https | - https -",
                "for=\"_secret:_port\" | - - -",
                "for=10.0.0.1;proto=https, for=192.0.2.60 | 192.0.2.60 0 - -",
                "for=\"10.0.0.1, 10.0.0.2\";x=y, for=192.0.2.60;host=\"a;b\" | !",
                "by=_a;for=192.0.2.60;secret=\"a;for=1.1.1.1\" | 192.0.2.60 0 - -",
                // A quote that the proxy's client has opened hides nothing of what the proxy has added.
                "for=6.6.6.6;x=\", for=192.0.2.60;proto=https | 192.0.2.60 0 https -",
                "for=6.6.6.6;x=\"\\, for=192.0.2.60 | 192.0.2.60 0 - -",
            })
    void the_last_element_of_forwarded_counts(String header, String expected) {
        HttpFields headers = new HttpFields();
        headers.add("Forwarded", header.strip());
        headers.add("X-Forwarded-For", "10.9.9.9");
        headers.add("X-Forwarded-Proto", "https");
        assertEquals(expected.strip(), read(headers));
    }

    @Test
    void several_lines_are_one_list() {
        HttpFields headers = new HttpFields();
        headers.add("Forwarded", "for=10.0.0.1;host=first");
        headers.add("Forwarded", "for=10.0.0.2, for=10.0.0.3;proto=http");
        assertEquals("10.0.0.3 0 http -", read(headers));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "192.0.2.60 | https | shop.example | 192.0.2.60 0 https shop.example:0",
                "10.0.0.1, 192.0.2.60 | http, https | a, shop.example:81 | 192.0.2.60 0 https shop.example:81",
                "'\"6.6.6.6, 192.0.2.60' | http | a | 192.0.2.60 0 http a:0",
                "2001:db8::1 | http | [::1] | 2001:db8:0:0:0:0:0:1 0 http [::1]:0",
                "192.0.2.60:99 | http | a | 192.0.2.60 99 http a:0",
                "unknown | http | a | - http a:0",
            })
    void without_it_the_older_headers_count(String client, String scheme, String host, String expected) {
        HttpFields headers = new HttpFields();
        headers.add("X-Forwarded-For", client);
        headers.add("X-Forwarded-Proto", scheme);
        headers.add("X-Forwarded-Host", host);
        assertEquals(expected, read(headers));
    }

    @Test
    void what_is_not_said_is_not_there() {
        assertEquals("- - -", read(new HttpFields()));
        HttpFields headers = new HttpFields();
        headers.add("X-Forwarded-User", "root");
        headers.add("X-Forwarded-Host", "");
        assertEquals("- - -", read(headers));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "for=shop.example",
                "for=999.1.1.1",
                "for=192.0.2.60:99999",
                "for=\"[2001:db8::1::2]\"",
                "for=\"[192.0.2.60]\"",
                "for=2001",
                "for=",
                "for=1.1.1.1;for=2.2.2.2",
                "for",
                "=1.1.1.1",
                "proto=ftp",
                "proto=https://",
                "host=a b",
                "host=a/b",
                "host=user@a",
                "host=a:b",
                "host=a:99999",
                "host=\"a\u0000b\"",
                "host=ä",
            })
    void what_cannot_be_understood_is_refused(String header) {
        HttpFields headers = new HttpFields();
        headers.add("Forwarded", header);
        assertThrows(IllegalArgumentException.class, () -> Forwarded.read(headers));
    }

    private static String read(HttpFields headers) {
        Forwarded forwarded;
        try {
            forwarded = Forwarded.read(headers);
        } catch (IllegalArgumentException e) {
            return "!";
        }
        return forwarded
                        .client()
                        .map(client -> client.getAddress().getHostAddress() + " " + client.getPort())
                        .orElse("-")
                + " " + forwarded.scheme().orElse("-") + " "
                + forwarded.host().map(ForwardedTest::text).orElse("-");
    }

    private static String text(HostPort host) {
        return host.getHost() + ":" + host.getPort();
    }
}
