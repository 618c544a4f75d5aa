/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.example.time;

import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import org.osgi.service.component.annotations.Component;
import org.peercred.service.PeerConnection;
import org.peercred.service.LineService;
import org.peercred.service.PeercredConstants;
import org.peercred.service.LineSession;

/** Answers the name of a time zone with the time there, and {@code bye} with the end of the connection. */
@Component(property = PeercredConstants.SERVICE + "=time")
public final class TimeService implements LineService {

    @Override
    public LineSession open(PeerConnection connection) {
        return (line, replies) -> {
            String zone = StandardCharsets.UTF_8.decode(line).toString().strip();
            if (zone.equals("bye")) {
                replies.put(bytes("Good bye, user " + connection.peer().uid() + "\n")).end();
            } else {
                replies.put(bytes(timeIn(zone) + "\n"));
            }
        };
    }

    private static String timeIn(String zone) {
        try {
            return ZonedDateTime.now(ZoneId.of(zone)).format(DateTimeFormatter.ISO_OFFSET_DATE_TIME);
        } catch (DateTimeException e) {
            return "There is no such time zone.";
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
