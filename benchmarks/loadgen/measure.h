/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 *
 * What the load generator measures with: a monotonic clock, a log-linear histogram, and what the kernel says of the CPU time
 * and the memory of the server, of this process and of the whole machine. Times are nanoseconds unless the name says otherwise.
 */
#ifndef PEERCRED_MEASURE_H
#define PEERCRED_MEASURE_H

#include <dirent.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define SECOND 1000000000LL
#define KERNEL_THREAD 0x00200000 /* PF_KTHREAD of linux/sched.h */
#define NOT_FOR_ALL __attribute__((unused)) /* one of the programs does without */

static int64_t clock_now(clockid_t clock) {
    struct timespec t;
    if (clock_gettime(clock, &t) != 0) {
        return -1;
    }
    return t.tv_sec * SECOND + t.tv_nsec;
}

static int64_t now_ns(void) {
    return clock_now(CLOCK_MONOTONIC);
}

/* ---- histogram: exact below 128 ns, then 64 buckets to each power of two: an error below 1.6 % ---- */

#define SUB_BITS 6
#define SUB (1 << SUB_BITS)
#define BUCKETS ((65 - SUB_BITS) * SUB)

struct histogram {
    uint64_t total;
    int64_t max;
    uint64_t count[BUCKETS];
};

static void histogram_add(struct histogram *h, int64_t value) {
    uint64_t v = value < 0 ? 0 : (uint64_t) value;
    int shift = v < 2 * SUB ? 0 : 63 - __builtin_clzll(v) - SUB_BITS;
    h->count[(uint64_t) shift * SUB + (v >> shift)]++;
    h->total++;
    if (value > h->max) {
        h->max = value;
    }
}

/* The middle of the bucket in which the given share (0.99) of all values is reached; never above the greatest value seen. */
static int64_t histogram_quantile(const struct histogram *h, double share) {
    double wanted = share * (double) h->total;
    uint64_t seen = 0;
    for (uint64_t i = 0; i < BUCKETS; i++) {
        seen += h->count[i];
        if (h->count[i] != 0 && (double) seen >= wanted) {
            uint64_t shift = i < 2 * SUB ? 0 : i / SUB - 1;
            int64_t low = (int64_t) ((i - shift * SUB) << shift);
            int64_t middle = low + ((1LL << shift) >> 1);
            return middle > h->max ? h->max : middle;
        }
    }
    return h->max;
}

/* ---- the kernel's books ---- */

/* What is read of the server stays open, so that it can still be read after this process has become another user. */
struct subject {
    int pid;
    clockid_t cpu_clock;
    int has_clock;
    int stat;
    int status;
    int smaps;
    int machine;
};

struct snapshot {
    int64_t wall;
    int64_t server_cpu; /* -1: not known */
    int64_t self_cpu;
    int64_t others_cpu;
    int64_t idle; /* all CPUs together, waiting for I/O included */
    int64_t steal;
};

static ssize_t read_whole(int fd, char *buffer, size_t size) {
    size_t have = 0;
    if (fd < 0) {
        return -1;
    }
    while (have + 1 < size) {
        ssize_t n = pread(fd, buffer + have, size - 1 - have, (off_t) have);
        if (n <= 0) {
            break;
        }
        have += (size_t) n;
    }
    buffer[have] = 0;
    return have == 0 ? -1 : (ssize_t) have;
}

static int open_proc(int pid, const char *file) {
    char path[64];
    snprintf(path, sizeof path, "/proc/%d/%s", pid, file);
    return open(path, O_RDONLY | O_CLOEXEC);
}

static int subject_open(struct subject *s, int pid) {
    s->pid = pid;
    s->machine = open("/proc/stat", O_RDONLY | O_CLOEXEC);
    s->stat = s->status = s->smaps = -1;
    s->has_clock = 0;
    if (pid == 0) {
        return 0;
    }
    s->stat = open_proc(pid, "stat");
    s->status = open_proc(pid, "status");
    s->smaps = open_proc(pid, "smaps_rollup");
    s->has_clock = clock_getcpuclockid(pid, &s->cpu_clock) == 0 && clock_now(s->cpu_clock) >= 0;
    return s->stat < 0 ? -1 : 0;
}

