/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.console.internal.ssh;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.List;
import org.peercred.common.linux.FileStatus;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The key by which clients know the container again: EC on the curve P-256, which both sides work with quickly and which needs no library
 * besides Java. Made at the first start, and kept in a file that only this process's user may read, which is asked again at each start: two lines in base 64, the
 * private key as PKCS #8 and the public one as X.509 have it.
 */
final class HostKey {

    private static final Logger LOG = LoggerFactory.getLogger(HostKey.class);
    private static final String ALGORITHM = "EC";
    private static final String CURVE = "secp256r1";
    private static final int OF_OTHERS = 0077;

    private HostKey() {}

    /**
     * The key in a file. Where that holds none, or one that others may know, it is replaced, and said in the log.
     *
     * @param file where it is kept
     * @throws FileSystemException with its reason, if the file belongs to another user, who may put any key there
     * @throws IOException if the file cannot be read now, or there is none and it cannot be written
     * @throws GeneralSecurityException if Java has no such keys
     */
    static KeyPair of(Path file) throws IOException, GeneralSecurityException {
        try {
            if (isSecret(file)) {
                return read(file);
            }
        } catch (NoSuchFileException e) {
            LOG.debug("There is no {} yet", file);
        } catch (CharacterCodingException | GeneralSecurityException | IllegalArgumentException e) {
            LOG.warn(
                    "{} holds no key of the console ({}), and is made anew: clients that remember the old one will complain.",
                    file,
                    e.toString());
        }
        KeyPairGenerator generator = KeyPairGenerator.getInstance(ALGORITHM);
        generator.initialize(new ECGenParameterSpec(CURVE));
        KeyPair made = generator.generateKeyPair();
        write(file, made);
        return made;
    }

    private static boolean isSecret(Path file) throws IOException {
        FileStatus status = FileStatus.followed(file);
        long self = FileStatus.followed(Path.of("/proc/self")).uid();
        if (status.uid() != self) {
            throw new FileSystemException(
                    file.toString(),
                    null,
                    "it belongs to user " + status.uid() + " and not to user " + self
                            + ", who runs this container: give it back, or delete it, and a new key is made");
        }
        int mode = status.permissions();
        if ((mode & OF_OTHERS) == 0) {
            return true;
        }
        LOG.warn(
                "{} has the mode {} and not 0600, so that others may know or have changed the key of the console. It is made anew:"
                        + " clients that remember the old one will complain.",
                file,
                String.format("%04o", mode));
        return false;
    }

    private static KeyPair read(Path file) throws IOException, GeneralSecurityException {
        List<String> lines = Files.readAllLines(file, StandardCharsets.US_ASCII);
        if (lines.size() != 2) {
            throw new InvalidKeyException("it has " + lines.size() + " lines");
        }
        KeyFactory keys = KeyFactory.getInstance(ALGORITHM);
        Base64.Decoder decoder = Base64.getDecoder();
        return new KeyPair(
                keys.generatePublic(new X509EncodedKeySpec(decoder.decode(lines.get(1)))),
                keys.generatePrivate(new PKCS8EncodedKeySpec(decoder.decode(lines.get(0)))));
    }

    private static void write(Path file, KeyPair pair) throws IOException {
        Base64.Encoder encoder = Base64.getEncoder();
        String text = encoder.encodeToString(pair.getPrivate().getEncoded())
                + "\n"
                + encoder.encodeToString(pair.getPublic().getEncoded())
                + "\n";
        WrittenFile.replace(file, text, "rw-------");
    }
}
