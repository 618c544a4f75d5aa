/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.service;

/**
 * What the audit has done since it was started.
 *
 * @param written events that were written, each of those counted that one line stands for; not the lines that tell of losses
 * @param lost events that could not be written, whether a line has told of them yet or not
 * @param behind whether so much waits to be written, or nothing can be, that no new connections are accepted
 */
public record AuditReport(long written, long lost, boolean behind) {}
