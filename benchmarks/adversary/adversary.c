/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 *
 * What a hostile local user does to a Unix domain socket. One thread, epoll; in mode "dying" children that are killed. What the
 * server ends is opened again. Prints one JSON object on one line: exit status 0, or 1 where replies were not what they must be.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <getopt.h>
#include <grp.h>
#include <inttypes.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define SECOND 1000000000LL
#define BLOCK (64 * 1024) /* lines are repeated up to at least so many bytes, for one send */
#define EVENTS 256
#define SLOTS 16     /* children alive at the same time */
#define CHILD_FDS 8  /* connections that one child holds */
#define PAUSE 20     /* milliseconds before what the server ended is opened again */

enum mode { FLOOD, UNFINISHED, PIPELINE, STRANGERS, DYING };
static const char *const MODE_NAMES[] = {"flood", "unfinished", "pipeline", "strangers", "dying"};
#define MODES 5

struct connection {
    int fd; /* -1: not open */
    uint64_t sent;
    uint64_t received;
    int64_t reopen_at;
    bool more; /* its turn was over before the kernel had nothing more to give or take */
};

static struct {
    enum mode mode;
    const char *socket;
    const char *second;
    const char *head;
    const char *expect;
    long fill;
    int connections;
    int window;
    long uid;
    long last_uid;
    int64_t duration;
    uint64_t count;
} opt = {.head = "", .expect = "", .connections = 1, .window = 4096, .uid = -1, .last_uid = -1, .count = UINT64_MAX};

static struct sockaddr_un address;
static struct sockaddr_un second_address;
static int epoll;
static struct connection *all;
static char *line; /* whole lines, repeated */
static size_t line_bytes, block_bytes;
static char *reply; /* whole replies, repeated */
static size_t reply_bytes, reply_block_bytes;
static char in[256 * 1024];

static uint64_t opened, ended, sent_bytes, received_bytes, full, wrong, killed, refused;
static char first_wrong[300];

static void die(const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    fprintf(stderr, "adversary: ");
    vfprintf(stderr, format, arguments);
    fprintf(stderr, "\n");
    va_end(arguments);
    exit(2);
}

static int64_t now_ns(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * SECOND + t.tv_nsec;
}

static void note_wrong(const char *what, const char *bytes, size_t size) {
    if (wrong++ == 0) {
        int used = snprintf(first_wrong, sizeof first_wrong, "%s", what);
        for (size_t i = 0; i < size && i < 60; i++) {
            unsigned char b = (unsigned char) bytes[i];
            bool plain = b >= 0x20 && b < 0x7f && b != '\\' && b != '"';
            used += snprintf(first_wrong + used, sizeof first_wrong - (size_t) used, plain ? "%c" : "<%02x>", b);
        }
    }
}

/* ---- bytes ---- */

static char *repeated(const char *text, size_t size, size_t *block) {
    size_t times = size >= BLOCK ? 1 : BLOCK / size;
    char *all_of_it = malloc(times * size);
    if (all_of_it == NULL) {
        die("out of memory");
    }
    for (size_t i = 0; i < times; i++) {
        memcpy(all_of_it + i * size, text, size);
    }
    *block = times * size;
    return all_of_it;
}

static void prepare_texts(void) {
    size_t head = strlen(opt.head);
    line_bytes = head + (size_t) opt.fill + (opt.mode == UNFINISHED ? 0 : 1);
    char *one = malloc(line_bytes + 1);
    if (one == NULL || line_bytes == 0) {
        die("out of memory, or nothing to send");
    }
    memcpy(one, opt.head, head);
    memset(one + head, 'y', (size_t) opt.fill);
    one[head + (size_t) opt.fill] = '\n';
    line = repeated(one, line_bytes, &block_bytes);
    free(one);
    if (opt.expect[0] != 0) {
        reply_bytes = strlen(opt.expect) + 1;
        one = malloc(reply_bytes + 1);
        if (one == NULL) {
            die("out of memory");
        }
        snprintf(one, reply_bytes + 1, "%s\n", opt.expect);
        reply = repeated(one, reply_bytes, &reply_block_bytes);
        free(one);
    }
}

