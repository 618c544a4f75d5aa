/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 *
 * Load for the servlet of benchmarks/web/, on a Unix domain socket or a TCP port of this machine. One thread, epoll; the status, the
 * length and every byte of the body of every reply are compared with what they must be. Prints one JSON object on one line and exits
 * with 0, or with 1 when anything at all was wrong.
 *
 * A request to .../echo has a number of its own, with which the body of its reply begins, so that a reply to another request cannot
 * pass for the right one.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <limits.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/un.h>

#include "measure.h"

#define NUMBER 16                 /* hex digits */
#define BODY 256                  /* of a reply to echo: the number, then letters */
#define BLOCK (64 * 1024)         /* of a transfer: the same block again and again */
#define ROOM 4096                 /* for the head of a reply, and the body of an echo */
#define EVENTS 256
#define OPENING 32                /* connections that wait for their first reply at the same time: fewer than fit in Jetty's backlog of 50 */
#define PATIENCE_MILLIS 10000     /* for the next byte from the server */

enum mode { KEEP, CHURN, HOLD, ABORT, DOWN, UP };
static const char *const MODE_NAMES[] = {"keep", "churn", "hold", "abort", "down", "up"};
#define MODES 6

struct connection {
    int fd; /* -1: not open */
    bool active;
    bool whole; /* churn: the reply is complete, and only the end of stream is waited for */
    uint64_t number;
    int64_t asked_at;
    size_t have;
    char in[ROOM];
};

static struct {
    enum mode mode;
    const char *path;
    const char *authorization;
    int connections;
    int idle;
    int64_t warmup;
    int64_t duration;
    uint64_t count; /* aborted connections, or bytes to be transferred */
    int pid;
} opt = {.path = "/bench", .connections = 1, .warmup = 0, .duration = SECOND};

static union {
    struct sockaddr any;
    struct sockaddr_un local;
    struct sockaddr_in port;
} address;
static socklen_t address_size;

static int epoll;
static struct connection *all;
static struct histogram latencies;
static struct subject subject;
static uint64_t ops;
static uint64_t next_number = 1;
static int waiting; /* requests under way */
static bool running;
static bool measuring;
static uint64_t errors;
static char first_error[400];
static char letters[BODY + 26];
static char block[BLOCK];

static void die(const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    fprintf(stderr, "webload: ");
    vfprintf(stderr, format, arguments);
    fprintf(stderr, "\n");
    va_end(arguments);
    exit(2);
}

/* The first thing that goes wrong ends the run. */
static void fail(const char *format, ...) {
    if (errors++ > 0) {
        return;
    }
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(first_error, sizeof first_error, format, arguments);
    va_end(arguments);
    for (char *c = first_error; *c != 0; c++) {
        if (*c < ' ' || *c > '~' || *c == '"' || *c == '\\') {
            *c = '.';
        }
    }
}

/* ---- requests and replies ---- */

static int dial(void) {
    int fd = socket(address.any.sa_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0) {
        die("socket: %s", strerror(errno));
    }
    int on = 1;
    if (address.any.sa_family == AF_INET) {
        setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    }
    while (connect(fd, &address.any, address_size) != 0) {
        if (errno != EINTR) {
            fail("connect: %s", strerror(errno));
            close(fd);
            return -1;
        }
    }
    return fd;
}

static bool send_all(int fd, const char *bytes, size_t size) {
    while (size > 0) {
        ssize_t n = send(fd, bytes, size, MSG_NOSIGNAL);
        if (n < 0 && errno != EINTR) {
            fail("send: %s", strerror(errno));
            return false;
        }
        if (n > 0) {
            bytes += n;
            size -= (size_t) n;
        }
    }
    return true;
}

/* The head of a request; the size. */
static size_t write_head(char *to, const char *method, const char *target, uint64_t value, const char *more) {
    int size = snprintf(to, ROOM, "%s %s/%s%016" PRIx64 " HTTP/1.1\r\nHost: localhost\r\n%s%s%s%s\r\n", method, opt.path, target, value,
            opt.authorization == NULL ? "" : "Authorization: ", opt.authorization == NULL ? "" : opt.authorization,
            opt.authorization == NULL ? "" : "\r\n", more);
    if (size < 0 || size >= ROOM) {
        die("--path or --authorization is too long");
    }
    return (size_t) size;
}

