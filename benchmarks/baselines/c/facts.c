/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 *
 * The facts that the product reads for its optional policies: with its system calls, with those that it falls back to, by the
 * process's number, and with fewer that tell less. What is kept of a process belongs to the inode of its pidfd.
 */
#define _GNU_SOURCE
#include "facts.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#ifndef SO_PEERPIDFD
#define SO_PEERPIDFD 77
#endif
#define MAX_GROUPS 1024
#define MAX_PROGRAMS 16
#define PROCESSES 4096 /* places of the table; a power of two */

/* linux/pidfd.h, 6.13; older systems' headers do not have it. */
struct info {
    uint64_t mask;
    uint64_t cgroup;
    uint32_t pid;
    uint32_t rest[11];
};
#define GET_INFO _IOWR(0xFF, 11, struct info)
#define INFO_PID 1
#define PIDFS 0x50494446
#define INFO_CGROUP 4

static struct process *processes[PROCESSES];
static gid_t wanted_group;
static const char *programs[MAX_PROGRAMS];
static struct stat program_files[MAX_PROGRAMS];
static int program_count;
static char wanted_cgroup[4096];
static uint64_t wanted_cgroup_id;

static int peer_pidfd(int fd) {
    int pidfd;
    socklen_t size = sizeof pidfd;
    return getsockopt(fd, SOL_SOCKET, SO_PEERPIDFD, &pidfd, &size) == 0 ? pidfd : -1;
}

static int own_pidfd(void) {
    int pair[2];
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) != 0) {
        fatal("socketpair");
    }
    int pidfd = peer_pidfd(pair[0]);
    if (pidfd < 0) {
        fatal("SO_PEERPIDFD");
    }
    close(pair[0]);
    close(pair[1]);
    return pidfd;
}

/* Before Linux 6.9 all pidfds have the same inode. */
static void need_inodes(void) {
    struct statfs system;
    int pidfd = own_pidfd();
    if (fstatfs(pidfd, &system) != 0 || system.f_type != PIDFS) {
        fprintf(stderr, "on this kernel a pidfd has no inode of its own\n");
        exit(2);
    }
    close(pidfd);
}

static int is_alive(int pidfd) {
    struct pollfd ready = {.fd = pidfd, .events = POLLIN};
    return poll(&ready, 1, 0) == 0;
}

static ssize_t read_file(const char *path, char *text, size_t size) {
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) {
        return -1;
    }
    ssize_t n = read(fd, text, size - 1);
    close(fd);
    text[n < 0 ? 0 : n] = '\0';
    return n;
}

/* The number by which /proc knows the process, from the kernel's note on the descriptor. -1: none. */
static int noted_pid(int pidfd) {
    char path[64], text[1024];
    snprintf(path, sizeof path, "/proc/self/fdinfo/%d", pidfd);
    if (read_file(path, text, sizeof text) < 0) {
        return -1;
    }
    char *pid = strstr(text, "\nPid:");
    return pid == NULL ? -1 : atoi(pid + 5);
}

static int info_of(int pidfd, uint64_t mask, struct info *info) {
    memset(info, 0, sizeof *info);
    info->mask = mask;
    return ioctl(pidfd, GET_INFO, info) == 0 && (info->mask & mask) == mask ? 0 : -1;
}

static int info_pid(int pidfd) {
    struct info info;
    return info_of(pidfd, INFO_PID, &info) == 0 ? (int) info.pid : -1;
}

/* Finds the peer's process by a pidfd, which is closed again unless it is the first. */
static int find_process(int fd, struct peer *peer) {
    int pidfd = peer_pidfd(fd);
    struct stat status;
    if (pidfd < 0 || fstat(pidfd, &status) != 0) {
        if (pidfd >= 0) {
            close(pidfd);
        }
        return -1;
    }
    struct process **place = &processes[status.st_ino & (PROCESSES - 1)];
    struct process *found = *place;
    while (found != NULL && found->inode != status.st_ino) {
        found = found->next;
    }
    if (found == NULL) {
        found = calloc(1, sizeof *found);
        if (found == NULL) {
            fatal("calloc");
        }
        *found = (struct process){{PROCESS}, .inode = status.st_ino, .pidfd = pidfd, .directory = -1, .cgroup = -1, .next = *place};
        *place = found;
    } else {
        close(pidfd);
    }
    peer->process = found;
    return 0;
}

