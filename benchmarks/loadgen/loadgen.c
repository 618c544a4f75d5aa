/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 *
 * Load for a line echo server on a Unix domain socket. One thread, epoll, non-blocking; every byte of every reply is compared
 * with what it must be. Prints one JSON object on one line and exits with 0, or with 1 when anything at all was wrong.
 *
 * A line starts with 16 hex digits, the connection's number and the line's number on it, so that a reply to another line or
 * another connection cannot pass for the right one. What follows runs through all byte values except the newline, NUL and
 * invalid UTF-8 included.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <getopt.h>
#include <grp.h>
#include <inttypes.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/un.h>

#include "measure.h"

#define MIN_LINE 17
#define MAX_LINE (1 << 20)
#define SCRATCH (256 * 1024)
#define EVENTS 256
#define OPENING 64      /* connections that wait for their first reply at the same time */
#define SCAN (SECOND / 4) /* how often overdue replies are looked for */
#define STALLED_BYTES (1ULL << 30) /* what a connection that never reads sends at most */

enum mode { CHURN, REFUSAL, BURST, PINGPONG, PIPELINED, IDLE, HOLD, FLOOD };
static const char *const MODE_NAMES[] = {"churn", "refusal", "burst", "pingpong", "pipelined", "idle", "hold", "flood"};
#define MODES 8

enum kind { SHORT, ACTIVE, SILENT, STALLED };

struct connection {
    int fd; /* -1: not open */
    enum kind kind;
    bool waits_for_room; /* EPOLLOUT is registered */
    bool half_closed;
    bool watched;    /* a stalled one is given up by epoll once it has sent all it may */
    bool retry;      /* the backlog was full */
    uint32_t id;
    uint32_t wanted; /* lines to be sent up to now, so far */
    uint32_t sent;   /* lines sent completely */
    uint32_t sent_of_next;
    uint32_t received; /* replies received completely */
    uint32_t received_of_next;
    int64_t *sent_at; /* one time per line under way; line n at n & ring_mask */
};

static struct {
    enum mode mode;
    const char *socket;
    const char *prefix;
    const char *denied;
    int connections;
    int idle;
    int stalled;
    int window;
    int line_bytes;
    int64_t warmup;
    int64_t duration;
    uint64_t count;
    int64_t timeout;
    int64_t limit;
    uint64_t max_errors;
    int pid;
    long uid;
} opt = {
    .prefix = "> ",
    .denied = "Unauthorized access",
    .connections = 64,
    .window = 64,
    .line_bytes = 64,
    .warmup = SECOND,
    .timeout = 10 * SECOND,
    .limit = 600 * SECOND,
    .max_errors = 100,
    .uid = -1,
};

static struct sockaddr_un address;
static int epoll;
static struct connection *all;
static int all_count;
static struct histogram latencies;
static struct subject subject;

static uint64_t ops;
static uint64_t reply_bytes;
static uint64_t stalled_bytes;
static uint64_t retries;
static uint64_t errors;
static int most_open; /* how many of a burst were open at the same time */
static char first_error[512];

static uint32_t ring_mask;
static bool running;   /* a short-lived connection that ends is replaced, an active one sends the next line */
static bool measuring; /* the window is open */
static uint64_t starts_left = UINT64_MAX; /* short-lived connections still to be started */
static int waiting_retry;
static int64_t started;
static uint32_t next_id = 1;

static char *pattern;
static char digits_of_byte[256][2];
static char *reply_text;
static size_t prefix_bytes;
static size_t reply_size;
static char denied_text[256];
static size_t denied_bytes;
static char in[SCRATCH];
static char *out;
static size_t out_size;

static void die(const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    fprintf(stderr, "loadgen: ");
    vfprintf(stderr, format, arguments);
    fprintf(stderr, "\n");
    va_end(arguments);
    exit(2);
}

/* ---- errors ---- */

static void note_error(const char *format, ...) {
    if (errors++ == 0) {
        va_list arguments;
        va_start(arguments, format);
        vsnprintf(first_error, sizeof first_error, format, arguments);
        va_end(arguments);
    }
}

static void drop(struct connection *c) {
    if (c->fd >= 0) {
        close(c->fd);
        c->fd = -1;
    }
}

