/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.policy.internal.decide;

import java.util.Map;
import java.util.Set;
import org.peercred.access.PolicyScope;

/**
 * What a policy grants by role.
 *
 * @param policy its id
 * @param scope what it covers
 * @param granted for each command or rule the roles that it is granted to
 */
public record RoleUse(String policy, PolicyScope scope, Map<String, Set<String>> granted) {}
