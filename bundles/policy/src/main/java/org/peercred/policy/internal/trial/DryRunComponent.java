/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.policy.internal.trial;

import java.io.IOException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.osgi.framework.BundleContext;
import org.osgi.service.cm.ConfigurationAdmin;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.osgi.service.component.runtime.ServiceComponentRuntime;
import org.peercred.access.AccessControl;
import org.peercred.access.ConfigurationCheck;
import org.peercred.access.DryRun;
import org.peercred.access.Proposal;
import org.peercred.common.config.ConfigException;
import org.peercred.credentials.PeerCredentialProvider;
import org.peercred.credentials.ProcessPinner;
import org.peercred.credentials.UserDatabase;
import org.peercred.policy.internal.config.Revision;
import org.peercred.policy.internal.config.Trial;
import org.peercred.policy.internal.config.UnavailableException;
import org.peercred.policy.internal.decide.Alternatives;
import org.peercred.policy.internal.keeper.FileReader;
import org.peercred.policy.internal.keeper.Readers;
import org.peercred.policy.internal.roles.RoleCheck;
import org.peercred.policy.internal.roles.RolesConfiguration;
import org.peercred.policy.internal.roles.RolesTrial;

/** Tries configuration files with the readers of the components themselves. */
@Component(
        name = "org.peercred.policy.dryrun",
        configurationPolicy = ConfigurationPolicy.IGNORE,
        service = DryRun.class)
public final class DryRunComponent implements DryRun {

    private final FileReader reader;
    private final Predicate<String> others;
    private final UserDatabase users;
    private final PeerCredentialProvider credentials;
    private final Alternatives alternatives;
    private final ConfigurationAdmin admin;
    private final PolicyCheck policies;

    @Reference(
            name = "checks",
            cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    private volatile List<ConfigurationCheck> checks = List.of();

    /** Has tried nothing yet. */
    @Activate
    public DryRunComponent(
            BundleContext context,
            @Reference(name = "components") ServiceComponentRuntime components,
            @Reference(name = "users") UserDatabase users,
            @Reference(name = "credentials") PeerCredentialProvider credentials,
            @Reference(name = "pinner") ProcessPinner pinner,
            @Reference(name = "roles") RoleCheck roles,
            @Reference(name = "alternatives") Alternatives alternatives,
            @Reference(name = "admin") ConfigurationAdmin admin) {
        this(
                new FileReader(context),
                new Readers(context, components),
                users,
                credentials,
                new PolicyCheck(users, credentials, pinner, roles),
                alternatives,
                admin);
    }

    DryRunComponent(
            FileReader reader,
            Predicate<String> others,
            UserDatabase users,
            PeerCredentialProvider credentials,
            PolicyCheck policies,
            Alternatives alternatives,
            ConfigurationAdmin admin) {
        this.reader = reader;
        this.others = others;
        this.users = users;
        this.credentials = credentials;
        this.policies = policies;
        this.alternatives = alternatives;
        this.admin = admin;
    }

    @Override
    public Proposal read(Path file) {
        List<ConfigurationCheck> all = new ArrayList<>(checks);
        all.add(policies);
        FileCheck checked = FileCheck.of(file, reader, others, all, LinkOption.NOFOLLOW_LINKS);
        Optional<Revision> policy = Optional.empty();
        if (checked.accepted()) {
            try {
                policy = load(checked);
            } catch (ConfigException | UnavailableException e) {
                checked = checked.with(e.getMessage());
            }
        }
        Differences differences = differences(checked);
        Runnable release = policy.<Runnable>map(
                        revision -> () -> revision.rules().close(Optional.empty()))
                .orElse(() -> {});
        Optional<AccessControl> access = policy.map(revision -> alternatives.instead(differences.pid(), revision));
        return new Tried(differences.pid(), checked.result(), differences.changes(), access, release);
    }

    private Optional<Revision> load(FileCheck checked) throws ConfigException, UnavailableException {
        if (checked.name().pid().equals(RolesConfiguration.PID)) {
            Optional<String> unknown = RolesTrial.of(checked.properties()).unknown(users, credentials);
            if (unknown.isPresent()) {
                throw new UnavailableException(unknown.get());
            }
        }
        Optional<Trial> trial = policies.trial(checked.name().pid(), checked.properties());
        return trial.isEmpty() ? Optional.empty() : Optional.of(trial.get().load());
    }

    /** What could not be read differs in nothing. */
    private Differences differences(FileCheck checked) {
        Differences none = new Differences(checked.name().wholePid(), List.of());
        if (checked.properties().isEmpty()) {
            return none;
        }
        try {
            return Differences.of(checked.name(), checked.properties(), admin);
        } catch (IOException | IllegalStateException e) {
            // Deleted since it was listed, or Config Admin is on its way out: then there is nothing to compare with.
            return none;
        }
    }
}
