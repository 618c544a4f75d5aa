/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
/* Sends each line of standard input to the echo service and prints the reply: client SOCKET */
#define _GNU_SOURCE
#include <err.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>

/* What does not begin with the service's prefix the listener itself has said, as its last word. */
static void show(const char *reply, ssize_t length) {
    if (length < 0)
        errx(1, "refused: the connection has ended");
    if (strncmp(reply, "> ", 2) != 0)
        errx(1, "refused: %.*s", (int)length - 1, reply);
    fwrite(reply, 1, length, stdout);
    fflush(stdout);
}

int main(int argc, char **argv) {
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    if (argc != 2 || strlen(argv[1]) >= sizeof address.sun_path)
        errx(1, "expected: the path of a socket, shorter than %zu bytes", sizeof address.sun_path);
    strcpy(address.sun_path, argv[1]);
    int connection = socket(AF_UNIX, SOCK_STREAM, 0);
    if (connect(connection, (struct sockaddr *)&address, sizeof address) != 0)
        err(1, "%s", argv[1]);
    FILE *replies = fdopen(connection, "r");
    char *line = NULL, *reply = NULL;
    size_t line_size = 0, reply_size = 0;
    for (ssize_t length; (length = getline(&line, &line_size, stdin)) > 0;) {
        if (line[length - 1] != '\n')
            line[length++] = '\n'; /* in place of the NUL behind it */
        /* Who is turned away cannot send any more and can still read why. */
        for (ssize_t sent = 0, n = 1; n > 0 && sent < length; sent += n)
            n = send(connection, line + sent, length - sent, MSG_NOSIGNAL);
        length = getline(&reply, &reply_size, replies);
        show(reply, length);
    }
    shutdown(connection, SHUT_WR);
    for (ssize_t length; (length = getline(&reply, &reply_size, replies)) > 0;)
        show(reply, length);
    return 0;
}