void forget_process(struct process *process) {
    struct process **place = &processes[process->inode & (PROCESSES - 1)];
    while (*place != process) {
        place = &(*place)->next;
    }
    *place = process->next;
    close(process->pidfd);
    if (process->directory >= 0) {
        close(process->directory);
    }
    if (process->cgroup >= 0) {
        close(process->cgroup);
    }
    free(process->program);
    free(process);
}

static void take_group(int count, char **arguments) {
    if (count != 1) {
        fprintf(stderr, "groups: one gid is needed\n");
        exit(2);
    }
    wanted_group = (gid_t) strtoul(arguments[0], NULL, 10);
}

static int has_group(int fd, struct peer *peer) {
    gid_t groups[MAX_GROUPS];
    socklen_t size = sizeof groups;
    if (getsockopt(fd, SOL_SOCKET, SO_PEERGROUPS, groups, &size) != 0) {
        return 0;
    }
    for (size_t i = 0; i < size / sizeof *groups; i++) {
        if (groups[i] == wanted_group) {
            return 1;
        }
    }
    return peer->credentials.gid == wanted_group;
}

static int hold_pidfd(int fd, struct peer *peer) {
    peer->pidfd = peer_pidfd(fd);
    return peer->pidfd >= 0;
}

static int share_pidfd(int fd, struct peer *peer) {
    return find_process(fd, peer) == 0;
}

static void take_programs(int count, char **arguments) {
    if (count < 1 || count > MAX_PROGRAMS) {
        fprintf(stderr, "executable: between one program and %d are needed\n", MAX_PROGRAMS);
        exit(2);
    }
    program_count = count;
    for (int i = 0; i < count; i++) {
        programs[i] = arguments[i];
        /* held open, so that its inode cannot become another file's */
        int fd = open(programs[i], O_PATH | O_CLOEXEC);
        if (fd < 0 || fstat(fd, &program_files[i]) != 0) {
            fatal(programs[i]);
        }
    }
}

static int is_file(const struct stat *one, const struct stat *other) {
    return one->st_dev == other->st_dev && one->st_ino == other->st_ino;
}

static int is_listed_file(const struct stat *file) {
    for (int i = 0; i < program_count; i++) {
        if (is_file(file, &program_files[i])) {
            return 1;
        }
    }
    return 0;
}

/* The path counts if it leads to the very file that is executed, as in the product. */
static int links_to_listed_path(int directory, const char *link) {
    char target[4096];
    ssize_t n = readlinkat(directory, link, target, sizeof target - 1);
    if (n < 0) {
        return 0;
    }
    target[n] = '\0';
    struct stat executed, named;
    if (fstatat(directory, link, &executed, 0) != 0 || stat(target, &named) != 0 || !is_file(&executed, &named)) {
        return 0;
    }
    for (int i = 0; i < program_count; i++) {
        if (strcmp(target, programs[i]) == 0) {
            return 1;
        }
    }
    return 0;
}

static int executes_listed_path(int pid) {
    char link[64];
    snprintf(link, sizeof link, "/proc/%d/exe", pid);
    return links_to_listed_path(AT_FDCWD, link);
}

static int executes_listed_file(int pid) {
    char link[64];
    struct stat executed;
    snprintf(link, sizeof link, "/proc/%d/exe", pid);
    return stat(link, &executed) == 0 && is_listed_file(&executed);
}

/* Reads first and asks afterwards whether the process lives: what was read is then no successor's. */
static int observed(int fd, struct peer *peer, int (*pid_of)(int), int (*holds)(int)) {
    int pidfd = peer_pidfd(fd);
    if (pidfd < 0) {
        return 0;
    }
    int allowed = pid_of(pidfd) == peer->credentials.pid && holds(peer->credentials.pid) && is_alive(pidfd);
    close(pidfd);
    return allowed;
}

