/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 *
 * A name service that is up or down as the file CONTROL says. Its first word is one of
 *   down     as winbind and ldap without their daemon: unavailable, ENOENT
 *   refused  as sss with a dead socket: unavailable, ECONNREFUSED
 *   up       users and groups are those in the lines after it, each an id and a name
 *   slow     the same, 4000 ms later
 *   hang     no answer until the file says something else
 */
#include <errno.h>
#include <grp.h>
#include <nss.h>
#include <pwd.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

static void pause_ms(long milliseconds) {
    struct timespec pause = {.tv_sec = milliseconds / 1000, .tv_nsec = milliseconds % 1000 * 1000000};
    nanosleep(&pause, NULL);
}

static enum nss_status find(const char *wanted, long *id, int *error) {
    char mode[16], name[256];
    FILE *control = NULL;
    while (1) {
        control = fopen(CONTROL, "re");
        if (control == NULL || fscanf(control, "%15s", mode) != 1) {
            strcpy(mode, "down");
        }
        if (strcmp(mode, "hang") != 0) {
            break;
        }
        fclose(control);
        pause_ms(20);
    }
    enum nss_status status = NSS_STATUS_NOTFOUND;
    *error = ENOENT;
    if (strcmp(mode, "down") == 0 || strcmp(mode, "refused") == 0) {
        *error = mode[0] == 'd' ? ENOENT : ECONNREFUSED;
        status = NSS_STATUS_UNAVAIL;
    } else {
        if (strcmp(mode, "slow") == 0) {
            pause_ms(4000);
        }
        while (status != NSS_STATUS_SUCCESS && fscanf(control, " %ld %255[^\n]", id, name) == 2) {
            if (strcmp(name, wanted) == 0) {
                status = NSS_STATUS_SUCCESS;
            }
        }
    }
    if (control != NULL) {
        fclose(control);
    }
    return status;
}

enum nss_status _nss_peercredtest_getpwnam_r(
        const char *name, struct passwd *into, char *buffer, size_t size, int *error) {
    long id = 0;
    enum nss_status status = find(name, &id, error);
    if (status == NSS_STATUS_SUCCESS) {
        snprintf(buffer, size, "%s", name);
        char *none = buffer + strlen(buffer);
        *into = (struct passwd) {.pw_name = buffer, .pw_passwd = none, .pw_uid = (uid_t) id, .pw_gid = (gid_t) id,
            .pw_gecos = none, .pw_dir = none, .pw_shell = none};
    }
    return status;
}

enum nss_status _nss_peercredtest_getgrnam_r(
        const char *name, struct group *into, char *buffer, size_t size, int *error) {
    static char *nobody[] = {NULL};
    long id = 0;
    enum nss_status status = find(name, &id, error);
    if (status == NSS_STATUS_SUCCESS) {
        snprintf(buffer, size, "%s", name);
        *into = (struct group) {
            .gr_name = buffer, .gr_passwd = buffer + strlen(buffer), .gr_gid = (gid_t) id, .gr_mem = nobody};
    }
    return status;
}
