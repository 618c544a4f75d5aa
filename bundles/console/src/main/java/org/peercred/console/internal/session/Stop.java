/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.console.internal.session;

import java.util.function.BooleanSupplier;

/**
 * What a stop of this console means for what clients run.
 *
 * @param begun whether it stops, or has stopped; asked by any thread
 * @param patienceMillis how long what is run has then to end by itself, in milliseconds, greater than 0
 */
public record Stop(BooleanSupplier begun, long patienceMillis) {}
