/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 *
 * The limit to compare with: the same work as the product's echo listener in single-threaded C. accept4 in batches,
 * SO_PEERCRED, the peer's uid compared with the daemon's, a read right after the accept, one epoll_ctl per connection, one
 * write per read. A write that falls short is kept, EPOLLOUT awaited and reading stopped meanwhile. Who is refused gets the
 * words and a clean end of stream even while still sending: writing is shut down, and what comes in is dropped until the client
 * closes. Not here: the product's time limit for clients that never do.
 *
 * With the name of a fact, a peer must have that as well (see facts.c); with "audited", a second thread writes each connection's
 * beginning and end to a file (see audit.c).
 *
 * usage: server SOCKET [FACT [ARGUMENT ...]]
 */
#define _GNU_SOURCE
#include "audit.h"
#include "facts.h"

#include <errno.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#define EVENTS 256
#define BATCH 64 /* accepts before the open connections have their turn again */
#define READ_SIZE 65536
#define MAX_LINE 65536
#define PREFIX "> "
#define DENIED "Unauthorized access\n"
#define TOO_LONG "Line too long\n"
#define DRAIN 128 /* reads of a refused connection's data at most */

struct connection {
    struct source source;
    int fd;     /* -1: closed */
    int drain;  /* refused: reads that are still granted */
    int ending; /* the client has sent all it will: close when the replies are out */
    char *line; /* the beginning of a line whose end has not come yet */
    size_t line_bytes;
    char *unsent;
    size_t unsent_from;
    size_t unsent_to;
    struct peer peer;
    struct record record; /* audited: what is told of its end */
    struct connection *next; /* of the same process, or among those that are closed */
    struct connection *before;
};

static int epoll;
static const struct fact *fact;
static int audited;
static struct connection *closed;
static uid_t daemon_uid;
static char in[MAX_LINE + READ_SIZE];
/* a reply is longer than its line by the prefix, and a line has one byte at least */
static char out[(MAX_LINE + READ_SIZE) * 3 + sizeof TOO_LONG];

void fatal(const char *what) {
    perror(what);
    exit(1);
}

static void *allocate(size_t size) {
    void *memory = malloc(size);
    if (memory == NULL) {
        fatal("malloc");
    }
    return memory;
}

static void control(int operation, int fd, unsigned events, struct source *source) {
    struct epoll_event event = {.events = events, .data.ptr = source};
    if (epoll_ctl(epoll, operation, fd, &event) != 0) {
        fatal("epoll_ctl");
    }
}

static void watch(struct connection *c, int operation, unsigned events) {
    control(operation, c->fd, events, &c->source);
}

/* Where the fact wants it, the connection ends with its peer. */
static void watch_peer(struct connection *c) {
    struct peer *peer = &c->peer;
    struct process *process = peer->process;
    if (peer->pidfd >= 0) {
        control(EPOLL_CTL_ADD, peer->pidfd, EPOLLIN, &peer->ended);
    }
    if (process != NULL && !process->watched) {
        control(EPOLL_CTL_ADD, process->pidfd, EPOLLIN, &process->ended);
        process->watched = 1;
    }
    if (process != NULL && fact->closes) {
        c->next = process->connections;
        c->before = NULL;
        if (c->next != NULL) {
            c->next->before = c;
        }
        process->connections = c;
    } else {
        peer->process = NULL;
    }
}

static void leave_peer(struct connection *c) {
    struct peer *peer = &c->peer;
    if (peer->pidfd >= 0) {
        epoll_ctl(epoll, EPOLL_CTL_DEL, peer->pidfd, NULL);
        close(peer->pidfd);
    }
    if (peer->process != NULL) {
        *(c->before == NULL ? &peer->process->connections : &c->before->next) = c->next;
        if (c->next != NULL) {
            c->next->before = c->before;
        }
    }
}

/* What is left of it is freed when no event of this turn can be about it any more. */
static void close_connection(struct connection *c) {
    if (audited && c->record.time.tv_sec != 0) {
        audit_closed(&c->record);
    }
    leave_peer(c);
    close(c->fd);
    c->fd = -1;
    c->next = closed;
    closed = c;
}