/* Bytes as a person can read them: enough of them to recognise a message where an echo was expected. */
static const char *shown(const char *bytes, size_t size) {
    static char text[4 * 40 + 4];
    size_t used = 0;
    for (size_t i = 0; i < size && i < 40; i++) {
        unsigned char b = (unsigned char) bytes[i];
        bool plain = b >= 0x20 && b < 0x7f && b != '\\' && b != '"';
        used += (size_t) snprintf(text + used, sizeof text - used, plain ? "%c" : "\\x%02x", b);
    }
    text[used] = 0;
    return text;
}

static void fail(struct connection *c, const char *format, ...) {
    char text[400];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    note_error("connection %" PRIu32 ", reply %" PRIu32 ", byte %" PRIu32 ": %s", c->id, c->received, c->received_of_next, text);
    drop(c);
}

/* ---- lines ---- */

static void prepare_texts(void) {
    size_t size = (size_t) opt.line_bytes + 256;
    pattern = malloc(size);
    prefix_bytes = strlen(opt.prefix);
    reply_size = prefix_bytes + (size_t) opt.line_bytes;
    reply_text = malloc(reply_size);
    out_size = SCRATCH > 2 * opt.line_bytes ? SCRATCH : (size_t) (2 * opt.line_bytes);
    out = malloc(out_size);
    if (pattern == NULL || reply_text == NULL || out == NULL) {
        die("out of memory");
    }
    for (size_t i = 0; i < size; i++) {
        unsigned char b = (unsigned char) (i * 167 + 13);
        pattern[i] = (char) (b == '\n' ? 0x0b : b);
    }
    for (int i = 0; i < 256; i++) {
        digits_of_byte[i][0] = "0123456789abcdef"[i >> 4];
        digits_of_byte[i][1] = "0123456789abcdef"[i & 15];
    }
    memcpy(reply_text, opt.prefix, prefix_bytes);
    denied_bytes = (size_t) snprintf(denied_text, sizeof denied_text, "%s\n", opt.denied);
    if (denied_bytes >= sizeof denied_text) {
        die("--denied is too long");
    }
}

static void write_digits(char *to, uint32_t value) {
    memcpy(to, digits_of_byte[value >> 24], 2);
    memcpy(to + 2, digits_of_byte[value >> 16 & 255], 2);
    memcpy(to + 4, digits_of_byte[value >> 8 & 255], 2);
    memcpy(to + 6, digits_of_byte[value & 255], 2);
}

static const char *payload(uint32_t id, uint32_t number) {
    return pattern + ((id * 31 + number * 7) & 255);
}

static void write_line(char *to, uint32_t id, uint32_t number) {
    size_t rest = (size_t) opt.line_bytes - MIN_LINE;
    write_digits(to, id);
    write_digits(to + 8, number);
    memcpy(to + 16, payload(id, number), rest);
    to[16 + rest] = '\n';
}

/* The same without building the line: the load must cost less than what it measures. */
static bool is_reply(const char *bytes, uint32_t id, uint32_t number) {
    size_t rest = (size_t) opt.line_bytes - MIN_LINE;
    char digits[16];
    write_digits(digits, id);
    write_digits(digits + 8, number);
    const char *line = bytes + prefix_bytes;
    return memcmp(bytes, opt.prefix, prefix_bytes) == 0 && memcmp(line, digits, 16) == 0
            && memcmp(line + 16, payload(id, number), rest) == 0 && line[16 + rest] == '\n';
}

/* ---- one connection ---- */

static void watch(struct connection *c, int operation, uint32_t events) {
    struct epoll_event event = {.events = events, .data.ptr = c};
    if (epoll_ctl(epoll, operation, c->fd, &event) != 0) {
        die("epoll_ctl: %s", strerror(errno));
    }
}

static void wait_for_room(struct connection *c, bool wait) {
    /* a stalled one is registered for EPOLLOUT for good: its replies stay unread and would wake this loop for ever */
    if (c->waits_for_room != wait && c->kind != STALLED) {
        c->waits_for_room = wait;
        watch(c, EPOLL_CTL_MOD, wait ? EPOLLIN | EPOLLOUT : EPOLLIN);
    }
}

