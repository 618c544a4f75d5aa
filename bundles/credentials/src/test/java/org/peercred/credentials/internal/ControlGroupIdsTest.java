/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.credentials.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.Optional;
import jnr.ffi.Pointer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.peercred.credentials.ControlGroup;

/** What is remembered of a control group's number, and what is not. */
@Timeout(60)
class ControlGroupIdsTest {

    private final Native system = Native.load();
    private final ControlGroup own = own();
    private int pidfd;
    private int reads;
    private long shift;
    private ControlGroupIds ids = new ControlGroupIds(new PidfdInfo(system));

    private static ControlGroup own() {
        try {
            return new ProcFiles(Path.of("/proc/self")).controlGroup();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @BeforeEach
    void open() {
        pidfd = new KernelProcessTable(system)
                .open((int) ProcessHandle.current().pid());
        assumeTrue(new PidfdInfo(system).controlGroup(pidfd) != 0, "before Linux 6.13 a pidfd tells no control group");
    }

    @AfterEach
    void close() {
        Sockets.close(pidfd);
    }

    private ControlGroup ask(ControlGroup answer) throws IOException {
        return ids.of(pidfd, () -> {
            reads++;
            return answer;
        });
    }

    @Test
    void a_path_that_has_the_number_is_read_once() throws Exception {
        for (int i = 0; i < 3; i++) {
            assertEquals(own, ask(own));
        }
        assertEquals(1, reads);
    }

    /** As that of a process which was moved between the two questions. */
    @Test
    void a_path_that_has_another_number_or_none_is_not_remembered() throws Exception {
        ControlGroup nowhere = new ControlGroup("/no.such.group", Optional.empty());
        ControlGroup outside = new ControlGroup("/../unified", Optional.empty());
        for (ControlGroup group : new ControlGroup[] {nowhere, outside}) {
            ids = new ControlGroupIds(new PidfdInfo(system));
            assertEquals(group, ask(group));
            assertEquals(own, ask(own));
        }
    }

    @Test
    void another_number_is_another_group() throws Exception {
        ids = new ControlGroupIds(new PidfdInfo(shifted()));
        assertEquals(own, ask(own));
        ControlGroup other = new ControlGroup("/no.such.group", Optional.empty());
        shift = 64;
        assertEquals(own, ask(own));
        assertEquals(other, ask(other));
        shift = 0;
        assertEquals(own, ask(own));
    }

    /** A system that adds to each number of a control group. */
    private Native shifted() {
        LibC libc = (LibC) Proxy.newProxyInstance(
                LibC.class.getClassLoader(), new Class<?>[] {LibC.class}, (proxy, method, arguments) -> {
                    try {
                        Object result = method.invoke(system.libc(), arguments);
                        if (method.getName().equals("ioctl")) {
                            long at = (Long) arguments[2] + 8;
                            Pointer memory = Pointer.wrap(system.runtime(), at, 8);
                            memory.putLong(0, memory.getLong(0) + shift);
                        }
                        return result;
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
        return new Native(libc, system.runtime());
    }
}
