/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 *
 * The loop puts records into a ring, and a second thread formats them and writes many lines in one call. It looks for new ones every
 * millisecond, so that the loop never has to wake it.
 */
#define _GNU_SOURCE
#include "audit.h"

#include "facts.h"

#include <fcntl.h>
#include <pthread.h>
#include <pwd.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define RECORDS 16384 /* a power of two */
#define BUFFER 65536
#define LONGEST_LINE 512
#define FILE_SIZE (16 << 20)

static struct record ring[RECORDS];
static _Atomic size_t taken_in, written;
static const char *path;
static char user[64];
static uid_t user_id;
static int output = -1;
static off_t file_size;

static void put(const struct record *record) {
    size_t at = atomic_load_explicit(&taken_in, memory_order_relaxed);
    while (at - atomic_load_explicit(&written, memory_order_acquire) == RECORDS) {
        sched_yield();
    }
    ring[at & (RECORDS - 1)] = *record;
    atomic_store_explicit(&taken_in, at + 1, memory_order_release);
}

void audit_allowed(struct record *record) {
    static uint64_t connections;
    clock_gettime(CLOCK_REALTIME, &record->time);
    clock_gettime(CLOCK_MONOTONIC, &record->opened);
    record->connection = ++connections;
    put(record);
}

void audit_closed(struct record *record) {
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &record->time);
    clock_gettime(CLOCK_MONOTONIC, &now);
    record->closed = 1;
    record->millis = (now.tv_sec - record->opened.tv_sec) * 1000 + (now.tv_nsec - record->opened.tv_nsec) / 1000000;
    put(record);
}

static void open_file(void) {
    struct stat status;
    output = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0640);
    if (output < 0 || fstat(output, &status) != 0) {
        fatal(path);
    }
    file_size = status.st_size;
}

static void write_out(const char *bytes, size_t size) {
    if (file_size > 0 && file_size + (off_t) size > FILE_SIZE) {
        char old[4096];
        snprintf(old, sizeof old, "%s.1", path);
        if (rename(path, old) != 0) {
            fatal(old);
        }
        close(output);
        open_file();
    }
    while (size > 0) {
        ssize_t n = write(output, bytes, size);
        if (n < 0) {
            fatal(path);
        }
        bytes += n;
        size -= (size_t) n;
        file_size += n;
    }
}

static char *text(char *to, const char *from) {
    size_t length = strlen(from);
    memcpy(to, from, length);
    return to + length;
}

static char *number(char *to, uint64_t value) {
    char digits[20];
    int count = 0;
    do {
        digits[count++] = (char) ('0' + value % 10);
        value /= 10;
    } while (value > 0);
    while (count > 0) {
        *to++ = digits[--count];
    }
    return to;
}

/* 2026-01-31T12:00:00.123+00:00; the parts that stay the same for a second are made once in it. */
static char *timestamp(char *to, const struct timespec *time) {
    static time_t second = -1;
    static char before[32], offset[8];
    if (time->tv_sec != second) {
        struct tm there;
        char zone[8];
        second = time->tv_sec;
        localtime_r(&second, &there);
        strftime(before, sizeof before, "%Y-%m-%dT%H:%M:%S.", &there);
        strftime(zone, sizeof zone, "%z", &there);
        snprintf(offset, sizeof offset, "%.3s:%.2s", zone, zone + 3);
    }
    long millis = time->tv_nsec / 1000000;
    to = text(to, before);
    *to++ = (char) ('0' + millis / 100);
    *to++ = (char) ('0' + millis / 10 % 10);
    *to++ = (char) ('0' + millis % 10);
    return text(to, offset);
}

static char *format(char *to, const struct record *record) {
    to = timestamp(to, &record->time);
    to = text(to, record->closed ? " INFO  event=closed" : " INFO  event=allowed");
    to = number(text(to, " listener=echo connection="), record->connection);
    to = number(text(to, " uid="), record->credentials.uid);
    to = text(text(to, " user="), record->credentials.uid == user_id ? user : "-");
    to = number(text(to, " gid="), record->credentials.gid);
    to = number(text(to, " pid="), (uint64_t) record->credentials.pid);
    if (record->closed) {
        to = number(text(to, " action=connect lines="), (uint64_t) record->lines);
        to = number(text(to, " millis="), (uint64_t) record->millis);
    } else {
        to = text(to, " action=connect policy=owner reason=\"the peer runs as the daemon's own user\"");
    }
    *to++ = '\n';
    return to;
}

static void *write_records(void *unused) {
    static char buffer[BUFFER];
    for (;;) {
        size_t at = atomic_load_explicit(&written, memory_order_relaxed);
        size_t end = atomic_load_explicit(&taken_in, memory_order_acquire);
        char *to = buffer;
        while (at != end && to < buffer + BUFFER - LONGEST_LINE) {
            to = format(to, &ring[at++ & (RECORDS - 1)]);
        }
        if (to == buffer) {
            nanosleep(&(struct timespec){.tv_nsec = 1000000}, NULL);
        } else {
            write_out(buffer, (size_t) (to - buffer));
            atomic_store_explicit(&written, at, memory_order_release);
        }
    }
    return unused;
}

void audit_start(const char *file) {
    pthread_t thread;
    struct passwd *account = getpwuid(geteuid());
    path = file;
    user_id = geteuid();
    snprintf(user, sizeof user, "%s", account == NULL ? "-" : account->pw_name);
    open_file();
    if (pthread_create(&thread, NULL, write_records, NULL) != 0) {
        fatal("pthread_create");
    }
}
