/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 *
 * A name service that knows nobody, and says so at once, or after a while: as long as there is a file CONTROL, each lookup takes
 * the milliseconds that it starts with, and that of the user it names second does not come back.
 */
#include <errno.h>
#include <grp.h>
#include <nss.h>
#include <pwd.h>
#include <stdio.h>
#include <time.h>

static void pause_ms(long milliseconds) {
    struct timespec pause = {.tv_sec = milliseconds / 1000, .tv_nsec = milliseconds % 1000 * 1000000};
    nanosleep(&pause, NULL);
}

static int asked(long *milliseconds, long *hanging) {
    FILE *control = fopen(CONTROL, "re");
    if (control == NULL) {
        return 0;
    }
    int found = fscanf(control, "%ld %ld", milliseconds, hanging);
    fclose(control);
    return found == 2;
}

static enum nss_status slowly(long id, int *error) {
    long milliseconds, hanging;
    if (asked(&milliseconds, &hanging)) {
        pause_ms(milliseconds);
        while (id == hanging && asked(&milliseconds, &hanging)) {
            pause_ms(20);
        }
    }
    *error = ENOENT;
    return NSS_STATUS_NOTFOUND;
}

enum nss_status _nss_pressure_getpwuid_r(uid_t uid, struct passwd *into, char *buffer, size_t size, int *error) {
    (void) into, (void) buffer, (void) size;
    return slowly((long) uid, error);
}

enum nss_status _nss_pressure_getpwnam_r(const char *name, struct passwd *into, char *buffer, size_t size, int *error) {
    (void) name, (void) into, (void) buffer, (void) size;
    return slowly(-1, error);
}

enum nss_status _nss_pressure_getgrgid_r(gid_t gid, struct group *into, char *buffer, size_t size, int *error) {
    (void) into, (void) buffer, (void) size;
    return slowly((long) gid, error);
}

enum nss_status _nss_pressure_getgrnam_r(const char *name, struct group *into, char *buffer, size_t size, int *error) {
    (void) name, (void) into, (void) buffer, (void) size;
    return slowly(-1, error);
}
