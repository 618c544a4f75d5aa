/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.example.digest;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import org.osgi.service.component.annotations.Component;
import org.peercred.access.AccessRequest;
import org.peercred.access.Decision;
import org.peercred.service.LastWords;
import org.peercred.service.PeercredConstants;
import org.peercred.service.StreamConnection;
import org.peercred.service.StreamService;

/** Answers whatever a client sends, up to its end of stream, with the SHA-256 digest of it. */
@Component(service = StreamService.class, property = PeercredConstants.SERVICE + "=digest")
public final class DigestService implements StreamService, LastWords {

    private static final String DIGEST = AccessRequest.command("digest");

    @Override
    public void serve(StreamConnection connection) throws IOException {
        Decision decision = connection.decide(DIGEST);
        connection.audit(DIGEST, decision, Map.of());
        String answer = decision.allowed() ? digest(connection) : "error permission denied\n";
        connection.output().write(answer.getBytes(StandardCharsets.US_ASCII));
    }

    private static String digest(StreamConnection connection) throws IOException {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            new DigestInputStream(connection.input(), digest).transferTo(OutputStream.nullOutputStream());
            return "ok " + HexFormat.of().formatHex(digest.digest()) + "\n";
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** In this protocol, whatever is no digest begins with {@code error}. */
    @Override
    public byte[] lastWords(Cause cause, String text) {
        return text.isEmpty() ? new byte[0] : ("error " + text + "\n").getBytes(StandardCharsets.UTF_8);
    }
}
