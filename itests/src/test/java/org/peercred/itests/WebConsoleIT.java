/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.itests;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;
import static org.junit.Assume.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.ops4j.pax.exam.junit.PaxExam;
import org.ops4j.pax.exam.spi.reactors.ExamReactorStrategy;
import org.ops4j.pax.exam.spi.reactors.PerMethod;
import org.osgi.service.cm.Configuration;

/** Karaf's web console on the socket. */
@RunWith(PaxExam.class)
@ExamReactorStrategy(PerMethod.class)
public class WebConsoleIT extends WebKaraf {

    private static final String BUNDLES = "/system/console/bundles.json";

    private static final String LISTENER = "org.peercred.listener~http";

    private static final String PASSWORD =
            "Authorization: Basic " + Base64.getEncoder().encodeToString("jo:secret".getBytes(UTF_8));

    @Test
    public void it_may_be_installed_before_the_socket_or_after_it() throws Exception {
        EtcFile.write(etc().resolve("users.properties"), "jo = secret,admin\n");
        addRepository();
        console("feature:install http-whiteboard webconsole");
        awaitStatus(401, port(), BUNDLES);
        console("feature:install peercred-http");
        assertOpenOnTheSocketOnly();
        console("feature:uninstall peercred-http");
        await().atMost(PATIENCE_SECONDS, TimeUnit.SECONDS).until(() -> !Files.exists(socketFile()));
        awaitStatus(401, port(), BUNDLES);
        awaitStatus(200, port(), BUNDLES, PASSWORD);

        console("feature:uninstall webconsole http-whiteboard");
        awaitStatus(0, port(), BUNDLES);
        console("feature:install peercred-http");
        awaitStatus(404, unix(), BUNDLES);
        console("feature:install webconsole");
        assertOpenOnTheSocketOnly();
        giveRole("admin", false);
        awaitStatus(403, unix(), BUNDLES);
        giveRole("admin", true);
        awaitStatus(200, unix(), BUNDLES);
    }

    @Test
    public void a_form_is_saved_by_a_browser() throws Exception {
        Optional<Path> chromium = Chromium.program();
        if (chromium.isEmpty()) {
            System.err.println("needs chromium: a form of the web console");
        }
        assumeTrue("needs chromium", chromium.isPresent());
        addRepository();
        console("feature:install peercred-http webconsole");
        awaitStatus(200, unix(), BUNDLES);
        Path file = etc().resolve("org.peercred.listener-http.cfg");
        try (Forward forward = new Forward(unix());
                Chromium browser = new Chromium(
                        chromium.get(),
                        "http://localhost:" + forward.port() + "/system/console/configMgr/" + LISTENER)) {
            browser.awaits("document.getElementById('editorForm') !== null");
            String field = "document.querySelector('#editorForm [name=\"idle.timeout\"]')";
            assertEquals("0", browser.says(field + ".value"));
            browser.says(field + ".value = '30s'");
            browser.says("$('#editorForm input.optionality[name=\"optidle.timeout\"]').prop('checked', true)");
            browser.says("$('.ui-dialog-buttonset button').filter((i, b) => b.textContent === i18n.save).click()");
            await().atMost(PATIENCE_SECONDS, TimeUnit.SECONDS)
                    .until(() -> Files.readString(file, UTF_8).contains("idle.timeout = \"30s\""));
        }
        String text = Files.readString(file, UTF_8);
        assertTrue(text, text.contains("path = \"" + socketFile() + "\""));
        Configuration kept = configurationAdmin.listConfigurations("(service.pid=" + LISTENER + ")")[0];
        assertEquals("30s", kept.getProperties().get("idle.timeout"));
        assertEquals(file.toFile().toURI().toString(), kept.getProperties().get("felix.fileinstall.filename"));
        awaitStatus(200, unix(), BUNDLES);
    }

    private void assertOpenOnTheSocketOnly() throws Exception {
        awaitStatus(200, unix(), BUNDLES);
        String list = WebClient.get(unix(), BUNDLES).body();
        assertTrue(list, list.contains("\"symbolicName\":\"org.peercred.http\""));
        awaitStatus(401, port(), BUNDLES);
        awaitStatus(200, port(), BUNDLES, PASSWORD);
    }
}
