/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.console.internal.ssh;

import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.time.Duration;
import java.util.List;
import org.apache.sshd.common.NamedFactory;
import org.apache.sshd.common.channel.Channel;
import org.apache.sshd.common.channel.RequestHandler;
import org.apache.sshd.common.cipher.BuiltinCiphers;
import org.apache.sshd.common.compression.BuiltinCompressions;
import org.apache.sshd.common.global.KeepAliveHandler;
import org.apache.sshd.common.kex.BuiltinDHFactories;
import org.apache.sshd.common.keyprovider.KeyPairProvider;
import org.apache.sshd.common.mac.BuiltinMacs;
import org.apache.sshd.common.session.Session;
import org.apache.sshd.common.signature.BuiltinSignatures;
import org.apache.sshd.core.CoreModuleProperties;
import org.apache.sshd.server.ServerBuilder;
import org.apache.sshd.server.SshServer;
import org.apache.sshd.server.auth.UserAuthNoneFactory;
import org.apache.sshd.server.channel.ChannelSessionFactory;
import org.apache.sshd.server.forward.RejectAllForwardingFilter;
import org.apache.sshd.server.global.NoMoreSessionsHandler;
import org.peercred.console.internal.session.Desk;

/** MINA SSHD, set up for clients of whom the kernel has said who they are: no port, no authentication, commands and terminals only. */
final class ConsoleServer {

    /** What the server calls itself. */
    static final String VERSION = "SSH-2.0-Peercred";

    /** As OpenSSH's own server. */
    private static final int MOST_CHANNELS = 10;

    /** What a client may send ahead on one channel, in bytes; kept for it until a command reads it. */
    private static final long WINDOW = 64 * 1024;

    /** For good: a client may pause for as long as it likes, and how long it may be idle is the listener's to say. */
    private static final Duration EVER = Duration.ofDays(3650);

    private ConsoleServer() {}

    /**
     * Sets one up. It opens nothing and starts no thread.
     *
     * @param desk runs what clients ask for
     * @param data the container's data directory, where the key is kept
     * @throws IOException if the key cannot be kept
     * @throws GeneralSecurityException if Java has no such keys
     */
    static SshServer make(Desk desk, Path data) throws IOException, GeneralSecurityException {
        KeyPair key = HostKey.of(data.resolve("console.key"));
        ClientFiles.write(data, key.getPublic());
        SshServer server = SshServer.setUpDefaultServer();
        setUpCryptography(server, key);
        server.setUserAuthFactories(List.of(UserAuthNoneFactory.INSTANCE));
        server.setForwardingFilter(RejectAllForwardingFilter.INSTANCE);
        server.setServiceFactories(SshServer.DEFAULT_SERVICE_FACTORIES);
        server.setAgentFactory(null);
        server.setSubsystemFactories(List.of());
        server.setGlobalRequestHandlers(List.of(
                KeepAliveHandler.INSTANCE,
                NoMoreSessionsHandler.INSTANCE,
                (service, request, wantReply, buffer) -> RequestHandler.Result.ReplyFailure));
        server.setChannelFactories(List.of(new ConsoleChannelFactory()));
        server.setShellFactory(channel -> new ShellCommand(desk));
        server.setCommandFactory((channel, line) -> new ExecCommand(desk, line));
        server.setScheduledExecutorService(desk.clock());
        CoreModuleProperties.SERVER_IDENTIFICATION.set(server, VERSION.substring("SSH-2.0-".length()));
        CoreModuleProperties.MAX_CONCURRENT_CHANNELS.set(server, MOST_CHANNELS);
        CoreModuleProperties.WINDOW_SIZE.set(server, WINDOW);
        CoreModuleProperties.WAIT_FOR_SPACE_TIMEOUT.set(server, EVER);
        CoreModuleProperties.WELCOME_BANNER.set(server, null);
        return server;
    }

    private static void setUpCryptography(SshServer server, KeyPair key) {
        server.setKeyPairProvider(KeyPairProvider.wrap(key));
        server.setSignatureFactories(List.of(BuiltinSignatures.nistp256));
        server.setKeyExchangeFactories(NamedFactory.setUpTransformedFactories(
                true,
                List.of(
                        BuiltinDHFactories.curve25519,
                        BuiltinDHFactories.curve25519_libssh,
                        BuiltinDHFactories.ecdhp256),
                ServerBuilder.DH2KEX));
        server.setCipherFactories(List.of(
                BuiltinCiphers.aes128gcm,
                BuiltinCiphers.aes256gcm,
                BuiltinCiphers.aes128ctr,
                BuiltinCiphers.aes256ctr));
        server.setMacFactories(List.of(BuiltinMacs.hmacsha256etm, BuiltinMacs.hmacsha512etm, BuiltinMacs.hmacsha256));
        server.setCompressionFactories(List.of(BuiltinCompressions.none));
    }

    private static final class ConsoleChannelFactory extends ChannelSessionFactory {

        @Override
        public Channel createChannel(Session session) {
            return new ConsoleChannel();
        }
    }
}