static void free_closed(void) {
    while (closed != NULL) {
        struct connection *c = closed;
        closed = c->next;
        free(c->line);
        free(c->unsent);
        free(c);
    }
}

/* Closing now would give a client that is still sending an error instead of the words. 0: wait for its end; -1: it is gone. */
static int refuse(struct connection *c) {
    if (send(c->fd, DENIED, sizeof DENIED - 1, MSG_NOSIGNAL) < 0) {
        return -1;
    }
    shutdown(c->fd, SHUT_WR);
    c->drain = DRAIN;
    return 0;
}

/* 0: go on waiting; -1: the client has closed, or does not stop sending. */
static int drain(struct connection *c) {
    ssize_t n = read(c->fd, in, READ_SIZE);
    return n > 0 ? (--c->drain > 0 ? 0 : -1) : n < 0 && (errno == EAGAIN || errno == EINTR) ? 0 : -1;
}

/* 1: all sent; 0: the rest is kept; -1: the peer is gone. */
static int send_or_keep(struct connection *c, const char *bytes, size_t size) {
    ssize_t n = send(c->fd, bytes, size, MSG_NOSIGNAL);
    if (n < 0 && errno != EAGAIN) {
        return -1;
    }
    size_t sent = n < 0 ? 0 : (size_t) n;
    if (sent == size) {
        return 1;
    }
    c->unsent = allocate(size - sent);
    memcpy(c->unsent, bytes + sent, size - sent);
    c->unsent_from = 0;
    c->unsent_to = size - sent;
    return 0;
}

static void keep_line(struct connection *c, const char *bytes, size_t size) {
    free(c->line);
    c->line = NULL;
    c->line_bytes = size;
    if (size > 0) {
        c->line = allocate(size);
        memcpy(c->line, bytes, size);
    }
}

/* One read and the replies to it. 1: go on reading; 0: wait for room; -1: the connection is done with. */
static int serve(struct connection *c) {
    size_t have = c->line_bytes;
    if (have > 0) {
        memcpy(in, c->line, have);
    }
    ssize_t n = read(c->fd, in + have, READ_SIZE);
    if (n < 0) {
        return errno == EAGAIN || errno == EINTR ? 1 : -1;
    }
    if (n == 0) {
        return -1;
    }
    size_t size = have + (size_t) n;
    size_t made = 0;
    char *line = in;
    char *end = in + size;
    char *search = in + have;
    char *newline;
    while ((newline = memchr(search, '\n', (size_t) (end - search))) != NULL) {
        size_t length = (size_t) (newline + 1 - line);
        memcpy(out + made, PREFIX, sizeof PREFIX - 1);
        memcpy(out + made + sizeof PREFIX - 1, line, length);
        made += sizeof PREFIX - 1 + length;
        line = search = newline + 1;
        c->record.lines++;
    }
    size_t rest = (size_t) (end - line);
    if (rest > MAX_LINE) {
        memcpy(out + made, TOO_LONG, sizeof TOO_LONG - 1);
        made += sizeof TOO_LONG - 1;
        c->ending = 1;
        rest = 0;
    }
    if (rest > 0 || have > 0) {
        keep_line(c, line, rest);
    }
    int sent = made == 0 ? 1 : send_or_keep(c, out, made);
    return sent == 1 && c->ending ? -1 : sent;
}

static void flush(struct connection *c) {
    ssize_t n = send(c->fd, c->unsent + c->unsent_from, c->unsent_to - c->unsent_from, MSG_NOSIGNAL);
    if (n < 0) {
        if (errno != EAGAIN && errno != EINTR) {
            close_connection(c);
        }
        return;
    }
    c->unsent_from += (size_t) n;
    if (c->unsent_from == c->unsent_to) {
        free(c->unsent);
        c->unsent = NULL;
        if (c->ending) {
            close_connection(c);
        } else {
            watch(c, EPOLL_CTL_MOD, EPOLLIN);
        }
    }
}

static int is_allowed(struct connection *c) {
    struct ucred *peer = &c->peer.credentials;
    socklen_t size = sizeof *peer;
    if (getsockopt(c->fd, SOL_SOCKET, SO_PEERCRED, peer, &size) != 0 || size != sizeof *peer || peer->uid != daemon_uid) {
        return 0;
    }
    if (fact == NULL) {
        return 1;
    }
    int allowed = fact->allows(c->fd, &c->peer);
    watch_peer(c);
    return allowed;
}

