/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.echo.internal;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.metatype.annotations.Designate;
import org.peercred.common.config.Key;
import org.peercred.common.config.Keys;
import org.peercred.common.config.Schema;
import org.peercred.common.config.UnusableValueException;
import org.peercred.common.reload.LastGood;
import org.peercred.service.BatchLineSession;
import org.peercred.service.LineService;
import org.peercred.service.LineSession;
import org.peercred.service.PeerConnection;
import org.peercred.service.PeercredConstants;
import org.peercred.service.Replies;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers each line with itself behind a prefix. Bytes are bytes: no encoding is assumed. */
@Component(
        name = EchoService.PID,
        configurationPid = EchoService.PID,
        property = PeercredConstants.SERVICE + "=echo",
        service = LineService.class)
@Designate(ocd = EchoConfiguration.class)
public final class EchoService implements LineService, BatchLineSession {

    static final String PID = "org.peercred.echo";

    private static final Logger LOG = LoggerFactory.getLogger(EchoService.class);
    private static final int LONGEST_PREFIX = 1024;
    private static final String PREFIXES = "one line of at most " + LONGEST_PREFIX + " bytes";

    static final Schema SCHEMA = new Schema(PeercredConstants.SERVICE);

    static final Key<byte[]> PREFIX =
            SCHEMA.add(Keys.verbatim("prefix", "> ").as(EchoService::prefix).within(PREFIXES));

    private final LastGood<byte[]> settings = new LastGood<>(PID, SCHEMA.known(), PREFIX::in, LOG);
    private volatile byte[] prefix = PREFIX.initial().getBytes(StandardCharsets.UTF_8);

    @Activate
    @Modified
    void configure(Map<String, ?> properties) {
        settings.take(properties, () -> "The prefix stays as it was.").ifPresent(now -> prefix = now);
    }

    @Override
    public LineSession open(PeerConnection connection) {
        return this;
    }

    @Override
    public void line(ByteBuffer line, Replies replies) {
        replies.put(prefix).put(line).put((byte) '\n');
    }

    @Override
    public int lines(ByteBuffer lines, Replies replies) {
        return replies.putLines(prefix, lines);
    }

    private static byte[] prefix(String text) throws UnusableValueException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        if (text.indexOf('\n') >= 0 || bytes.length > LONGEST_PREFIX) {
            throw new UnusableValueException("it must be " + PREFIXES);
        }
        return bytes;
    }
}