/* Where the body begins; 0 while the head is not complete, or where it is wrong, which is noted. */
static size_t body_at(const char *in, size_t have, uint64_t expected_length) {
    static const char ok[] = "HTTP/1.1 200 OK\r\n";
    const char *end = memmem(in, have, "\r\n\r\n", 4);
    if (end == NULL) {
        if (have >= ROOM) {
            fail("the head of a reply is longer than %d bytes", ROOM);
        }
        return 0;
    }
    size_t head = (size_t) (end - in) + 4;
    char length[64];
    int size = snprintf(length, sizeof length, "\r\nContent-Length: %" PRIu64 "\r\n", expected_length);
    if (head < sizeof ok - 1 || memcmp(in, ok, sizeof ok - 1) != 0) {
        fail("not the status 200: %.*s", have < 40 ? (int) have : 40, in);
        return 0;
    }
    if (memmem(in, head, length, (size_t) size) == NULL) {
        fail("not the length %" PRIu64 ": %.*s", expected_length, head < 200 ? (int) head : 200, in);
        return 0;
    }
    return head;
}

/* Whether the reply is complete, and right; what is wrong is noted. */
static bool is_whole(const struct connection *c) {
    size_t body = body_at(c->in, c->have, BODY);
    if (body == 0) {
        return false;
    }
    if (c->have - body > BODY) {
        fail("%zu bytes more than the reply has", c->have - body - BODY);
        return false;
    }
    if (c->have - body < BODY) {
        return false;
    }
    char number[NUMBER + 1];
    snprintf(number, sizeof number, "%016" PRIx64, c->number);
    if (memcmp(c->in + body, number, NUMBER) != 0
            || memcmp(c->in + body + NUMBER, letters + c->number % 26, BODY - NUMBER) != 0) {
        fail("a wrong byte in the reply to %s: %.*s", number, BODY, c->in + body);
        return false;
    }
    return true;
}

/* ---- connections ---- */

static void drop(struct connection *c) {
    if (c->fd >= 0) {
        close(c->fd);
        c->fd = -1;
    }
}

static void ask(struct connection *c) {
    char head[ROOM];
    c->asked_at = now_ns();
    if (c->fd < 0) {
        c->fd = dial();
        struct epoll_event event = {.events = EPOLLIN, .data.ptr = c};
        if (c->fd >= 0 && epoll_ctl(epoll, EPOLL_CTL_ADD, c->fd, &event) != 0) {
            die("epoll_ctl: %s", strerror(errno));
        }
    }
    c->have = 0;
    c->whole = false;
    c->number = next_number++;
    size_t size = write_head(head, "GET", "echo?", c->number, opt.mode == CHURN ? "Connection: close\r\n" : "");
    if (c->fd >= 0 && send_all(c->fd, head, size)) {
        waiting++;
    }
}

static void finish(struct connection *c) {
    waiting--;
    c->have = 0;
    if (measuring) {
        ops++;
        histogram_add(&latencies, now_ns() - c->asked_at);
    }
    if (opt.mode == CHURN) {
        drop(c);
    }
    if (running && c->active) {
        ask(c);
    }
}

static void on_readable(struct connection *c) {
    ssize_t n = recv(c->fd, c->in + c->have, sizeof c->in - c->have, MSG_DONTWAIT);
    if (n < 0) {
        if (errno != EAGAIN && errno != EINTR) {
            fail("recv: %s", strerror(errno));
        }
        return;
    }
    if (n == 0) {
        if (c->whole) {
            finish(c);
        } else {
            fail("the server ended a connection after %zu bytes of a reply", c->have);
            drop(c);
        }
        return;
    }
    c->have += (size_t) n;
    if (c->whole) {
        fail("%zd bytes behind a reply", n);
    } else if (is_whole(c)) {
        c->whole = opt.mode == CHURN;
        if (!c->whole) {
            finish(c);
        }
    }
}

static void poll_once(int millis) {
    struct epoll_event events[EVENTS];
    int n = epoll_wait(epoll, events, EVENTS, millis);
    if (n < 0 && errno != EINTR) {
        die("epoll_wait: %s", strerror(errno));
    }
    if (n == 0 && millis == PATIENCE_MILLIS) {
        fail("nothing came for %d s while %d replies were waited for", PATIENCE_MILLIS / 1000, waiting);
    }
    for (int i = 0; i < n && errors == 0; i++) {
        on_readable(events[i].data.ptr);
    }
}