/* Sends what is due, in one write where the kernel takes it all. */
static void pump(struct connection *c) {
    int64_t now = now_ns();
    while (c->fd >= 0 && c->sent < c->wanted) {
        size_t filled = 0;
        for (uint32_t line = c->sent; line < c->wanted; line++) {
            if (filled + (size_t) opt.line_bytes > out_size) {
                break;
            }
            write_line(out + filled, c->id, line);
            if (c->kind != SHORT && c->kind != STALLED && (line > c->sent || c->sent_of_next == 0)) {
                c->sent_at[line & ring_mask] = now;
            }
            filled += (size_t) opt.line_bytes;
        }
        ssize_t n = send(c->fd, out + c->sent_of_next, filled - c->sent_of_next, MSG_NOSIGNAL);
        if (n < 0) {
            if (errno == EAGAIN) {
                wait_for_room(c, true);
            } else if (errno != EINTR) {
                fail(c, "send: %s", strerror(errno));
            }
            if (errno != EINTR) {
                return;
            }
            continue;
        }
        uint64_t reached = c->sent_of_next + (uint64_t) n;
        c->sent += (uint32_t) (reached / (uint64_t) opt.line_bytes);
        c->sent_of_next = (uint32_t) (reached % (uint64_t) opt.line_bytes);
        if (c->kind == STALLED) {
            stalled_bytes += (uint64_t) n;
        }
    }
    if (c->fd >= 0) {
        wait_for_room(c, false);
    }
}

/* Opens c; false where the backlog is full (c is marked) or the connection failed (noted). */
static bool open_connection(struct connection *c) {
    c->id = next_id++;
    c->waits_for_room = c->half_closed = c->retry = false;
    c->wanted = c->sent = c->sent_of_next = c->received = c->received_of_next = 0;
    c->fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (c->fd < 0) {
        die("socket: %s", strerror(errno));
    }
    if (connect(c->fd, (struct sockaddr *) &address, sizeof address) != 0) {
        int error = errno;
        if (error == EAGAIN) {
            drop(c);
            c->retry = true;
            waiting_retry++;
            retries++;
        } else {
            fail(c, "connect: %s", strerror(error));
        }
        return false;
    }
    return true;
}

static void start_short(struct connection *c) {
    if (!c->retry) {
        if (starts_left == 0) {
            return;
        }
        starts_left--;
        c->sent_at[0] = now_ns();
    }
    if (!open_connection(c)) {
        return;
    }
    if (opt.mode != REFUSAL) {
        /* the line goes out before the descriptor is registered: one call less where it is taken at once */
        c->wanted = 1;
        write_line(out, c->id, 0);
        ssize_t n = send(c->fd, out, (size_t) opt.line_bytes, MSG_NOSIGNAL);
        if (n < 0 && errno != EAGAIN) {
            fail(c, "send: %s", strerror(errno));
            return;
        }
        c->sent = n == opt.line_bytes;
        c->sent_of_next = n < 0 || c->sent ? 0 : (uint32_t) n;
    }
    c->waits_for_room = c->sent < c->wanted;
    watch(c, EPOLL_CTL_ADD, c->waits_for_room ? EPOLLIN | EPOLLOUT : EPOLLIN);
}

static void count_op(int64_t nanoseconds) {
    if (measuring) {
        ops++;
        histogram_add(&latencies, nanoseconds);
    }
}

/* A short-lived connection has done its work; one of a burst stays open until all of them have. */
static void finish_short(struct connection *c, int64_t now) {
    count_op(now - c->sent_at[0]);
    if (opt.mode == BURST) {
        c->kind = SILENT;
        return;
    }
    drop(c);
    if (running) {
        start_short(c);
    }
}

/* Compares what came with what must come. False: it was wrong, and the connection is gone. */
static bool verify(struct connection *c, const char *bytes, size_t size) {
    int64_t now = now_ns();
    reply_bytes += size;
    if (opt.mode == FLOOD) {
        c->sent_at[0] = now; /* what was held back comes in one go: overdue is then what does not go on */
    }
    while (size > 0) {
        if (c->received == c->sent) {
            fail(c, "bytes that no line asked for: %s", shown(bytes, size));
            return false;
        }
        size_t chunk = reply_size - c->received_of_next;
        if (chunk > size) {
            chunk = size;
        }
        bool whole = chunk == reply_size && is_reply(bytes, c->id, c->received);
        if (!whole) {
            write_line(reply_text + prefix_bytes, c->id, c->received);
        }
        if (!whole && memcmp(reply_text + c->received_of_next, bytes, chunk) != 0) {
            size_t at = 0;
            while (reply_text[c->received_of_next + at] == bytes[at]) {
                at++;
            }
            c->received_of_next += (uint32_t) at;
            fail(c, "wrong byte: %s", shown(bytes + at, size - at));
            return false;
        }
        bytes += chunk;
        size -= chunk;
        c->received_of_next += (uint32_t) chunk;
        if (c->received_of_next == reply_size) {
            if (c->kind == ACTIVE) {
                count_op(now - c->sent_at[c->received & ring_mask]);
            }
            c->received++;
            c->received_of_next = 0;
        }
    }
    return true;
}

