/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.policy.internal.background;

import org.peercred.common.reload.Chores;

/** The threads of this bundle, for what must hold up neither a component's activation nor a decision; a service. */
public interface Background extends Chores {}