static void await_replies(int most) {
    while (waiting > most && errors == 0) {
        poll_once(PATIENCE_MILLIS);
    }
}

/* Each of these connections has one right reply when this returns. */
static void greet(int count) {
    for (int i = 0; i < count && errors == 0; i++) {
        await_replies(OPENING - 1);
        ask(&all[i]);
    }
    await_replies(0);
}

static void run_until(int64_t deadline) {
    while (now_ns() < deadline && errors == 0) {
        poll_once(PATIENCE_MILLIS);
    }
}

/* ---- modes ---- */

static void report(const struct snapshot *before, const struct snapshot *after, uint64_t done) {
    double seconds = (double) (after->wall - before->wall) / SECOND;
    double cpu = after->server_cpu < 0 || before->server_cpu < 0 ? -1 : (double) (after->server_cpu - before->server_cpu) / SECOND;
    printf("{\"errors\": %" PRIu64 ", \"first_error\": \"%s\", \"ops\": %" PRIu64 ", \"seconds\": %.6f, \"per_s\": %.1f, "
           "\"server_cpu_seconds\": %.6f, \"p50_us\": %.1f, \"p99_us\": %.1f, \"other_cores\": %.3f}\n",
            errors, first_error, done, seconds, seconds > 0 ? (double) done / seconds : 0, cpu,
            (double) histogram_quantile(&latencies, 0.5) / 1000, (double) histogram_quantile(&latencies, 0.99) / 1000,
            other_cores(before, after));
}

static void measure_requests(struct snapshot *before, struct snapshot *after) {
    int most = opt.idle + opt.connections;
    greet(opt.mode == CHURN ? 0 : most);
    running = true;
    for (int i = opt.idle; i < most && errors == 0; i++) {
        all[i].active = true;
        ask(&all[i]);
    }
    run_until(now_ns() + opt.warmup);
    snapshot_take(&subject, before);
    measuring = true;
    run_until(before->wall + opt.duration);
    measuring = false;
    snapshot_take(&subject, after);
    running = false;
    await_replies(0);
    greet(opt.idle); /* the others were served all the time: each must still answer */
}

/* Says when all are open, and asks them once more when standard input ends. */
static void hold(void) {
    char byte;
    greet(opt.connections);
    printf("{\"open\": %d}\n", errors == 0 ? opt.connections : 0);
    fflush(stdout);
    while (read(STDIN_FILENO, &byte, 1) > 0) {
    }
    greet(opt.connections);
    ops = (uint64_t) opt.connections;
}

/* Clients that are killed: in the middle of a request, in the middle of a body, before they have read the reply. */
static void abort_all(void) {
    char head[ROOM];
    for (; ops < opt.count && errors == 0; ops++) {
        int fd = dial();
        size_t size = ops % 3 == 1 ? write_head(head, "PUT", "up?", BLOCK, "Content-Length: 65536\r\n")
                                   : write_head(head, "GET", "echo?", ops, "");
        size_t sent = ops % 3 == 0 ? size / 2 : size;
        if (fd >= 0 && send_all(fd, head, sent)) {
            close(fd);
        }
    }
}

static size_t receive(int fd, char *to, size_t size) {
    for (;;) {
        ssize_t n = recv(fd, to, size, 0);
        if (n > 0) {
            return (size_t) n;
        }
        if (n == 0 || errno != EINTR) {
            fail("the end of the stream before the end of the reply: %s", n == 0 ? "closed" : strerror(errno));
            return 0;
        }
    }
}

/* The request asked for the end of the connection. */
static void expect_end(int fd) {
    char byte;
    ssize_t n = errors > 0 ? 0 : recv(fd, &byte, 1, 0);
    if (n != 0) {
        fail("not the end of the stream behind the reply: %s", n > 0 ? "a byte" : strerror(errno));
    }
}