static void on_refused(struct connection *c) {
    for (;;) {
        ssize_t n = read(c->fd, in, sizeof in);
        if (n < 0) {
            if (errno != EAGAIN && errno != EINTR) {
                fail(c, "read: %s", strerror(errno));
                if (running) {
                    start_short(c);
                }
            }
            return;
        }
        size_t left = denied_bytes - c->received_of_next;
        if (n == 0 ? left > 0 : (size_t) n > left || memcmp(denied_text + c->received_of_next, in, (size_t) n) != 0) {
            fail(c, n == 0 ? "closed before the whole message came%s" : "not the refusal: %s", shown(in, (size_t) n));
            if (running) {
                start_short(c);
            }
            return;
        }
        if (n == 0) {
            finish_short(c, now_ns());
            return;
        }
        reply_bytes += (uint64_t) n;
        c->received_of_next += (uint32_t) n;
    }
}

static void on_readable(struct connection *c) {
    ssize_t n = read(c->fd, in, sizeof in);
    if (n < 0) {
        if (errno == EAGAIN || errno == EINTR) {
            return;
        }
        fail(c, "read: %s", strerror(errno));
    } else if (n == 0) {
        if (c->received != c->wanted || !c->half_closed) {
            fail(c, "the server closed the connection");
        } else {
            drop(c);
        }
    } else if (verify(c, in, (size_t) n)) {
        if (c->kind == SHORT && c->received == 1) {
            finish_short(c, now_ns());
        } else if (c->kind == ACTIVE && running) {
            c->wanted = c->received + (uint32_t) opt.window;
            pump(c);
        }
        return;
    }
    if (c->kind == SHORT && c->fd < 0 && running) {
        start_short(c);
    }
}

static void on_event(struct connection *c, uint32_t events) {
    if (c->fd < 0) {
        return;
    }
    if (c->kind == STALLED) {
        /* never reads: it writes for as long as the server takes it */
        c->wanted = c->sent + 4096;
        pump(c);
        if (c->fd >= 0 && (uint64_t) c->sent * (uint64_t) opt.line_bytes >= STALLED_BYTES) {
            watch(c, EPOLL_CTL_DEL, 0);
            c->watched = false;
        }
        return;
    }
    if (events & (EPOLLIN | EPOLLHUP | EPOLLERR)) {
        if (opt.mode == REFUSAL) {
            on_refused(c);
        } else {
            on_readable(c);
        }
    } else if (events & EPOLLOUT) {
        pump(c);
    }
}

/* ---- turns of the loop ---- */

static bool exhausted(void) {
    return errors >= opt.max_errors || now_ns() - started > opt.limit;
}

static void find_overdue(void) {
    static int64_t next;
    int64_t now = now_ns();
    if (now < next) {
        return;
    }
    next = now + SCAN;
    for (int i = 0; i < all_count; i++) {
        struct connection *c = &all[i];
        if (c->fd < 0 || c->kind == STALLED) {
            continue;
        }
        bool waits = c->received < c->wanted || (c->kind == SHORT && opt.mode == REFUSAL);
        if (waits && now - c->sent_at[c->received & ring_mask] > opt.timeout) {
            fail(c, "no reply within %" PRId64 " s", opt.timeout / SECOND);
            if (c->kind == SHORT && running) {
                start_short(c);
            }
        }
    }
}

static void turn(void) {
    struct epoll_event events[EVENTS];
    int n = epoll_wait(epoll, events, EVENTS, waiting_retry > 0 ? 1 : 50);
    if (n < 0 && errno != EINTR) {
        die("epoll_wait: %s", strerror(errno));
    }
    for (int i = 0; i < n; i++) {
        on_event(events[i].data.ptr, events[i].events);
    }
    if (waiting_retry > 0) {
        waiting_retry = 0;
        for (int i = 0; i < all_count; i++) {
            if (all[i].retry && all[i].kind == SHORT) {
                start_short(&all[i]);
            }
        }
    }
    find_overdue();
}