static void accept_batch(int listener) {
    for (int i = 0; i < BATCH; i++) {
        int fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
        if (fd < 0) {
            if (errno != EAGAIN && errno != ECONNABORTED && errno != EINTR) {
                fatal("accept4");
            }
            return;
        }
        struct connection *c = calloc(1, sizeof *c);
        if (c == NULL) {
            fatal("calloc");
        }
        *c = (struct connection){{CONNECTION}, .fd = fd, .peer = {.ended = {PEER}, .pidfd = -1}};
        int allowed = is_allowed(c);
        if (allowed && audited) {
            c->record.credentials = c->peer.credentials;
            audit_allowed(&c->record);
        }
        int state = allowed ? serve(c) : refuse(c);
        if (state < 0) {
            close_connection(c);
        } else {
            watch(c, EPOLL_CTL_ADD, state > 0 || !allowed ? EPOLLIN : EPOLLOUT);
        }
    }
}

static void turn(struct connection *c) {
    if (c->fd < 0) {
        return;
    }
    if (c->drain > 0) {
        if (drain(c) < 0) {
            close_connection(c);
        }
    } else if (c->unsent != NULL) {
        flush(c);
    } else {
        int state = serve(c);
        if (state < 0) {
            close_connection(c);
        } else if (state == 0) {
            watch(c, EPOLL_CTL_MOD, EPOLLOUT);
        }
    }
}

static void peer_ended(struct connection *c) {
    if (c->fd >= 0) {
        close_connection(c);
    }
}

static void process_ended(struct process *process) {
    while (process->connections != NULL) {
        close_connection(process->connections);
    }
    epoll_ctl(epoll, EPOLL_CTL_DEL, process->pidfd, NULL);
    forget_process(process);
}

static const char *socket_path;

static void stop(int signal) {
    (void) signal;
    unlink(socket_path);
    _exit(0);
}

static void take_fact(int count, char **arguments) {
    if (strcmp(arguments[0], "audited") == 0 && count == 2) {
        audited = 1;
        audit_start(arguments[1]);
        return;
    }
    fact = fact_of(arguments[0]);
    if (fact == NULL) {
        fprintf(stderr, "the facts are: audited FILE, or one of");
        print_facts();
        fprintf(stderr, "\n");
        exit(2);
    }
    fact->start(count - 1, arguments + 1);
}

int main(int argc, char **argv) {
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    if (argc < 2 || strlen(argv[1]) >= sizeof address.sun_path) {
        fprintf(stderr, "usage: server SOCKET [FACT [ARGUMENT ...]]\n");
        return 2;
    }
    socket_path = argv[1];
    strcpy(address.sun_path, socket_path);
    signal(SIGTERM, stop);
    signal(SIGINT, stop);
    struct rlimit limit;
    getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);
    daemon_uid = geteuid();
    if (argc > 2) {
        take_fact(argc - 2, argv + 2);
    }
    unlink(socket_path);
    int listener = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (listener < 0 || bind(listener, (struct sockaddr *) &address, sizeof address) != 0 || chmod(socket_path, 0666) != 0
            || listen(listener, 4096) != 0) {
        fatal(socket_path);
    }
    epoll = epoll_create1(EPOLL_CLOEXEC);
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = NULL};
    if (epoll < 0 || epoll_ctl(epoll, EPOLL_CTL_ADD, listener, &event) != 0) {
        fatal("epoll");
    }
    for (;;) {
        struct epoll_event events[EVENTS];
        int n = epoll_wait(epoll, events, EVENTS, -1);
        if (n < 0 && errno != EINTR) {
            fatal("epoll_wait");
        }
        for (int i = 0; i < n; i++) {
            struct source *source = events[i].data.ptr;
            if (source == NULL) {
                accept_batch(listener);
            } else if (source->kind == CONNECTION) {
                turn((struct connection *) source);
            } else if (source->kind == PEER) {
                peer_ended((struct connection *) ((char *) source - offsetof(struct connection, peer.ended)));
            } else {
                process_ended((struct process *) source);
            }
        }
        free_closed();
    }
}