static void download(int fd) {
    static char in[BLOCK];
    char head[ROOM];
    size_t size = write_head(head, "GET", "down?", opt.count, "Connection: close\r\n");
    size_t have = 0;
    size_t body = 0;
    if (!send_all(fd, head, size)) {
        return;
    }
    while (body == 0 && errors == 0) {
        have += receive(fd, in + have, ROOM - have);
        body = body_at(in, have, opt.count);
    }
    size_t part = have - body;
    memmove(in, in + body, part);
    for (uint64_t at = 0; errors == 0;) {
        /* what came may reach over the end of one block into the next */
        size_t first = at % BLOCK + part > BLOCK ? BLOCK - at % BLOCK : part;
        if (at + part > opt.count || memcmp(in, block + at % BLOCK, first) != 0 || memcmp(in + first, block, part - first) != 0) {
            fail("a wrong byte after %" PRIu64 " bytes of %" PRIu64, at, opt.count);
            return;
        }
        at += part;
        ops = at;
        if (at == opt.count) {
            return;
        }
        part = receive(fd, in, sizeof in);
    }
}

static uint32_t crc_of_upload(void) {
    uint32_t table[256];
    for (uint32_t i = 0; i < 256; i++) {
        table[i] = i;
        for (int bit = 0; bit < 8; bit++) {
            table[i] = table[i] & 1 ? 0xEDB88320U ^ table[i] >> 1 : table[i] >> 1;
        }
    }
    uint32_t crc = ~0U;
    for (uint64_t i = 0; i < opt.count; i++) {
        crc = table[(crc ^ (unsigned char) block[i % BLOCK]) & 255] ^ crc >> 8;
    }
    return ~crc;
}

static void upload(int fd, uint32_t crc) {
    char head[ROOM];
    char in[ROOM];
    char length[96];
    char expected[64];
    snprintf(length, sizeof length, "Connection: close\r\nContent-Length: %" PRIu64 "\r\n", opt.count);
    size_t wanted = (size_t) snprintf(expected, sizeof expected, "%016" PRIx64 " %08" PRIx32 "\n", opt.count, crc);
    bool sending = send_all(fd, head, write_head(head, "PUT", "up?", opt.count, length));
    for (uint64_t at = 0; sending && at < opt.count; at += BLOCK) {
        sending = send_all(fd, block, opt.count - at < BLOCK ? (size_t) (opt.count - at) : BLOCK);
    }
    for (size_t have = 0; sending && errors == 0;) {
        have += receive(fd, in + have, sizeof in - have);
        size_t body = body_at(in, have, wanted);
        if (body > 0 && have - body >= wanted) {
            if (have - body > wanted || memcmp(in + body, expected, wanted) != 0) {
                fail("not what was sent: %.*s", (int) wanted, in + body);
            }
            ops = opt.count;
            return;
        }
    }
}

/* The connection is open, and the checksum known, before the time begins. */
static void transfer(struct snapshot *before, struct snapshot *after) {
    uint32_t crc = opt.mode == UP ? crc_of_upload() : 0;
    int fd = dial();
    snapshot_take(&subject, before);
    if (fd >= 0) {
        if (opt.mode == UP) {
            upload(fd, crc);
        } else {
            download(fd);
        }
        expect_end(fd);
    }
    snapshot_take(&subject, after);
}

/* ---- options ---- */

static void usage(FILE *to) {
    fprintf(to,
            "usage: webload (--socket PATH | --port NUMBER) --mode keep|churn|hold|abort|down|up [options]\n"
            "\n"
            "  keep    --connections with one request under way each, beside --idle that were asked once before\n"
            "  churn   the same, with a connection for each request\n"
            "  hold    opens --connections, says so, and asks them again when standard input ends\n"
            "  abort   --count connections, each given up in the middle of something\n"
            "  down    one reply of --count bytes\n"
            "  up      one request with a body of --count bytes\n"
            "\n"
            "  --path PATH            of the servlet (/bench)\n"
            "  --authorization TEXT   sent with each request\n"
            "  --warmup SECONDS       load before the measured time (0)\n"
            "  --duration SECONDS     measured time (1)\n"
            "  --pid PID              the server, whose CPU time is measured\n");
}

static double number(const char *name, const char *text, double least, double most) {
    char *end;
    double value = strtod(text, &end);
    if (*text == 0 || *end != 0 || !(value >= least && value <= most)) {
        die("--%s: %s is no number from %g to %g", name, text, least, most);
    }
    return value;
}

static void set_socket(const char *path) {
    if (strlen(path) >= sizeof address.local.sun_path) {
        die("--socket: %s is longer than %zu bytes", path, sizeof address.local.sun_path - 1);
    }
    address.local.sun_family = AF_UNIX;
    strcpy(address.local.sun_path, path);
    address_size = sizeof address.local;
}