static int count_open(enum kind kind) {
    int open = 0;
    for (int i = 0; i < all_count; i++) {
        open += all[i].fd >= 0 && all[i].kind == kind;
    }
    return open;
}

static int count_waiting(void) {
    int waiting = 0;
    for (int i = 0; i < all_count; i++) {
        const struct connection *c = &all[i];
        bool lines = c->kind != STALLED && c->received < c->wanted;
        waiting += c->fd >= 0 && (lines || c->kind == SHORT || (c->half_closed && c->kind != STALLED));
    }
    return waiting;
}

/* Until nothing is due any more; what stays away is found overdue and noted, so this ends. */
static void settle(void) {
    while ((count_waiting() > 0 || waiting_retry > 0) && !exhausted()) {
        turn();
    }
}

/* One line and its reply on every connection from first on, a few at a time: so the server has seen them all. */
static void greet(int first, bool open) {
    int i = first;
    while ((i < all_count || count_waiting() > 0) && !exhausted()) {
        int room = OPENING - count_waiting();
        for (; room > 0 && i < all_count; room--) {
            struct connection *c = &all[i];
            if (c->kind == STALLED || (!open && c->fd < 0)) {
                i++;
                continue;
            }
            if (open && !open_connection(c)) {
                if (c->retry) {
                    waiting_retry = 0; /* tried again in the next round of this loop */
                    break;
                }
                i++;
                continue;
            }
            if (open) {
                watch(c, EPOLL_CTL_ADD, EPOLLIN);
            }
            c->wanted = c->received + 1;
            pump(c);
            i++;
        }
        turn();
    }
}

/* ---- the whole run ---- */

static void open_all(void) {
    bool brief = opt.mode == CHURN || opt.mode == REFUSAL || opt.mode == BURST;
    int silent = opt.mode == IDLE ? opt.idle : opt.mode == HOLD ? opt.connections : 0;
    int active = opt.mode == HOLD || opt.mode == FLOOD ? 0 : opt.connections;
    all_count = active + silent + opt.stalled + (opt.mode == FLOOD ? opt.connections : 0);
    while (ring_mask + 1 < (uint32_t) opt.window) {
        ring_mask = ring_mask << 1 | 1;
    }
    size_t ring = (size_t) ring_mask + 1;
    all = calloc((size_t) all_count, sizeof *all);
    int64_t *times = calloc((size_t) all_count * ring, sizeof *times);
    if (all == NULL || times == NULL) {
        die("out of memory");
    }
    for (int i = 0; i < all_count; i++) {
        all[i].fd = -1;
        all[i].kind = i < active ? (brief ? SHORT : ACTIVE) : i < active + silent ? SILENT : STALLED;
        all[i].sent_at = times + (size_t) i * ring;
    }
    if (!brief) {
        greet(0, true);
    }
    for (int i = active + silent; i < all_count; i++) {
        while (!open_connection(&all[i]) && all[i].retry && !exhausted()) {
            waiting_retry = 0;
            poll(NULL, 0, 1);
        }
        if (all[i].fd >= 0) {
            all[i].waits_for_room = all[i].watched = true;
            watch(&all[i], EPOLL_CTL_ADD, EPOLLOUT);
        }
    }
}

/* The stalled connections complete the line they are at, and read: what the server took must have been answered. */
static void thaw(void) {
    for (int i = 0; i < all_count; i++) {
        struct connection *c = &all[i];
        if (c->fd >= 0 && c->kind == STALLED) {
            c->kind = ACTIVE;
            c->wanted = c->sent + (c->sent_of_next > 0 ? 1 : 0);
            c->sent_at[0] = now_ns();
            watch(c, c->watched ? EPOLL_CTL_MOD : EPOLL_CTL_ADD, EPOLLIN | EPOLLOUT);
        }
    }
}

static void start_load(void) {
    running = true;
    for (int i = 0; i < all_count && !exhausted(); i++) {
        struct connection *c = &all[i];
        if (c->kind == SHORT) {
            start_short(c);
        } else if (c->kind == ACTIVE && c->fd >= 0) {
            c->wanted = c->received + (uint32_t) opt.window;
            pump(c);
        }
    }
}