static int executable(int fd, struct peer *peer) {
    return observed(fd, peer, noted_pid, executes_listed_path);
}

static int executable_by_info(int fd, struct peer *peer) {
    return observed(fd, peer, info_pid, executes_listed_path);
}

static int executable_by_stat(int fd, struct peer *peer) {
    return observed(fd, peer, info_pid, executes_listed_file);
}

/* A descriptor of something in /proc/PID that was opened while the process lived, or -1. */
static int opened(struct process *process, const char *name, int flags) {
    char path[64];
    snprintf(path, sizeof path, "/proc/%d%s", noted_pid(process->pidfd), name);
    int fd = open(path, flags | O_CLOEXEC);
    if (fd >= 0 && !is_alive(process->pidfd)) {
        close(fd);
        return -1;
    }
    return fd;
}

/* The peer's directory in /proc, or -1. It belongs to its process, and leads nowhere once that has ended. */
static int held_directory(int fd, struct peer *peer) {
    if (find_process(fd, peer) != 0) {
        return -1;
    }
    struct process *process = peer->process;
    if (process->directory < 0) {
        process->directory = opened(process, "", O_PATH | O_DIRECTORY);
    }
    return process->directory;
}

static int executable_anew(int fd, struct peer *peer) {
    int directory = held_directory(fd, peer);
    return directory >= 0 && links_to_listed_path(directory, "exe") && is_alive(peer->process->pidfd);
}

/* The link is read once. Its target holds for as long as it is the only name of the file that is executed. */
static int executable_known(int fd, struct peer *peer) {
    int directory = held_directory(fd, peer);
    if (directory < 0) {
        return 0;
    }
    struct process *process = peer->process;
    struct stat executed, named;
    if (process->program == NULL) {
        if (!links_to_listed_path(directory, "exe")) {
            return 0;
        }
        char target[4096];
        ssize_t n = readlinkat(directory, "exe", target, sizeof target - 1);
        if (n < 0 || (process->program = strndup(target, n)) == NULL) {
            return 0;
        }
    }
    /* last the process's own: while that can be told, it has not ended */
    return lstat(process->program, &named) == 0 && fstatat(directory, "exe", &executed, 0) == 0 && executed.st_nlink == 1
           && is_file(&executed, &named);
}

static int executable_held(int fd, struct peer *peer) {
    struct stat executed;
    int directory = held_directory(fd, peer);
    return directory >= 0 && fstatat(directory, "exe", &executed, 0) == 0 && is_listed_file(&executed);
}

/* The place in the version 2 tree. 0: there is one. */
static int cgroup_path(const char *text, char *path, size_t size) {
    const char *line = strncmp(text, "0::", 3) == 0 ? text : strstr(text, "\n0::");
    if (line == NULL) {
        return -1;
    }
    line += *line == '\n' ? 4 : 3;
    size_t length = strcspn(line, "\n");
    if (length >= size) {
        return -1;
    }
    memcpy(path, line, length);
    path[length] = '\0';
    return 0;
}

/* Whoever is in this server's own group may come in: the load generator is started beside it. */
static void take_own_cgroup(int count, char **arguments) {
    (void) arguments;
    char text[8192];
    if (count != 0 || read_file("/proc/self/cgroup", text, sizeof text) < 0 || cgroup_path(text, wanted_cgroup, sizeof wanted_cgroup) != 0) {
        fprintf(stderr, "cgroup: the system has no version 2 control groups, or there are arguments\n");
        exit(2);
    }
}

static void take_own_cgroup_id(int count, char **arguments) {
    take_own_cgroup(count, arguments);
    struct info info;
    int pidfd = own_pidfd();
    if (info_of(pidfd, INFO_CGROUP, &info) != 0) {
        fprintf(stderr, "cgroup-id: this kernel does not tell the id of a process's control group\n");
        exit(2);
    }
    wanted_cgroup_id = info.cgroup;
    close(pidfd);
}

