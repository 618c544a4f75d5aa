/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 *
 * A file with two lines for each connection, as the product writes them when every event is audited.
 */
#ifndef AUDIT_H
#define AUDIT_H

#include <stdint.h>
#include <sys/socket.h>
#include <time.h>

struct record {
    struct timespec time; /* of the event */
    struct timespec opened; /* monotonic */
    uint64_t connection; /* 0: the connection has no number yet */
    struct ucred credentials;
    int closed;
    long lines;
    long millis;
};

/* Starts the thread that writes. What is there is written behind; from 16 MiB on, the file is renamed to FILE.1. */
void audit_start(const char *file);

/* Tells that a peer was let in, and gives the record its number. Waits while too much waits to be written: nothing is lost. */
void audit_allowed(struct record *record);

/* Tells that the same connection has ended. */
void audit_closed(struct record *record);

#endif