static void run_until(int64_t deadline, uint64_t count) {
    enum kind worker = opt.mode == CHURN || opt.mode == REFUSAL || opt.mode == BURST ? SHORT : opt.mode == FLOOD ? STALLED : ACTIVE;
    int64_t next_look = 0;
    for (int64_t now = now_ns(); now < deadline && (count == 0 || ops < count) && !exhausted(); now = now_ns()) {
        turn();
        if (now >= next_look) {
            if (count_open(worker) == 0 && waiting_retry == 0) {
                return; /* all of them are lost, or done */
            }
            next_look = now + SCAN;
        }
    }
}

static void half_close_all(void) {
    for (int i = 0; i < all_count; i++) {
        struct connection *c = &all[i];
        if (c->fd >= 0 && c->kind != SHORT && c->kind != STALLED) {
            c->half_closed = true;
            c->sent_at[c->received & ring_mask] = now_ns();
            shutdown(c->fd, SHUT_WR);
        }
    }
    int64_t deadline = now_ns() + opt.timeout;
    while (count_waiting() > 0 && now_ns() < deadline && !exhausted()) {
        turn();
    }
    for (int i = 0; i < all_count; i++) {
        if (all[i].fd >= 0 && all[i].half_closed) {
            fail(&all[i], "no end of stream after this side had closed");
        }
        drop(&all[i]);
    }
}

/* Keeps the connections open and silent until standard input ends, or for the duration. */
static void hold(void) {
    printf("{\"event\": \"open\", \"connections\": %d}\n", count_open(SILENT));
    fflush(stdout);
    struct pollfd input = {.fd = STDIN_FILENO, .events = POLLIN};
    int64_t deadline = now_ns() + opt.duration;
    while (now_ns() < deadline && !exhausted()) {
        char ignored[64];
        if (poll(&input, 1, 0) > 0 && read(STDIN_FILENO, ignored, sizeof ignored) <= 0) {
            return;
        }
        turn();
    }
}

static void print_text(const char *name, const char *text) {
    printf("\"%s\": \"", name);
    for (; *text != 0; text++) {
        unsigned char b = (unsigned char) *text;
        if (b == '"' || b == '\\') {
            printf("\\%c", b);
        } else if (b < 0x20 || b > 0x7e) {
            printf("\\u%04x", b);
        } else {
            putchar(b);
        }
    }
    printf("\"");
}

static void print_number(const char *name, double value, bool known) {
    if (known) {
        printf("\"%s\": %.3f, ", name, value);
    } else {
        printf("\"%s\": null, ", name);
    }
}

static void report(const struct snapshot *a, const struct snapshot *b, uint64_t window_ops, long rss, long pss) {
    double seconds = (double) (b->wall - a->wall) / SECOND;
    double server = (double) (b->server_cpu - a->server_cpu) / SECOND;
    bool known = a->server_cpu >= 0 && b->server_cpu >= 0;
    double per_op = window_ops == 0 ? 0 : 1e6 / (double) window_ops;
    printf("{\"mode\": \"%s\", \"connections\": %d, \"idle\": %d, \"stalled\": %d, \"window\": %d, \"line_bytes\": %d, ",
            MODE_NAMES[opt.mode], opt.connections, opt.mode == IDLE ? opt.idle : 0, opt.stalled, opt.window, opt.line_bytes);
    printf("\"ops\": %" PRIu64 ", \"seconds\": %.6f, \"ops_per_s\": %.1f, ", window_ops, seconds,
            seconds > 0 ? (double) window_ops / seconds : 0.0);
    bool any = latencies.total > 0;
    print_number("p50_us", (double) histogram_quantile(&latencies, 0.50) / 1e3, any);
    print_number("p99_us", (double) histogram_quantile(&latencies, 0.99) / 1e3, any);
    print_number("p999_us", (double) histogram_quantile(&latencies, 0.999) / 1e3, any);
    print_number("max_us", (double) latencies.max / 1e3, any);
    print_number("server_cpu_s", server, known);
    print_number("server_cpu_us_per_op", server * per_op, known && window_ops > 0);
    print_number("server_rss_kib", (double) rss, rss >= 0);
    print_number("server_pss_kib", (double) pss, pss >= 0);
    print_number("load_cpu_s", (double) (b->self_cpu - a->self_cpu) / SECOND, true);
    print_number("other_cpu_cores", other_cores(a, b), true);
    print_number("unattributed_cores", unattributed_cores(a, b), true);
    print_number("stolen_cores", seconds > 0 ? (double) (b->steal - a->steal) / SECOND / seconds : 0, true);
    printf("\"most_open\": %d, ", most_open);
    printf("\"reply_bytes_checked\": %" PRIu64 ", \"stalled_bytes\": %" PRIu64 ", \"connect_retries\": %" PRIu64 ", ", reply_bytes,
            stalled_bytes, retries);
    printf("\"errors\": %" PRIu64 ", ", errors);
    print_text("first_error", first_error);
    printf("}\n");
}