static void set_port(double port) {
    address.port.sin_family = AF_INET;
    address.port.sin_port = htons((uint16_t) port);
    address.port.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address_size = sizeof address.port;
}

static int mode_of(const char *name) {
    for (int i = 0; i < MODES; i++) {
        if (strcmp(name, MODE_NAMES[i]) == 0) {
            return i;
        }
    }
    die("--mode: %s is none of keep, churn, hold, abort, down, up", name);
    return -1;
}

static void parse(int argc, char **argv) {
    static const struct option options[] = {
        {"socket", 1, 0, 's'}, {"port", 1, 0, 'o'}, {"mode", 1, 0, 'm'}, {"path", 1, 0, 'a'}, {"authorization", 1, 0, 'z'},
        {"connections", 1, 0, 'c'}, {"idle", 1, 0, 'i'}, {"warmup", 1, 0, 'W'}, {"duration", 1, 0, 'd'}, {"count", 1, 0, 'n'},
        {"pid", 1, 0, 'p'}, {"help", 0, 0, 'h'}, {0, 0, 0, 0}};
    int mode = -1;
    int index = 0;
    for (int c; (c = getopt_long(argc, argv, "", options, &index)) != -1;) {
        const char *name = options[index].name;
        switch (c) {
            case 's': set_socket(optarg); break;
            case 'o': set_port(number(name, optarg, 1, 65535)); break;
            case 'm': mode = mode_of(optarg); break;
            case 'a': opt.path = optarg; break;
            case 'z': opt.authorization = optarg; break;
            case 'c': opt.connections = (int) number(name, optarg, 1, 100000); break;
            case 'i': opt.idle = (int) number(name, optarg, 0, 100000); break;
            case 'W': opt.warmup = (int64_t) (number(name, optarg, 0, 3600) * SECOND); break;
            case 'd': opt.duration = (int64_t) (number(name, optarg, 0.01, 3600) * SECOND); break;
            case 'n': opt.count = (uint64_t) number(name, optarg, 1, 1e12); break;
            case 'p': opt.pid = (int) number(name, optarg, 1, INT_MAX); break;
            case 'h': usage(stdout); exit(0);
            default: usage(stderr); exit(2);
        }
    }
    if (address_size == 0 || mode < 0 || optind != argc || (mode >= ABORT && opt.count == 0)) {
        usage(stderr);
        exit(2);
    }
    opt.mode = (enum mode) mode;
}

static void prepare(void) {
    struct rlimit limit;
    getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);
    int count = opt.connections + opt.idle;
    if (limit.rlim_max < (rlim_t) count + 16) {
        die("%d descriptors are needed, %llu are allowed", count + 16, (unsigned long long) limit.rlim_max);
    }
    all = calloc((size_t) count, sizeof *all);
    epoll = epoll_create1(EPOLL_CLOEXEC);
    if (all == NULL || epoll < 0) {
        die("there is no memory, or no epoll: %s", strerror(errno));
    }
    for (int i = 0; i < count; i++) {
        all[i].fd = -1;
    }
    for (size_t i = 0; i < sizeof letters; i++) {
        letters[i] = (char) ('a' + i % 26);
    }
    for (size_t i = 0; i < BLOCK; i++) {
        block[i] = (char) (i * 167 + (i >> 8) * 13);
    }
}

int main(int argc, char **argv) {
    struct snapshot before;
    struct snapshot after;
    parse(argc, argv);
    alarm(120); /* the last resort: a server that takes a byte now and then */
    signal(SIGPIPE, SIG_IGN);
    prepare();
    if (subject_open(&subject, opt.pid) != 0) {
        die("--pid %d: there is no such process", opt.pid);
    }
    if (opt.mode == DOWN || opt.mode == UP) {
        transfer(&before, &after);
    } else if (opt.mode == KEEP || opt.mode == CHURN) {
        measure_requests(&before, &after);
    } else {
        snapshot_take(&subject, &before);
        if (opt.mode == HOLD) {
            hold();
        } else {
            abort_all();
        }
        snapshot_take(&subject, &after);
    }
    report(&before, &after, ops);
    return errors == 0 ? 0 : 1;
}