/* ---- who connects ---- */

static void become(long uid) {
    if (uid >= 0 && (setgroups(0, NULL) != 0 || setgid((gid_t) uid) != 0 || setuid((uid_t) uid) != 0)) {
        die("--uid %ld: %s", uid, strerror(errno));
    }
}

/* The kernel shows the effective user of the time of connect(): of this thread, so that root can be many users in turn. */
static void seem(long uid) {
    if (syscall(SYS_setresuid, -1, uid, -1) != 0) {
        die("setresuid %ld: %s", uid, strerror(errno));
    }
}

static void watch(struct connection *c, int operation, uint32_t events) {
    struct epoll_event event = {.events = events, .data.ptr = c};
    if (epoll_ctl(epoll, operation, c->fd, &event) != 0) {
        die("epoll_ctl: %s", strerror(errno));
    }
}

/* False where the backlog is full, or the server is gone. */
static bool open_connection(struct connection *c, uint32_t events) {
    c->fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (c->fd < 0) {
        die("socket: %s", strerror(errno));
    }
    if (connect(c->fd, (struct sockaddr *) &address, sizeof address) != 0) {
        full += errno == EAGAIN;
        refused += errno != EAGAIN;
        close(c->fd);
        c->fd = -1;
        c->reopen_at = now_ns() + PAUSE * SECOND / 1000;
        return false;
    }
    opened++;
    c->sent = c->received = 0;
    watch(c, EPOLL_CTL_ADD, events);
    return true;
}

static void drop(struct connection *c) {
    close(c->fd);
    c->fd = -1;
    c->reopen_at = now_ns() + PAUSE * SECOND / 1000;
}

static void ended_by_server(struct connection *c) {
    ended++;
    drop(c);
}

/* ---- what a connection does ---- */

static uint64_t most_to_send(const struct connection *c) {
    if (opt.mode == UNFINISHED) {
        return line_bytes - c->sent;
    }
    if (opt.mode == PIPELINE && reply_bytes > 0) {
        uint64_t may = (c->received / reply_bytes + (uint64_t) opt.window) * line_bytes;
        return may > c->sent ? may - c->sent : 0;
    }
    return UINT64_MAX;
}

static void pump(struct connection *c) {
    int turns = 16;
    for (; turns > 0; turns--) {
        size_t at = (size_t) (c->sent % block_bytes);
        uint64_t size = block_bytes - at;
        uint64_t most = most_to_send(c);
        size = size < most ? size : most;
        if (size == 0) {
            break;
        }
        ssize_t n = send(c->fd, line + at, (size_t) size, MSG_NOSIGNAL);
        if (n < 0) {
            if (errno != EAGAIN && errno != EINTR) {
                ended_by_server(c);
            }
            break;
        }
        c->sent += (uint64_t) n;
        sent_bytes += (uint64_t) n;
    }
    c->more |= turns == 0;
}

/* Compares with endlessly repeated replies. */
static void verify(struct connection *c, const char *bytes, size_t size) {
    while (size > 0) {
        size_t at = (size_t) (c->received % reply_block_bytes);
        size_t chunk = reply_block_bytes - at < size ? reply_block_bytes - at : size;
        if (c->received + chunk > c->sent / line_bytes * reply_bytes) {
            note_wrong("more came than was asked for: ", bytes, size);
            drop(c);
            return;
        }
        if (memcmp(reply + at, bytes, chunk) != 0) {
            while (*bytes == reply[at]) {
                bytes++, at++, size--;
            }
            note_wrong("wrong byte: ", bytes, size);
            drop(c);
            return;
        }
        c->received += chunk;
        received_bytes += chunk;
        bytes += chunk;
        size -= chunk;
    }
}

static void take(struct connection *c) {
    ssize_t n = recv(c->fd, in, sizeof in, 0);
    c->more = n > 0;
    if (n == 0 || (n < 0 && errno != EAGAIN && errno != EINTR)) {
        ended_by_server(c);
    } else if (n > 0 && reply_bytes > 0) {
        verify(c, in, (size_t) n);
    } else if (n > 0) {
        c->received += (uint64_t) n;
        received_bytes += (uint64_t) n;
    }
}

