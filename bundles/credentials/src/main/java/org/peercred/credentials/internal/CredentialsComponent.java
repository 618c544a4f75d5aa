/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.credentials.internal;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.osgi.annotation.bundle.Capability;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.peercred.common.linux.Platform;
import org.peercred.credentials.PeerCredentialProvider;
import org.peercred.credentials.ProcessPinner;
import org.peercred.credentials.UserDatabase;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Publishes the services where the kernel can be asked, and says in one sentence why not where it cannot. The services are
 * registered by hand for that reason: a component that throws is logged by the framework with all of its stack.
 */
@Component(
        name = "org.peercred.credentials",
        immediate = true,
        service = {})
@Capability(
        namespace = "osgi.service",
        effective = "active",
        attribute = "objectClass:List<String>=\"org.peercred.credentials.PeerCredentialProvider\"")
@Capability(
        namespace = "osgi.service",
        effective = "active",
        attribute = "objectClass:List<String>=\"org.peercred.credentials.ProcessPinner\"")
@Capability(
        namespace = "osgi.service",
        effective = "active",
        attribute = "objectClass:List<String>=\"org.peercred.credentials.UserDatabase\"")
public final class CredentialsComponent {

    private static final Logger LOG = LoggerFactory.getLogger(CredentialsComponent.class);

    private Optional<KernelProcessTable> table = Optional.empty();
    private final List<ServiceRegistration<?>> registrations = new ArrayList<>();

    /**
     * Publishes the services.
     *
     * @param context this bundle's
     */
    @Activate
    public CredentialsComponent(BundleContext context) {
        this(context, LOG, System.getProperty("os.name", ""), System.getProperty("os.arch", ""), Native::load);
    }

    CredentialsComponent(BundleContext context, Logger log, String osName, String osArch, Supplier<Native> loader) {
        Optional<String> refusal = Platform.refusal(osName, osArch);
        if (refusal.isPresent()) {
            log.error(refusal.get() + ": no credential provider is offered, so every connection stays refused.");
            return;
        }
        Native system;
        try {
            system = loader.get();
        } catch (LinkageError | RuntimeException e) {
            log.error(loadFailure(e));
            return;
        }
        KernelProcessTable processes = new KernelProcessTable(system);
        table = Optional.of(processes);
        PeerCredentialProvider provider = new KernelPeerCredentialProvider(system, processes);
        publish(context, PeerCredentialProvider.class, provider);
        publish(context, ProcessPinner.class, new KernelProcessPinner(processes));
        publish(context, UserDatabase.class, new NativeUserDatabase(system));
        log.info("Asking the kernel who is connected; this process runs as uid {}.", provider.daemonUid());
    }

    private <S> void publish(BundleContext context, Class<S> type, S service) {
        registrations.add(context.registerService(type, service, null));
    }

    @Deactivate
    void withdraw() {
        registrations.forEach(ServiceRegistration::unregister);
        table.ifPresent(KernelProcessTable::letGo);
    }

    /** The innermost cause says what is wrong; jnr wraps it several times, sometimes with a whole stack as its message. */
    static String loadFailure(Throwable failure) {
        Throwable cause = failure;
        while (cause.getCause() != null && cause.getCause() != cause) {
            cause = cause.getCause();
        }
        String message = String.valueOf(cause.getMessage());
        return "The native library of jnr-ffi cannot be loaded, so nobody can be identified and every connection stays"
                + " refused: " + message.lines().findFirst().orElse("") + " ("
                + cause.getClass().getSimpleName()
                + "); check that the bundle jffi has its fragment jffi-native.";
    }
}
