/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.credentials.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.peercred.credentials.ControlGroup;

@Timeout(120)
class ProcFilesTest {

    @Test
    void counts_fields_from_the_last_parenthesis() throws Exception {
        String line = "4242 (a) S 1 1) R 17 4242 4242 0 -1 4194304 1 0 0 0 0 0 0 0 20 0 1 0 98765 1 2\n";
        assertEquals("R", ProcFiles.statField(line, 3));
        assertEquals("17", ProcFiles.statField(line, 4));
        assertEquals("98765", ProcFiles.statField(line, 22));
    }

    @Test
    void does_not_guess_where_a_line_is_cut_short() {
        assertThrows(IOException.class, () -> ProcFiles.statField("4242 (a) R 17", 22));
        assertThrows(IOException.class, () -> ProcFiles.statField("4242", 4));
        assertThrows(IOException.class, () -> ProcFiles.statField("", 4));
    }

    @ParameterizedTest
    @CsvSource({
        "/system.slice/backup.service, backup.service",
        "/system.slice/system-getty.slice/getty@tty1.service, getty@tty1.service",
        "/system.slice/sshd.service/inner, sshd.service",
        "/system.slice/container.service/system.slice/backup.service, container.service",
        "/user.slice/user-1000.slice/user@1000.service/app.slice/backup.service, user@1000.service",
        "/user.slice/user-1000.slice/session-2.scope, session-2.scope",
        "/init.scope, init.scope",
        "/system.slice/_cpu.service, cpu.service",
        "/system.slice/dbus.socket, dbus.socket",
        "/system.slice/my\\x2dname.service, my\\x2dname.service"
    })
    void names_the_unit_that_systemd_made(String path, String unit) throws Exception {
        assertEquals(new ControlGroup(path, Optional.of(unit)), ProcFiles.controlGroup("0::" + path + "\n"));
    }

    @ParameterizedTest
    @CsvSource({
        "/",
        "/docker/0123456789abcdef",
        "/docker/backup.service.d",
        "/mine/backup.service",
        "/user.slice/user-1000.slice",
        "/../system.slice/backup.service",
        "/system.slice/.service"
    })
    void names_no_unit_where_systemd_made_none(String path) throws Exception {
        assertEquals(new ControlGroup(path, Optional.empty()), ProcFiles.controlGroup("0::" + path + "\n"));
    }

    @Test
    void reads_the_version_2_line_only() throws Exception {
        String content = "9:name=systemd:/system.slice/other.service\n0::/system.slice/this.service\n";
        assertEquals(
                "/system.slice/this.service", ProcFiles.controlGroup(content).path());
        assertThrows(IOException.class, () -> ProcFiles.controlGroup("9:name=systemd:/system.slice/other.service\n"));
    }
}
