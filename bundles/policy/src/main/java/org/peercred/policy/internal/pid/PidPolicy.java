/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.policy.internal.pid;

import java.util.Map;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.osgi.service.metatype.annotations.Option;
import org.peercred.access.AccessPolicy;
import org.peercred.credentials.PeerCredentialProvider;
import org.peercred.credentials.ProcessPinner;
import org.peercred.policy.internal.background.Background;
import org.peercred.policy.internal.config.ConfiguredPolicy;
import org.peercred.policy.internal.config.PolicyKind;
import org.peercred.policy.internal.config.Rules;

/** Allows the processes on a list, pinned when the configuration is loaded. */
@Component(
        name = "org.peercred.policy.pid",
        configurationPid = "org.peercred.policy.pid",
        configurationPolicy = ConfigurationPolicy.REQUIRE,
        service = AccessPolicy.class,
        immediate = true)
@Designate(ocd = PidPolicy.Configuration.class, factory = true)
public final class PidPolicy extends ConfiguredPolicy {

    /** The keys; the raw map is read, so that every bad value can be explained. */
    @ObjectClassDefinition(name = "Peercred policy: pid", description = "Allows the processes on a list.")
    @interface Configuration {
        @AttributeDefinition(
                name = "Name",
                description =
                        "What the instance is called in other configurations and in the log. Not set: what follows the kind and - in the file's name. At most 100 letters, digits and . _ @ + -.",
                required = false)
        String name() default "";

        @AttributeDefinition(
                name = "Allow",
                description = "Process ids, and files that hold one: file:/run/x.pid.",
                required = false)
        String[] allow() default {};

        @AttributeDefinition(
                name = "Descendants",
                description = "Whether those they started are allowed as well.",
                required = false)
        boolean descendants() default false;

        @AttributeDefinition(
                name = "Otherwise",
                description = "What is said of all others.",
                options = {
                    @Option(value = "abstain", label = "abstain: other policies decide"),
                    @Option(value = "deny", label = "deny: they are refused, whatever other policies say")
                },
                required = false)
        String otherwise() default "abstain";

        @AttributeDefinition(
                name = "Listeners",
                description = "Names of the listeners it covers; * for all.",
                required = false)
        String[] listeners() default "*";

        @AttributeDefinition(
                name = "Actions",
                description = "Actions it covers: connect, command:NAME, command:* or * for all.",
                required = false)
        String[] actions() default "connect";
    }

    /** Reads the first configuration. */
    @Activate
    public PidPolicy(
            Map<String, ?> properties,
            @Reference(name = "pinner") ProcessPinner pinner,
            @Reference(name = "credentials") PeerCredentialProvider credentials,
            @Reference(name = "background") Background background) {
        this(properties, kernel(pinner, credentials), background);
    }

    PidPolicy(Map<String, ?> properties, PidList.Kernel kernel, Background background) {
        super(PolicyKind.PID, reader(kernel), background);
        update(properties);
    }

    /**
     * What reads the configurations of this kind.
     *
     * @param pinner holds processes; not asked by the reader itself, only by what it leaves to do
     * @param credentials knows the daemon
     * @return the reader
     */
    public static Rules.Reader reader(ProcessPinner pinner, PeerCredentialProvider credentials) {
        return reader(kernel(pinner, credentials));
    }

    private static Rules.Reader reader(PidList.Kernel kernel) {
        return config -> PidRules.read(config, kernel);
    }

    private static PidList.Kernel kernel(ProcessPinner pinner, PeerCredentialProvider credentials) {
        return new PidList.Kernel(pinner, credentials.daemonUid(), Chronicle.OF_THIS_SYSTEM);
    }

    @Modified
    void modified(Map<String, ?> properties) {
        update(properties);
    }

    @Deactivate
    void deactivate() {
        close();
    }
}