static void on_event(struct connection *c, uint32_t events) {
    c->more = false;
    if (c->fd >= 0 && opt.mode == PIPELINE && (events & (EPOLLIN | EPOLLHUP | EPOLLERR))) {
        take(c);
    } else if (c->fd >= 0 && (events & (EPOLLHUP | EPOLLERR))) {
        ended_by_server(c);
    }
    if (c->fd >= 0) {
        pump(c);
    }
}

static void run_connections(int64_t deadline) {
    uint32_t events = (opt.mode == PIPELINE ? EPOLLIN : 0) | EPOLLOUT | EPOLLET;
    struct epoll_event found[EVENTS];
    bool unfinished_turns = false;
    for (int64_t now = now_ns(); now < deadline; now = now_ns()) {
        for (int i = 0; i < opt.connections; i++) {
            if (all[i].fd < 0 && all[i].reopen_at <= now && open_connection(&all[i], events)) {
                pump(&all[i]);
            }
        }
        int n = epoll_wait(epoll, found, EVENTS, unfinished_turns ? 0 : PAUSE / 2);
        for (int i = 0; i < n; i++) {
            on_event(found[i].data.ptr, found[i].events);
        }
        unfinished_turns = false;
        for (int i = 0; i < opt.connections; i++) {
            if (all[i].fd >= 0 && all[i].more) {
                on_event(&all[i], EPOLLIN);
            }
            unfinished_turns |= all[i].fd >= 0 && all[i].more;
        }
    }
}

/* ---- strangers ---- */

/* Each must be told that it is not let in, and see a clean end. */
static void on_refusal(struct connection *c) {
    ssize_t n = recv(c->fd, in, 4096, 0);
    if (n < 0 && (errno == EAGAIN || errno == EINTR)) {
        return;
    }
    if (n > 0) {
        bool right = c->received + (size_t) n <= reply_bytes && memcmp(reply + c->received, in, (size_t) n) == 0;
        c->received += (uint64_t) n;
        received_bytes += (uint64_t) n;
        if (right) {
            return;
        }
        note_wrong("not the refusal: ", in, (size_t) n);
    } else if (n < 0 || c->received != reply_bytes) {
        note_wrong(n < 0 ? strerror(errno) : "closed before the whole refusal came", "", 0);
    } else {
        ended++;
    }
    drop(c);
    c->reopen_at = 0;
}

static void run_strangers(int64_t deadline) {
    struct epoll_event found[EVENTS];
    long next = opt.uid;
    while (now_ns() < deadline && opened < opt.count) {
        bool room = true;
        for (int i = 0; i < opt.connections && room && opened < opt.count; i++) {
            if (all[i].fd < 0) {
                seem(next);
                room = open_connection(&all[i], EPOLLIN);
                seem(0);
                next = next == opt.last_uid ? opt.uid : next + 1;
            }
        }
        int n = epoll_wait(epoll, found, EVENTS, 1);
        for (int i = 0; i < n; i++) {
            on_refusal(found[i].data.ptr);
        }
    }
}

/* ---- dying ---- */

static uint64_t random_state;

static uint32_t chance(uint32_t below) {
    random_state ^= random_state << 13;
    random_state ^= random_state >> 7;
    random_state ^= random_state << 17;
    return (uint32_t) (random_state >> 20) % below;
}

static void one_step(int *fd) {
    char text[512];
    if (*fd < 0) {
        *fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
        const struct sockaddr_un *to = chance(2) == 0 ? &address : &second_address;
        if (*fd < 0 || connect(*fd, (const struct sockaddr *) to, sizeof *to) != 0) {
            return;
        }
    }
    switch (chance(8)) {
        case 0: send(*fd, line, block_bytes, MSG_NOSIGNAL); break; /* it may be killed while it waits in there */
        case 1: send(*fd, "half a li", 9, MSG_NOSIGNAL); break;
        case 2: send(*fd, "whoami\nview\nhelp\n\n", 18, MSG_NOSIGNAL); break;
        case 3: recv(*fd, text, sizeof text, chance(2) == 0 ? MSG_DONTWAIT : 0); break;
        case 4: shutdown(*fd, SHUT_WR); break;
        case 5: shutdown(*fd, SHUT_RD); break;
        case 6: shutdown(*fd, SHUT_RDWR); break;
        default: close(*fd); *fd = -1; break; /* as often as not with replies unread */
    }
}

