/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal.audit.file;

import java.nio.file.Path;

/**
 * Where lines are written, and how.
 *
 * @param path the file, absolute
 * @param size the size in bytes from which on it is renamed and begun anew; 0 for never
 * @param files how many renamed ones are kept, 1 or more
 * @param pauses whether, while it cannot be written, its writer waits; if not, lines that find no room are given up
 */
public record FileSettings(Path path, long size, int files, boolean pauses) {}
