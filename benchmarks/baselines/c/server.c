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
 * usage: server SOCKET
 */
#define _GNU_SOURCE
#include <errno.h>
#include <signal.h>
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
    int fd;
    int drain;  /* refused: reads that are still granted */
    int ending; /* the client has sent all it will: close when the replies are out */
    char *line; /* the beginning of a line whose end has not come yet */
    size_t line_bytes;
    char *unsent;
    size_t unsent_from;
    size_t unsent_to;
};

static int epoll;
static uid_t daemon_uid;
static char in[MAX_LINE + READ_SIZE];
/* a reply is longer than its line by the prefix, and a line has one byte at least */
static char out[(MAX_LINE + READ_SIZE) * 3 + sizeof TOO_LONG];

static void fatal(const char *what) {
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

static void close_connection(struct connection *c) {
    close(c->fd);
    free(c->line);
    free(c->unsent);
    free(c);
}

static void watch(struct connection *c, int operation, unsigned events) {
    struct epoll_event event = {.events = events, .data.ptr = c};
    if (epoll_ctl(epoll, operation, c->fd, &event) != 0) {
        fatal("epoll_ctl");
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

static void accept_batch(int listener) {
    for (int i = 0; i < BATCH; i++) {
        int fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
        if (fd < 0) {
            if (errno != EAGAIN && errno != ECONNABORTED && errno != EINTR) {
                fatal("accept4");
            }
            return;
        }
        struct ucred peer;
        socklen_t size = sizeof peer;
        int allowed = getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &size) == 0 && size == sizeof peer && peer.uid == daemon_uid;
        struct connection *c = calloc(1, sizeof *c);
        if (c == NULL) {
            fatal("calloc");
        }
        c->fd = fd;
        int state = allowed ? serve(c) : refuse(c);
        if (state < 0) {
            close_connection(c);
        } else {
            watch(c, EPOLL_CTL_ADD, state > 0 || !allowed ? EPOLLIN : EPOLLOUT);
        }
    }
}

static const char *socket_path;

static void stop(int signal) {
    (void) signal;
    unlink(socket_path);
    _exit(0);
}

int main(int argc, char **argv) {
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    if (argc != 2 || strlen(argv[1]) >= sizeof address.sun_path) {
        fprintf(stderr, "usage: server SOCKET\n");
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
            struct connection *c = events[i].data.ptr;
            if (c == NULL) {
                accept_batch(listener);
            } else if (c->drain > 0) {
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
    }
}