/* ---- command line ---- */

static void usage(FILE *to) {
    fprintf(to,
            "usage: loadgen --socket PATH --mode MODE [--duration S] [--count N] [options]\n"
            "modes:\n"
            "  churn        connect, one line, its reply, close; --connections at a time (64)\n"
            "  refusal      connect, the refusal and a clean end of stream, close; --connections at a time\n"
            "  burst        --connections connects at once, a line and its reply on each; all stay open until all are answered\n"
            "  pingpong     one line under way on each of --connections\n"
            "  pipelined    --window lines (64) under way on each of --connections\n"
            "  idle         pingpong on --connections, among --idle silent ones\n"
            "  hold         --connections silent ones, kept until standard input ends or --duration is over\n"
            "  flood        --connections that send without end, 1 GiB at most, and read only when --duration is over\n"
            "options:\n"
            "  --warmup S       load before the measured window (1)\n"
            "  --duration S     length of the window; --count N: or until so many replies\n"
            "  --line-bytes N   bytes of a line with its newline (64; 17 to 1048576)\n"
            "  --prefix TEXT    what a reply starts with (\"> \")\n"
            "  --denied TEXT    the refusal, without its newline (Unauthorized access)\n"
            "  --pid PID        the server, for its CPU time and memory\n"
            "  --uid UID        become this user (and group) before connecting; needs root\n"
            "  --stalled N      N more connections that send without end and never read\n"
            "  --timeout S      a reply that stays away for longer is an error (10)\n"
            "  --limit S        the whole run ends then, as an error (600)\n"
            "  --max-errors N   stop at so many errors (100)\n");
}

static double number(const char *name, const char *text, double least, double most) {
    char *end;
    errno = 0;
    double value = strtod(text, &end);
    if (errno != 0 || end == text || *end != 0 || !(value >= least && value <= most)) {
        die("--%s: %s is not a number from %.0f to %.0f", name, text, least, most);
    }
    return value;
}

static void parse(int argc, char **argv) {
    static const struct option OPTIONS[] = {
        {"socket", 1, NULL, 's'}, {"mode", 1, NULL, 'm'}, {"connections", 1, NULL, 'c'}, {"idle", 1, NULL, 'i'},
        {"stalled", 1, NULL, 'S'}, {"window", 1, NULL, 'w'}, {"line-bytes", 1, NULL, 'b'}, {"warmup", 1, NULL, 'W'},
        {"duration", 1, NULL, 'd'}, {"count", 1, NULL, 'n'}, {"timeout", 1, NULL, 't'}, {"limit", 1, NULL, 'l'},
        {"max-errors", 1, NULL, 'e'}, {"pid", 1, NULL, 'p'}, {"uid", 1, NULL, 'u'}, {"prefix", 1, NULL, 'P'},
        {"denied", 1, NULL, 'D'}, {"help", 0, NULL, 'h'}, {NULL, 0, NULL, 0},
    };
    int index = 0;
    int mode = -1;
    for (int o; (o = getopt_long(argc, argv, "", OPTIONS, &index)) != -1;) {
        const char *name = o == '?' ? "" : OPTIONS[index].name;
        switch (o) {
            case 's': opt.socket = optarg; break;
            case 'P': opt.prefix = optarg; break;
            case 'D': opt.denied = optarg; break;
            case 'c': opt.connections = (int) number(name, optarg, 1, 1e6); break;
            case 'i': opt.idle = (int) number(name, optarg, 0, 1e6); break;
            case 'S': opt.stalled = (int) number(name, optarg, 0, 1e6); break;
            case 'w': opt.window = (int) number(name, optarg, 1, 65536); break;
            case 'b': opt.line_bytes = (int) number(name, optarg, MIN_LINE, MAX_LINE); break;
            case 'W': opt.warmup = (int64_t) (number(name, optarg, 0, 3600) * SECOND); break;
            case 'd': opt.duration = (int64_t) (number(name, optarg, 0, 3600) * SECOND); break;
            case 't': opt.timeout = (int64_t) (number(name, optarg, 0.01, 3600) * SECOND); break;
            case 'l': opt.limit = (int64_t) (number(name, optarg, 1, 36000) * SECOND); break;
            case 'n': opt.count = (uint64_t) number(name, optarg, 1, 1e12); break;
            case 'e': opt.max_errors = (uint64_t) number(name, optarg, 1, 1e9); break;
            case 'p': opt.pid = (int) number(name, optarg, 1, INT_MAX); break;
            case 'u': opt.uid = (long) number(name, optarg, 0, 4294967294.0); break;
            case 'm':
                for (int i = 0; i < MODES; i++) {
                    if (strcmp(optarg, MODE_NAMES[i]) == 0) {
                        mode = i;
                    }
                }
                if (mode < 0) {
                    die("--mode: %s is none of churn, refusal, burst, pingpong, pipelined, idle, hold, flood", optarg);
                }
                break;
            case 'h': usage(stdout); exit(0);
            default: usage(stderr); exit(2);
        }
    }
    if (opt.socket == NULL || mode < 0 || optind != argc) {
        usage(stderr);
        exit(2);
    }
    opt.mode = (enum mode) mode;
    if (opt.mode != PIPELINED) {
        opt.window = 1;
    }
    if (opt.mode == BURST) {
        opt.count = (uint64_t) opt.connections;
        opt.warmup = 0;
    }
    if (opt.duration == 0 && opt.count == 0) {
        die("give --duration or --count");
    }
    if (strlen(opt.socket) >= sizeof address.sun_path) {
        die("--socket: %s is longer than %zu bytes", opt.socket, sizeof address.sun_path - 1);
    }
    address.sun_family = AF_UNIX;
    strcpy(address.sun_path, opt.socket);
}

