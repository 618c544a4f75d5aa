/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.common.linux;

import java.util.List;

/**
 * Error numbers of system calls, see <a href="https://man7.org/linux/man-pages/man3/errno.3.html">errno(3)</a>; the same on every
 * {@link Platform.Processor}.
 */
public final class Errno {

    private static final String NONE = "-";

    /** In the order of their numbers, from 1 on; a hyphen where there is none. */
    private static final List<String> NAMES = List.of(
            """
            EPERM ENOENT ESRCH EINTR EIO ENXIO E2BIG ENOEXEC EBADF ECHILD EAGAIN ENOMEM EACCES EFAULT ENOTBLK
            EBUSY EEXIST EXDEV ENODEV ENOTDIR EISDIR EINVAL ENFILE EMFILE ENOTTY ETXTBSY EFBIG ENOSPC ESPIPE
            EROFS EMLINK EPIPE EDOM ERANGE EDEADLK ENAMETOOLONG ENOLCK ENOSYS ENOTEMPTY ELOOP - ENOMSG EIDRM
            ECHRNG EL2NSYNC EL3HLT EL3RST ELNRNG EUNATCH ENOCSI EL2HLT EBADE EBADR EXFULL ENOANO EBADRQC EBADSLT
            - EBFONT ENOSTR ENODATA ETIME ENOSR ENONET ENOPKG EREMOTE ENOLINK EADV ESRMNT ECOMM EPROTO EMULTIHOP
            EDOTDOT EBADMSG EOVERFLOW ENOTUNIQ EBADFD EREMCHG ELIBACC ELIBBAD ELIBSCN ELIBMAX ELIBEXEC EILSEQ
            ERESTART ESTRPIPE EUSERS ENOTSOCK EDESTADDRREQ EMSGSIZE EPROTOTYPE ENOPROTOOPT EPROTONOSUPPORT
            ESOCKTNOSUPPORT EOPNOTSUPP EPFNOSUPPORT EAFNOSUPPORT EADDRINUSE EADDRNOTAVAIL ENETDOWN ENETUNREACH
            ENETRESET ECONNABORTED ECONNRESET ENOBUFS EISCONN ENOTCONN ESHUTDOWN ETOOMANYREFS ETIMEDOUT
            ECONNREFUSED EHOSTDOWN EHOSTUNREACH EALREADY EINPROGRESS ESTALE EUCLEAN ENOTNAM ENAVAIL EISNAM
            EREMOTEIO EDQUOT ENOMEDIUM EMEDIUMTYPE ECANCELED ENOKEY EKEYEXPIRED EKEYREVOKED EKEYREJECTED
            EOWNERDEAD ENOTRECOVERABLE ERFKILL EHWPOISON
            """
                    .split("\\s+"));

    /** See errno(3). */
    public static final int ENOENT = 2;

    /** See errno(3). */
    public static final int ESRCH = 3;

    /** See errno(3). */
    public static final int EINTR = 4;

    /** See errno(3). */
    public static final int EIO = 5;

    /** See errno(3). */
    public static final int ENXIO = 6;

    /** See errno(3). */
    public static final int EBADF = 9;

    /** See errno(3). */
    public static final int EAGAIN = 11;

    /** See errno(3). */
    public static final int ENOMEM = 12;

    /** See errno(3). */
    public static final int EEXIST = 17;

    /** See errno(3). */
    public static final int EINVAL = 22;

    /** See errno(3). */
    public static final int ENFILE = 23;

    /** See errno(3). */
    public static final int EMFILE = 24;

    /** See errno(3). */
    public static final int ENOTTY = 25;

    /** Nobody is there to read what is written. */
    public static final int EPIPE = 32;

    /** See errno(3). */
    public static final int ENOSPC = 28;

    /** See errno(3). */
    public static final int ERANGE = 34;

    /** See errno(3). */
    public static final int ENOSYS = 38;

    /** See errno(3). */
    public static final int ELOOP = 40;

    /** See errno(3). */
    public static final int ENODATA = 61;

    /** See errno(3). */
    public static final int ENOTSOCK = 88;

    /** See errno(3). */
    public static final int ENOPROTOOPT = 92;

    public static final int EADDRINUSE = 98;

    /** See errno(3). */
    public static final int ECONNABORTED = 103;

    /** See errno(3). */
    public static final int ECONNREFUSED = 111;

    /** See errno(3). */
    public static final int EDQUOT = 122;

    private Errno() {}

    /**
     * The name of an error number.
     *
     * @param errno as the kernel gave it
     * @return for instance {@code EMFILE}; {@code errno 4711} for one without a name
     */
    public static String name(int errno) {
        String name = errno > 0 && errno <= NAMES.size() ? NAMES.get(errno - 1) : NONE;
        return name.equals(NONE) ? "errno " + errno : name;
    }
}