static void live_and_die(uint64_t seed) {
    become(opt.uid);
    prctl(PR_SET_PDEATHSIG, SIGKILL); /* now: it is forgotten when the user changes */
    alarm(20);
    random_state = seed * 0x9e3779b97f4a7c15u + 1;
    int fds[CHILD_FDS];
    for (int i = 0; i < CHILD_FDS; i++) {
        fds[i] = -1;
    }
    for (;;) {
        one_step(&fds[chance(CHILD_FDS)]);
    }
}

static void run_dying(int64_t deadline) {
    pid_t pids[SLOTS] = {0};
    int64_t until[SLOTS];
    random_state = 88172645463325252u;
    while (now_ns() < deadline && killed < opt.count) {
        for (int i = 0; i < SLOTS; i++) {
            if (pids[i] == 0) {
                uint64_t seed = opened++;
                pids[i] = fork();
                if (pids[i] < 0) {
                    die("fork: %s", strerror(errno));
                }
                if (pids[i] == 0) {
                    live_and_die(seed);
                }
                until[i] = now_ns() + (int64_t) chance(20000) * 1000;
            } else if (until[i] <= now_ns()) {
                kill(pids[i], SIGKILL);
                waitpid(pids[i], NULL, 0);
                pids[i] = 0;
                killed++;
            }
        }
        struct timespec pause = {.tv_nsec = 500000};
        nanosleep(&pause, NULL);
    }
    for (int i = 0; i < SLOTS; i++) {
        if (pids[i] > 0) {
            kill(pids[i], SIGKILL);
            waitpid(pids[i], NULL, 0);
        }
    }
}

/* ---- command line ---- */

static void usage(FILE *to) {
    fprintf(to,
            "usage: adversary --socket PATH --mode MODE --duration S [options]\n"
            "modes:\n"
            "  flood        --connections send lines without end and never read\n"
            "  unfinished   --connections send one line without its end, and wait\n"
            "  pipeline     --connections send lines, --window of them under way, and read; replies are compared with --expect\n"
            "  strangers    connects of --uid to --last-uid in turn, --connections under way; each must be told --expect. Needs root\n"
            "  dying        clients on --socket and --second that are killed anywhere, --count of them\n"
            "options:\n"
            "  --head TEXT --fill N   a line: TEXT, then N times y (nothing)\n"
            "  --expect TEXT          the reply to each line, without its newline; not given: anything will do\n"
            "  --uid UID              become this user (and group) before connecting; needs root\n");
}

static int64_t number(const char *name, const char *text, int64_t least, int64_t most) {
    char *end;
    errno = 0;
    double value = strtod(text, &end);
    if (errno != 0 || end == text || *end != 0 || !(value >= (double) least && value <= (double) most)) {
        die("--%s: %s is not a number from %" PRId64 " to %" PRId64, name, text, least, most);
    }
    return strcmp(name, "duration") == 0 ? (int64_t) (value * SECOND) : (int64_t) value;
}

static void set_address(struct sockaddr_un *to, const char *path) {
    if (strlen(path) >= sizeof to->sun_path) {
        die("%s is longer than %zu bytes", path, sizeof to->sun_path - 1);
    }
    to->sun_family = AF_UNIX;
    strcpy(to->sun_path, path);
}

