/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.console.internal.ssh;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PublicKey;
import org.apache.sshd.common.config.keys.PublicKeyEntry;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What OpenSSH's client needs to connect without a question: the container's key, and a configuration that names it. */
final class ClientFiles {

    /** The name that the container has for clients. */
    static final String HOST = "peercred";

    private static final Logger LOG = LoggerFactory.getLogger(ClientFiles.class);

    private ClientFiles() {}

    /** Writes both, in the container's data directory, where they are not so already. */
    static void write(Path data, PublicKey key) {
        Path directory = data.toAbsolutePath().normalize();
        String shown = directory.toString();
        try {
            write(directory.resolve("console.known_hosts"), HOST + " " + PublicKeyEntry.toString(key) + "\n");
            if (shown.chars().anyMatch(c -> c < ' ' || c == '"' || c == '\'' || c == '\\')) {
                LOG.warn("No console.ssh_config is written: OpenSSH cannot be told a directory of this name.");
                return;
            }
            write(directory.resolve("console.ssh_config"), configuration(shown));
        } catch (IOException e) {
            LOG.warn("What OpenSSH's client needs cannot be written into {}: {}", directory, e.toString());
        }
    }

    private static String configuration(String directory) {
        String escaped = directory.replace("%", "%%");
        return """
                # For OpenSSH's client: ssh -F THIS_FILE peercred. Written anew at each start.
                Host peercred
                    ProxyCommand nc -N -U '%1$s/console.sock'
                    HostKeyAlias peercred
                    UserKnownHostsFile "%1$s/console.known_hosts"
                    GlobalKnownHostsFile /dev/null
                    StrictHostKeyChecking yes
                    UpdateHostKeys no
                    HostKeyAlgorithms ecdsa-sha2-nistp256
                    KexAlgorithms ecdh-sha2-nistp256,curve25519-sha256
                    Ciphers aes128-gcm@openssh.com
                    User console
                    PreferredAuthentications none
                    IdentityFile none
                    IdentityAgent none
                    BatchMode yes
                    ClearAllForwardings yes
                    ForwardAgent no
                    ForwardX11 no
                    PermitLocalCommand no
                    ControlPath none
                    SendEnv LANG LC_*
                """
                .formatted(escaped);
    }

    private static void write(Path file, String text) throws IOException {
        if (Files.exists(file) && Files.readString(file, StandardCharsets.UTF_8).equals(text)) {
            return;
        }
        WrittenFile.replace(file, text, "rw-r--r--");
    }
}
