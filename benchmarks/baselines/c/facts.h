/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 *
 * What the server may ask of a peer beside SO_PEERCRED, one such fact in a process. Used by one thread.
 */
#ifndef FACTS_H
#define FACTS_H

#include <stdint.h>
#include <sys/socket.h>

/* What an event of the epoll set is about: its data points to one of these. */
struct source {
    enum { CONNECTION, PEER, PROCESS } kind;
};

struct connection;

/* A process that is remembered: by the inode of its pidfds, which no other process ever has (Linux 6.9), never by its number. */
struct process {
    struct source ended;
    uint64_t inode;
    int pidfd;
    int watched;   /* whether it is in the epoll set */
    int directory; /* /proc/PID, opened while the process lived; -1: not yet */
    int cgroup;    /* /proc/PID/cgroup, likewise */
    char *program; /* what it executed when it was asked first; NULL: nobody has asked */
    struct connection *connections;
    struct process *next;
};

/* What is known of one connection's peer. */
struct peer {
    struct source ended;
    struct ucred credentials;
    int pidfd; /* -1: none is held */
    struct process *process;
};

struct fact {
    const char *name;
    /* Reads what follows the name on the command line. Ends the program where that is wrong. */
    void (*start)(int count, char **arguments);
    /* Whether a peer may be served: 1 or 0. */
    int (*allows)(int fd, struct peer *peer);
    /* Whether a connection is closed when its peer ends. */
    int closes;
};

/* The fact of that name; NULL if there is none. */
const struct fact *fact_of(const char *name);

/* All their names, for the usage. */
void print_facts(void);

/* Forgets a process that has ended. */
void forget_process(struct process *process);

void fatal(const char *what);

#endif
