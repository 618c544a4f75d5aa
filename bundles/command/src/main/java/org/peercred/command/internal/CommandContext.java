/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.command.internal;

import java.util.Map;

/** What all connections to the command service share. */
interface CommandContext {

    /** The commands by name, but for those of the service itself, as they are now. */
    Map<String, RegisteredCommand> commands();

    /** Where commands run. */
    CommandThreads threads();
}
