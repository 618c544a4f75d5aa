/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.credentials.internal;

import java.lang.ref.Reference;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import jnr.ffi.Pointer;
import org.peercred.common.linux.Errno;
import org.peercred.common.linux.Ids;
import org.peercred.credentials.NameServiceException;
import org.peercred.credentials.UserDatabase;

/**
 * Asks the C library, which asks every service named in {@code /etc/nsswitch.conf}. {@code struct passwd} and
 * {@code struct group} both start with a pointer to the name, one to the password and the id, in glibc and in musl.
 */
final class NativeUserDatabase implements UserDatabase {

    /** {@code struct passwd} takes 48 bytes, {@code struct group} 32. */
    private static final int ENTRY_BYTES = 64;

    private static final int NAME_OFFSET = 0;
    private static final int ID_OFFSET = 16;

    /** In {@code struct passwd}, after the id. */
    private static final int GID_OFFSET = 20;

    private static final int FIRST_GROUPS = 256;

    /** As many as the kernel lets a process have, NGROUPS_MAX. */
    private static final int MOST_GROUPS = 65_536;

    private static final int FIRST_BUFFER = 4096;

    /** A group with a hundred thousand members fits. */
    private static final int LARGEST_BUFFER = 16 << 20;

    private static final int EFD_CLOEXEC = 0x80000;

    private final Native system;

    NativeUserDatabase(Native system) {
        this.system = system;
    }

    @Override
    public OptionalLong uid(String name) throws NameServiceException {
        return id("getpwnam_r", name, system.libc()::getpwnam_r);
    }

    @Override
    public OptionalLong gid(String name) throws NameServiceException {
        return id("getgrnam_r", name, system.libc()::getgrnam_r);
    }

    @Override
    public Optional<String> userName(long uid) throws NameServiceException {
        return name("getpwuid_r", uid, system.libc()::getpwuid_r);
    }

    @Override
    public Optional<String> groupName(long gid) throws NameServiceException {
        return name("getgrgid_r", gid, system.libc()::getgrgid_r);
    }

    @Override
    public Optional<Membership> membership(long uid) throws NameServiceException {
        if (!Ids.isId(uid)) {
            return Optional.empty();
        }
        Optional<Login> login = ask(
                "getpwuid_r",
                Long.toString(uid),
                (entry, buffer, size, result) -> system.libc().getpwuid_r((int) uid, entry, buffer, size, result),
                entry -> new Login(
                        entry.getPointer(NAME_OFFSET).getString(0, Integer.MAX_VALUE, StandardCharsets.UTF_8),
                        entry.getInt(GID_OFFSET)));
        return login.isEmpty()
                ? Optional.empty()
                : Optional.of(new Membership(Integer.toUnsignedLong(login.get().gid()), groups(login.get())));
    }

    /** How a user begins. */
    private record Login(String name, int gid) {}

    private Set<Long> groups(Login login) throws NameServiceException {
        byte[] bytes = login.name().getBytes(StandardCharsets.UTF_8);
        Pointer name = system.allocate(bytes.length + 1);
        name.put(0, bytes, 0, bytes.length);
        try {
            for (int room = FIRST_GROUPS; room <= MOST_GROUPS; room *= 4) {
                Pointer memory = system.allocate(Integer.BYTES * (room + 1));
                memory.putInt(0, room);
                long list = memory.address() + Integer.BYTES;
                if (system.libc().getgrouplist(name.address(), login.gid(), list, memory.address()) >= 0) {
                    Set<Long> groups = new HashSet<>();
                    for (int i = 1; i <= memory.getInt(0); i++) {
                        groups.add(Integer.toUnsignedLong(memory.getInt((long) i * Integer.BYTES)));
                    }
                    return groups;
                }
            }
            throw failure("getgrouplist", "\"" + login.name() + "\"", Errno.ERANGE);
        } finally {
            Reference.reachabilityFence(name);
        }
    }

    private OptionalLong id(String function, String name, ByName call) throws NameServiceException {
        if (name.isEmpty() || name.indexOf('\0') >= 0) {
            return OptionalLong.empty();
        }
        byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
        Pointer key = system.allocate(bytes.length + 1);
        key.put(0, bytes, 0, bytes.length);
        try {
            return ask(
                            function,
                            "\"" + name + "\"",
                            (entry, buffer, size, result) -> call.ask(key.address(), entry, buffer, size, result),
                            entry -> OptionalLong.of(Integer.toUnsignedLong(entry.getInt(ID_OFFSET))))
                    .orElse(OptionalLong.empty());
        } finally {
            Reference.reachabilityFence(key);
        }
    }

    private Optional<String> name(String function, long id, ById call) throws NameServiceException {
        if (!Ids.isId(id)) {
            return Optional.empty();
        }
        return ask(
                function,
                Long.toString(id),
                (entry, buffer, size, result) -> call.ask((int) id, entry, buffer, size, result),
                entry -> entry.getPointer(NAME_OFFSET).getString(0, Integer.MAX_VALUE, StandardCharsets.UTF_8));
    }

    private <T> Optional<T> ask(String function, String what, Call call, Reader<T> reader) throws NameServiceException {
        int size = FIRST_BUFFER;
        while (true) {
            Pointer memory = system.allocate(ENTRY_BYTES + Long.BYTES + size);
            long entry = memory.address();
            long result = entry + ENTRY_BYTES;
            int errno = call.ask(entry, result + Long.BYTES, size, result);
            try {
                if (errno == 0) {
                    // A null result with no error is how the C library says that there is no such name.
                    return memory.getLong(ENTRY_BYTES) == 0
                            ? notFound(function, what)
                            : Optional.of(reader.read(memory));
                }
            } finally {
                Reference.reachabilityFence(memory);
            }
            switch (errno) {
                case Errno.EINTR -> {}
                case Errno.ERANGE -> {
                    if (size >= LARGEST_BUFFER) {
                        throw failure(function, what, errno);
                    }
                    size *= 4;
                }
                // ENOENT and its like too, though getpwnam(3) counts them among those that mean no: that is what the C
                // library
                // says while the daemon behind winbind, ldap or sss is not up.
                default -> throw failure(function, what, errno);
            }
        }
    }

    /**
     * The C library passes over a service that cannot open its files and lets the next one's no stand. So a no counts only
     * where a descriptor is to be had.
     */
    private <T> Optional<T> notFound(String function, String what) throws NameServiceException {
        int descriptor = system.libc().eventfd(0, EFD_CLOEXEC);
        if (descriptor < 0) {
            throw failure(function, what, system.errno());
        }
        int ignored = system.libc().close(descriptor);
        return Optional.empty();
    }

    private static NameServiceException failure(String function, String what, int errno) {
        return new NameServiceException("The name service could not be asked for " + what + ": " + function
                + " failed: " + Errno.name(errno) + ".");
    }

    @FunctionalInterface
    private interface ByName {
        int ask(long name, long entry, long buffer, long size, long result);
    }

    @FunctionalInterface
    private interface ById {
        int ask(int id, long entry, long buffer, long size, long result);
    }

    @FunctionalInterface
    private interface Call {
        int ask(long entry, long buffer, long size, long result);
    }

    @FunctionalInterface
    private interface Reader<T> {
        T read(Pointer entry);
    }
}