/* utime + stime of /proc/PID/stat; the process CPU clock is the same sum, not yet rounded to ticks of 10 ms. */
static int64_t server_cpu(const struct subject *s) {
    char text[2048];
    unsigned long long user = 0;
    unsigned long long kernel = 0;
    if (s->pid == 0) {
        return -1;
    }
    if (s->has_clock) {
        return clock_now(s->cpu_clock);
    }
    if (read_whole(s->stat, text, sizeof text) < 0) {
        return -1;
    }
    /* the command's name may hold blanks and brackets: count fields from the last bracket on */
    char *after = strrchr(text, ')');
    if (after == NULL || sscanf(after + 1, " %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %llu %llu", &user, &kernel) != 2) {
        return -1;
    }
    return (int64_t) (user + kernel) * (SECOND / sysconf(_SC_CLK_TCK));
}

/*
 * What all other processes have used up to now, with their dead children; kernel threads aside, since what they do in a window
 * (freeing sockets, RCU) is done for the load. A child's time passes to its parent when it is reaped, so the sum does not fall.
 */
static int64_t others_cpu(const struct subject *s) {
    unsigned long long ticks = 0;
    DIR *processes = opendir("/proc");
    if (processes == NULL) {
        return 0;
    }
    for (struct dirent *entry; (entry = readdir(processes)) != NULL;) {
        char text[2048];
        int pid = atoi(entry->d_name);
        if (pid <= 0 || pid == s->pid || pid == getpid()) {
            continue;
        }
        int fd = open_proc(pid, "stat");
        ssize_t size = read_whole(fd, text, sizeof text);
        if (fd >= 0) {
            close(fd);
        }
        char *after = size < 0 ? NULL : strrchr(text, ')');
        unsigned flags = 0;
        unsigned long long user = 0;
        unsigned long long kernel = 0;
        long long child_user = 0;
        long long child_kernel = 0;
        if (after != NULL
                && sscanf(after + 1, " %*c %*d %*d %*d %*d %*d %u %*u %*u %*u %*u %llu %llu %lld %lld", &flags, &user, &kernel,
                        &child_user, &child_kernel)
                        == 5
                && (flags & KERNEL_THREAD) == 0) {
            ticks += user + kernel + (unsigned long long) (child_user + child_kernel);
        }
    }
    closedir(processes);
    return (int64_t) ticks * (SECOND / sysconf(_SC_CLK_TCK));
}

static void snapshot_take(const struct subject *s, struct snapshot *to) {
    char text[512];
    unsigned long long idle = 0;
    unsigned long long iowait = 0;
    unsigned long long steal = 0;
    int64_t tick = SECOND / sysconf(_SC_CLK_TCK);
    if (read_whole(s->machine, text, sizeof text) > 0) {
        sscanf(text, "cpu %*u %*u %*u %llu %llu %*u %*u %llu", &idle, &iowait, &steal);
    }
    to->idle = (int64_t) (idle + iowait) * tick;
    to->steal = (int64_t) steal * tick;
    to->others_cpu = others_cpu(s);
    to->server_cpu = server_cpu(s);
    to->self_cpu = clock_now(CLOCK_PROCESS_CPUTIME_ID);
    to->wall = now_ns();
}

static double per_wall(const struct snapshot *a, const struct snapshot *b, int64_t used) {
    int64_t wall = b->wall - a->wall;
    return wall <= 0 || used < 0 ? 0.0 : (double) used / (double) wall;
}

/* The cores that other processes took. */
static double other_cores(const struct snapshot *a, const struct snapshot *b) {
    return per_wall(a, b, b->others_cpu - a->others_cpu);
}

/*
 * By /proc/stat: the cores that neither this process, nor the server, nor idleness took. The kernel's own work for the load, a
 * tenth of a core in churn, is part of it, and so is what processes out of sight took: an upper bound.
 */
NOT_FOR_ALL static double unattributed_cores(const struct snapshot *a, const struct snapshot *b) {
    int64_t server = a->server_cpu < 0 || b->server_cpu < 0 ? 0 : b->server_cpu - a->server_cpu;
    int64_t all = (b->wall - a->wall) * sysconf(_SC_NPROCESSORS_ONLN);
    return per_wall(a, b, all - (b->idle - a->idle) - (b->self_cpu - a->self_cpu) - server);
}

NOT_FOR_ALL static long field_kib(int fd, const char *name) {
    char text[8192];
    if (read_whole(fd, text, sizeof text) < 0) {
        return -1;
    }
    char *at = strstr(text, name);
    return at == NULL ? -1 : strtol(at + strlen(name), NULL, 10);
}

NOT_FOR_ALL static long server_rss_kib(const struct subject *s) {
    return field_kib(s->status, "\nVmRSS:");
}

NOT_FOR_ALL static long server_pss_kib(const struct subject *s) {
    return field_kib(s->smaps, "\nPss:");
}

#endif