static void parse(int argc, char **argv) {
    static const struct option OPTIONS[] = {
        {"socket", 1, NULL, 's'}, {"second", 1, NULL, 'S'}, {"mode", 1, NULL, 'm'}, {"connections", 1, NULL, 'c'},
        {"window", 1, NULL, 'w'}, {"head", 1, NULL, 'H'}, {"fill", 1, NULL, 'f'}, {"expect", 1, NULL, 'e'},
        {"uid", 1, NULL, 'u'}, {"last-uid", 1, NULL, 'U'}, {"duration", 1, NULL, 'd'}, {"count", 1, NULL, 'n'},
        {"help", 0, NULL, 'h'}, {NULL, 0, NULL, 0},
    };
    int index = 0;
    int mode = -1;
    for (int o; (o = getopt_long(argc, argv, "", OPTIONS, &index)) != -1;) {
        const char *name = o == '?' ? "" : OPTIONS[index].name;
        switch (o) {
            case 's': opt.socket = optarg; break;
            case 'S': opt.second = optarg; break;
            case 'H': opt.head = optarg; break;
            case 'e': opt.expect = optarg; break;
            case 'c': opt.connections = (int) number(name, optarg, 1, 100000); break;
            case 'w': opt.window = (int) number(name, optarg, 1, 1000000); break;
            case 'f': opt.fill = (long) number(name, optarg, 0, 1 << 24); break;
            case 'u': opt.uid = (long) number(name, optarg, 0, 4294967294); break;
            case 'U': opt.last_uid = (long) number(name, optarg, 0, 4294967294); break;
            case 'd': opt.duration = number(name, optarg, 0, 3600); break;
            case 'n': opt.count = (uint64_t) number(name, optarg, 1, 1LL << 50); break;
            case 'm':
                for (int i = 0; i < MODES; i++) {
                    mode = strcmp(optarg, MODE_NAMES[i]) == 0 ? i : mode;
                }
                break;
            case 'h': usage(stdout); exit(0);
            default: usage(stderr); exit(2);
        }
    }
    opt.mode = (enum mode) mode;
    bool lacks = (opt.mode == STRANGERS && (opt.uid < 0 || opt.last_uid < opt.uid || opt.expect[0] == 0)) || (opt.mode == DYING && opt.second == NULL);
    if (opt.socket == NULL || mode < 0 || opt.duration == 0 || optind != argc || lacks) {
        usage(stderr);
        exit(2);
    }
    set_address(&address, opt.socket);
    if (opt.second != NULL) {
        set_address(&second_address, opt.second);
    }
}

static void raise_descriptors(void) {
    struct rlimit limit;
    getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);
    if (limit.rlim_max < (rlim_t) opt.connections + 16) {
        die("%d descriptors are needed, %llu are allowed", opt.connections + 16, (unsigned long long) limit.rlim_max);
    }
}

static void report(double seconds) {
    printf("{\"mode\": \"%s\", \"seconds\": %.3f, \"opened\": %" PRIu64 ", \"ended\": %" PRIu64 ", \"sent_bytes\": %" PRIu64
           ", \"received_bytes\": %" PRIu64 ", \"replies\": %" PRIu64 ", \"backlog_full\": %" PRIu64 ", \"not_connected\": %" PRIu64
           ", \"killed\": %" PRIu64 ", \"wrong\": %" PRIu64 ", \"first_wrong\": \"%s\"}\n",
            MODE_NAMES[opt.mode], seconds, opened, ended, sent_bytes, received_bytes, reply_bytes > 0 ? received_bytes / reply_bytes : 0,
            full, refused, killed, wrong, first_wrong);
}

int main(int argc, char **argv) {
    parse(argc, argv);
    alarm((unsigned) (opt.duration / SECOND) + 30); /* the last resort */
    signal(SIGPIPE, SIG_IGN);
    raise_descriptors();
    prepare_texts();
    if (opt.mode != STRANGERS && opt.mode != DYING) {
        become(opt.uid);
    }
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    epoll = epoll_create1(EPOLL_CLOEXEC);
    all = calloc((size_t) opt.connections, sizeof *all);
    if (epoll < 0 || all == NULL) {
        die("no epoll or no memory: %s", strerror(errno));
    }
    for (int i = 0; i < opt.connections; i++) {
        all[i].fd = -1;
    }
    int64_t started = now_ns();
    if (opt.mode == STRANGERS) {
        run_strangers(started + opt.duration);
    } else if (opt.mode == DYING) {
        run_dying(started + opt.duration);
    } else {
        run_connections(started + opt.duration);
    }
    report((double) (now_ns() - started) / SECOND);
    return wrong == 0 ? 0 : 1;
}