static void take_own_cgroup_held(int count, char **arguments) {
    need_inodes();
    take_own_cgroup(count, arguments);
}

static int is_in_cgroup(const char *text) {
    char path[sizeof wanted_cgroup];
    return cgroup_path(text, path, sizeof path) == 0 && strcmp(path, wanted_cgroup) == 0;
}

static int lives_in_cgroup(int pid) {
    char path[64], text[8192];
    snprintf(path, sizeof path, "/proc/%d/cgroup", pid);
    return read_file(path, text, sizeof text) > 0 && is_in_cgroup(text);
}

static int cgroup(int fd, struct peer *peer) {
    return observed(fd, peer, noted_pid, lives_in_cgroup);
}

static int cgroup_by_id(int fd, struct peer *peer) {
    (void) peer;
    struct info info;
    int pidfd = peer_pidfd(fd);
    if (pidfd < 0) {
        return 0;
    }
    int allowed = info_of(pidfd, INFO_CGROUP, &info) == 0 && info.cgroup == wanted_cgroup_id;
    close(pidfd);
    return allowed;
}

/* A control group of version 2 has one path for as long as it exists, and its id is never another's. */
static int cgroup_known(int fd, struct peer *peer) {
    (void) peer;
    struct info info;
    int pidfd = peer_pidfd(fd);
    if (pidfd < 0) {
        return 0;
    }
    int allowed = info_of(pidfd, INFO_CGROUP, &info) == 0 && info.cgroup == wanted_cgroup_id && is_alive(pidfd);
    close(pidfd);
    return allowed;
}

static int cgroup_held(int fd, struct peer *peer) {
    if (find_process(fd, peer) != 0) {
        return 0;
    }
    struct process *process = peer->process;
    if (process->cgroup < 0) {
        process->cgroup = opened(process, "/cgroup", O_RDONLY);
    }
    char text[8192];
    ssize_t n = process->cgroup < 0 ? -1 : pread(process->cgroup, text, sizeof text - 1, 0);
    text[n < 0 ? 0 : n] = '\0';
    return n > 0 && is_in_cgroup(text) && is_alive(process->pidfd);
}

static void take_programs_held(int count, char **arguments) {
    need_inodes();
    take_programs(count, arguments);
}

static void take_nothing(int count, char **arguments) {
    (void) arguments;
    if (count != 0) {
        fprintf(stderr, "this fact has no arguments\n");
        exit(2);
    }
}

static void take_nothing_shared(int count, char **arguments) {
    need_inodes();
    take_nothing(count, arguments);
}

static const struct fact facts[] = {
    {"groups", take_group, has_group, 0},
    {"pidfd", take_nothing, hold_pidfd, 1},
    {"pidfd-shared", take_nothing_shared, share_pidfd, 1},
    {"executable", take_programs, executable, 0},
    {"executable-info", take_programs, executable_by_info, 0},
    {"executable-stat", take_programs, executable_by_stat, 0},
    {"executable-anew", take_programs_held, executable_anew, 0},
    {"executable-known", take_programs_held, executable_known, 0},
    {"executable-held", take_programs_held, executable_held, 0},
    {"cgroup", take_own_cgroup, cgroup, 0},
    {"cgroup-id", take_own_cgroup_id, cgroup_by_id, 0},
    {"cgroup-known", take_own_cgroup_id, cgroup_known, 0},
    {"cgroup-held", take_own_cgroup_held, cgroup_held, 0},
};

const struct fact *fact_of(const char *name) {
    for (size_t i = 0; i < sizeof facts / sizeof *facts; i++) {
        if (strcmp(facts[i].name, name) == 0) {
            return &facts[i];
        }
    }
    return NULL;
}

void print_facts(void) {
    for (size_t i = 0; i < sizeof facts / sizeof *facts; i++) {
        fprintf(stderr, " %s", facts[i].name);
    }
}
