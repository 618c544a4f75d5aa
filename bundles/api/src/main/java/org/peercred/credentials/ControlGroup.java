/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.credentials;

import java.util.Optional;

/**
 * A place in the version 2 control group tree.
 *
 * @param path as the kernel spells it, {@code /} first
 * @param unit the systemd unit that the path names, for instance {@code backup.service}: the outermost part that is no slice,
 *     since parts below it may be made by anyone; empty where it names none
 */
public record ControlGroup(String path, Optional<String> unit) {}
