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
import java.util.Map;
import java.util.Optional;
import java.util.Set;
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
import org.peercred.policy.internal.roles.RoleAlternatives;
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
    private final RoleAlternatives roleAlternatives;
    private final Alternatives alternatives;
    private final ConfigurationAdmin admin;
    private final PolicyCheck policies;

    @Reference(
            name = "checks",
            cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    volatile List<ConfigurationCheck> checks = List.of();

    /** Has tried nothing yet. */
    @Activate
    public DryRunComponent(
            BundleContext context,
            @Reference(name = "components") ServiceComponentRuntime components,
            @Reference(name = "users") UserDatabase users,
            @Reference(name = "credentials") PeerCredentialProvider credentials,
            @Reference(name = "pinner") ProcessPinner pinner,
            @Reference(name = "roles") RoleCheck roles,
            @Reference(name = "roleAlternatives") RoleAlternatives roleAlternatives,
            @Reference(name = "alternatives") Alternatives alternatives,
            @Reference(name = "admin") ConfigurationAdmin admin) {
        this(
                new FileReader(context),
                new Readers(context, components),
                users,
                credentials,
                new PolicyCheck(users, credentials, pinner, roles),
                roleAlternatives,
                alternatives,
                admin);
    }

    DryRunComponent(
            FileReader reader,
            Predicate<String> others,
            UserDatabase users,
            PeerCredentialProvider credentials,
            PolicyCheck policies,
            RoleAlternatives roleAlternatives,
            Alternatives alternatives,
            ConfigurationAdmin admin) {
        this.reader = reader;
        this.others = others;
        this.users = users;
        this.credentials = credentials;
        this.policies = policies;
        this.roleAlternatives = roleAlternatives;
        this.alternatives = alternatives;
        this.admin = admin;
    }

    @Override
    public Proposal read(Path file) {
        List<ConfigurationCheck> all = new ArrayList<>(checks);
        all.add(policies);
        FileCheck checked = FileCheck.of(file, reader, others, all, LinkOption.NOFOLLOW_LINKS);
        Differences differences = differences(checked);
        Outlook outlook = Outlook.NONE;
        if (checked.accepted()) {
            try {
                outlook = outlook(checked, differences);
            } catch (ConfigException | UnavailableException e) {
                checked = checked.with(e.getMessage());
            }
        }
        return new Tried(differences.pid(), checked.result(), differences.changes(), outlook);
    }

    private Outlook outlook(FileCheck checked, Differences differences) throws ConfigException, UnavailableException {
        String pid = checked.name().pid();
        Map<String, Object> properties = checked.properties();
        if (pid.equals(RolesConfiguration.PID)) {
            RolesTrial trial = RolesTrial.of(properties);
            RoleOutlook roles = new RoleOutlook(
                    roleAlternatives.unchanged(),
                    roleAlternatives.instead(differences.pid(), trial, users, credentials),
                    alternatives.roleUses());
            return Outlook.of(roles.effects(differences), roles);
        }
        Optional<Trial> trial = policies.trial(pid, properties);
        if (trial.isPresent()) {
            Revision policy = trial.get().load();
            return Outlook.of(alternatives.instead(differences.pid(), policy), () -> policy.rules()
                    .close(Optional.empty()));
        }
        return checked.check()
                .flatMap(check -> check.forecast(pid, differences.before(), properties))
                .map(forecast -> Outlook.of(
                        forecast.effects(),
                        forecast.terms().map(terms -> new OnTerms(alternatives.unchanged(), terms))))
                .orElse(Outlook.KEYS_ONLY);
    }

    /** What could not be read differs in nothing. */
    private Differences differences(FileCheck checked) {
        Differences none = new Differences(checked.name().wholePid(), Map.of(), Set.of(), List.of());
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