static void raise_descriptors(void) {
    struct rlimit limit;
    int needed = opt.connections + opt.stalled + (opt.mode == IDLE ? opt.idle : 0) + 16;
    getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);
    if (limit.rlim_max < (rlim_t) needed) {
        die("%d descriptors are needed, %llu are allowed", needed, (unsigned long long) limit.rlim_max);
    }
}

static void become(long uid) {
    if (uid >= 0 && (setgroups(0, NULL) != 0 || setgid((gid_t) uid) != 0 || setuid((uid_t) uid) != 0)) {
        die("--uid %ld: %s", uid, strerror(errno));
    }
}

int main(int argc, char **argv) {
    parse(argc, argv);
    alarm((unsigned) (opt.limit / SECOND) + 60); /* the last resort, should all the limits below fail */
    signal(SIGPIPE, SIG_IGN);
    raise_descriptors();
    if (subject_open(&subject, opt.pid) != 0) {
        die("--pid %d: there is no such process", opt.pid);
    }
    become(opt.uid);
    prepare_texts();
    epoll = epoll_create1(EPOLL_CLOEXEC);
    if (epoll < 0) {
        die("epoll_create1: %s", strerror(errno));
    }

    started = now_ns();
    open_all();
    if (opt.mode != HOLD && opt.warmup > 0) {
        start_load();
        run_until(now_ns() + opt.warmup, 0);
    }
    struct snapshot before;
    struct snapshot after;
    snapshot_take(&subject, &before);
    measuring = true;
    if (opt.mode == HOLD) {
        hold();
    } else {
        if (opt.count > 0) {
            starts_left = opt.count;
        }
        if (!running) {
            start_load();
        }
        run_until(opt.duration > 0 ? before.wall + opt.duration : INT64_MAX, opt.count);
    }
    measuring = false;
    snapshot_take(&subject, &after);
    uint64_t window_ops = ops;
    long rss = server_rss_kib(&subject);
    long pss = server_pss_kib(&subject);

    running = false;
    if (opt.mode == FLOOD) {
        thaw();
    }
    settle();
    if (opt.mode == BURST) {
        most_open = count_open(SILENT);
    }
    if (opt.mode == IDLE || opt.mode == HOLD) {
        greet(0, false); /* the silent ones were served all the time: each must still answer */
    }
    half_close_all();
    if (now_ns() - started > opt.limit) {
        note_error("the run did not end within %" PRId64 " s", opt.limit / SECOND);
    }
    report(&before, &after, window_ops, rss, pss);
    return errors == 0 ? 0 : 1;
}
