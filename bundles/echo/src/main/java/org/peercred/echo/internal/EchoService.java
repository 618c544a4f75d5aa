/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.echo.internal;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.metatype.annotations.Designate;
import org.peercred.common.config.Config;
import org.peercred.common.config.ConfigException;
import org.peercred.common.config.ConfigSource;
import org.peercred.service.BatchLineSession;
import org.peercred.service.LineConnection;
import org.peercred.service.LineService;
import org.peercred.service.LineSession;
import org.peercred.service.Replies;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers each line with itself behind a prefix. Bytes are bytes: no encoding is assumed. */
@Component(
        name = EchoService.PID,
        configurationPid = EchoService.PID,
        property = LineService.PROPERTY + "=echo",
        service = LineService.class)
@Designate(ocd = EchoConfiguration.class)
public final class EchoService implements LineService, BatchLineSession {

    static final String PID = "org.peercred.echo";

    private static final Logger LOG = LoggerFactory.getLogger(EchoService.class);
    private static final Set<String> KEYS = Set.of("prefix", LineService.PROPERTY);
    private static final int LONGEST_PREFIX = 1024;

    private volatile byte[] prefix = {'>', ' '};

    @Activate
    @Modified
    void configure(Map<String, ?> properties) {
        Config config = new Config(properties, ConfigSource.of(properties, PID));
        config.warnings(KEYS).forEach(LOG::warn);
        try {
            prefix = prefix(config);
        } catch (ConfigException e) {
            LOG.error("{} The prefix stays as it was.", e.getMessage());
        }
    }

    @Override
    public LineSession open(LineConnection connection) {
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

    private static byte[] prefix(Config config) throws ConfigException {
        String text = config.text("prefix").orElse("> ");
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        if (text.indexOf('\n') >= 0 || bytes.length > LONGEST_PREFIX) {
            throw config.invalid("prefix", text, "it must be one line of at most " + LONGEST_PREFIX + " bytes");
        }
        return bytes;
    }
}
