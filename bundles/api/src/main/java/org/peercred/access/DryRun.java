/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.access;

import java.nio.file.Path;
import org.osgi.annotation.versioning.ProviderType;

/** Tells what a configuration file would do, and does nothing of it. */
@ProviderType
public interface DryRun {

    /**
     * Reads a file as it would be read in the container's directory of configurations; its name says what it is for. Waits for the name
     * service. Not to be called by an event loop.
     *
     * @param file any file but a symbolic link; need not be in that directory
     * @return what would come of it; to be closed
     */
    Proposal read(Path file);
}
