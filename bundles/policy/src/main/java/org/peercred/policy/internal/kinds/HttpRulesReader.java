/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.policy.internal.kinds;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.peercred.access.PolicyScope;
import org.peercred.common.config.Config;
import org.peercred.common.config.ConfigException;
import org.peercred.common.config.Problems;
import org.peercred.policy.internal.config.PolicyKind;
import org.peercred.policy.internal.config.Rules;
import org.peercred.policy.internal.roles.RoleCheck;

/** Reads {@code METHOD,METHOD /PATTERN = role, role; ...}. */
final class HttpRulesReader implements Rules.Reader {

    private static final String ALL = "*";
    private static final Pattern METHOD = Pattern.compile("[A-Z][A-Z-]{0,31}");
    private static final String EXPECTED =
            "rules such as GET,HEAD /app/** = viewer, admin are expected, separated by ;";

    private final RoleCheck roles;

    HttpRulesReader(RoleCheck roles) {
        this.roles = roles;
    }

    @Override
    public PolicyScope scope(Config config) throws ConfigException {
        return PolicyKind.HTTP.scope(config);
    }

    @Override
    public Rules.Loading read(Config config) throws ConfigException {
        String text = PolicyKind.RULES.in(config);
        List<HttpRule> rules = new ArrayList<>();
        Problems problems = new Problems();
        for (String part : text.split(";", -1)) {
            if (!part.isBlank()) {
                problems.check(() -> rules.add(rule(config, part.strip())));
            }
        }
        if (text.isBlank()) {
            problems.add(config.invalid(PolicyKind.RULES, text, EXPECTED).getMessage());
        }
        problems.end();
        return Rules.Loading.done(new HttpRules(List.copyOf(rules), roles));
    }

    private static HttpRule rule(Config config, String text) throws ConfigException {
        int equals = text.lastIndexOf('=');
        String[] request =
                equals < 0 ? new String[0] : text.substring(0, equals).strip().split("\\s+(?=/)", 2);
        if (request.length != 2) {
            throw config.invalid(PolicyKind.RULES, text, EXPECTED);
        }
        Optional<PathPattern> pattern = PathPattern.parse(request[1]);
        if (pattern.isEmpty()) {
            throw config.invalid(
                    PolicyKind.RULES,
                    text,
                    "a path begins with /, is written decoded, and has ** as a whole segment only; no segment is empty, . or ..");
        }
        List<String> named = list(text.substring(equals + 1));
        for (String role : named) {
            if (!RoleCheck.NAME.matcher(role).matches()) {
                throw config.invalid(
                        PolicyKind.RULES,
                        text,
                        "names of roles are expected behind =, or " + HttpRule.AUTHENTICATED
                                + " for everybody who may connect");
            }
        }
        return HttpRule.of(methods(config, text, request[0]), pattern.get(), named);
    }

    /** None stands for all. */
    private static Set<String> methods(Config config, String rule, String text) throws ConfigException {
        List<String> methods = list(text);
        if (methods.equals(List.of(ALL))) {
            return Set.of();
        }
        if (methods.isEmpty()
                || !methods.stream().allMatch(method -> METHOD.matcher(method).matches())) {
            throw config.invalid(
                    PolicyKind.RULES,
                    rule,
                    "methods in capitals, separated by commas, are expected first, or * for all");
        }
        return Set.copyOf(methods);
    }

    private static List<String> list(String text) {
        return Stream.of(text.split(",", -1))
                .map(String::strip)
                .filter(entry -> !entry.isEmpty())
                .toList();
    }
}
