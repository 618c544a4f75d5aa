/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.itests;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;
import static org.junit.Assume.assumeTrue;
import static org.ops4j.pax.exam.CoreOptions.systemProperty;
import static org.ops4j.pax.exam.OptionUtils.combine;

import java.io.IOException;
import java.net.SocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.ops4j.pax.exam.Configuration;
import org.ops4j.pax.exam.Option;
import org.ops4j.pax.exam.junit.PaxExam;
import org.ops4j.pax.exam.spi.reactors.ExamReactorStrategy;
import org.ops4j.pax.exam.spi.reactors.PerMethod;

/** The page, by itself and in the web console, as somebody uses it in a browser. */
@RunWith(PaxExam.class)
@ExamReactorStrategy(PerMethod.class)
public class PageIT extends WebKaraf {

    private static final String PAGE = "/peercred/";
    private static final String PLUGIN = "/system/console/peercred";
    private static final String PICTURES = "peercred.pictures";

    /** The name of a command, as a client has chosen it. */
    private static final String HOSTILE = "<img/src=x/onerror=document.title='owned'>";

    private static final String LATER = "what-happens-later";

    private static final String PASSWORD =
            "Authorization: Basic " + Base64.getEncoder().encodeToString("jo:secret".getBytes(UTF_8));

    @Override
    @Configuration
    public Option[] config() {
        return combine(super.config(), systemProperty(PICTURES).value(System.getProperty(PICTURES)));
    }

    @Test
    public void is_used_in_a_browser() throws Exception {
        Path chromium = chromium("the page");
        install("peercred-http peercred-webui peercred-command", PAGE);
        giveRole("manager", false);
        awaitAnswer(unix(), "/peercred/api/overview", "\"manager\":false");
        assertEquals(403, WebClient.status(port(), PAGE));
        try (Client client = Client.connect(commandSocket());
                Forward forward = new Forward(unix());
                Chromium browser = new Chromium(chromium, "http://localhost:" + forward.port() + "/peercred")) {
            browser.awaits("location.pathname === '" + PAGE + "'");
            showsWhatThereIs(browser);
            showsDecisionsAsTheyHappen(browser, client);
            checksWhoMayConnect(browser);
            drawsWhatWasDone(browser);
            endsAConnectionByKeyboard(browser, client);
            fitsScreens(browser);
            giveRole("viewer", false);
            browser.awaits(text("#state") + ".includes('This needs the role viewer.')");
        }
    }

    private static void showsWhatThereIs(Chromium browser) {
        browser.awaits(rows("listeners", "command") + " === 1");
        browser.awaits(rows("policies", "owner") + " > 0");
        browser.awaits(rows("roles", "viewer") + " > 0");
        browser.awaits(rows("connections", "command") + " === 1");
        browser.awaits("document.querySelectorAll('#connections button').length === 0");
        browser.awaits(text("#who") + ".endsWith('viewer here.')");
    }

    private static void showsDecisionsAsTheyHappen(Chromium browser, Client client) throws IOException {
        browser.awaits(text("#stream") + " === 'as they happen'");
        client.ask(HOSTILE);
        browser.awaits(rows("decisions", HOSTILE) + " === 1");
        assertEquals("0", browser.says("document.querySelectorAll('main img').length"));
        assertEquals("Peercred", browser.says("document.title"));

        browser.says("document.getElementById('pause').click()");
        client.ask(LATER);
        browser.awaits(text("#pause") + ".startsWith('Go on (')");
        browser.awaits("!" + text("#pause") + ".includes('(0 ')");
        assertEquals("0", browser.says(rows("decisions", LATER)));
        browser.says("document.getElementById('pause').click()");
        browser.awaits(rows("decisions", LATER) + " === 1");

        assertTrue(Integer.parseInt(browser.says(rows("decisions", "allowed"))) > 0);
        filter(browser, "event", "command");
        browser.awaits(rows("decisions", "allowed") + " === 0");
        assertEquals("1", browser.says(rows("decisions", LATER)));
        filter(browser, "user", "nobody-of-that-name");
        browser.awaits(rows("decisions", "none like that") + " === 1");
        filter(browser, "user", user());
        browser.awaits(rows("decisions", LATER) + " === 1");
        filter(browser, "listener", "http");
        browser.awaits(rows("decisions", "none like that") + " === 1");
        filter(browser, "listener", "");
        filter(browser, "event", "");
        browser.awaits(rows("decisions", "allowed") + " > 0");
    }

    private static void filter(Chromium browser, String field, String value) throws IOException {
        String input = "document.getElementById('filter').elements." + field;
        browser.says("(" + input + ".value = '" + value + "', " + input
                + ".dispatchEvent(new Event('input', { bubbles: true })))");
    }

    private static void checksWhoMayConnect(Chromium browser) throws IOException {
        String form = "document.querySelector('#check form')";
        browser.says("(" + form + ".elements.uid.value = '" + user() + "', " + form
                + ".elements.listener.value = 'command', " + form + ".requestSubmit())");
        browser.awaits(text("#check h3") + " === 'allowed command, connect'");
        browser.awaits(rows("check", "superuser") + " === 1");
        browser.says("(" + form + ".elements.uid.value = '4000000', " + form + ".requestSubmit())");
        browser.awaits(text("#check h3") + " === 'denied command, connect'");
        browser.says("(" + form + ".elements.uid.value = '<b>', " + form + ".requestSubmit())");
        browser.awaits(text("#check .failure") + " === 'There is no user named \"<b>\".'");
    }

    private static void drawsWhatWasDone(Chromium browser) {
        browser.awaits("[...document.querySelectorAll('#rates figure')].map(f => f.querySelector('title').textContent)"
                + ".filter(t => t.includes('now ')).length >= 4");
        browser.awaits("document.querySelector('#rates path.line').getAttribute('d').length > 10");
        browser.awaits("[...document.getElementById('rates-listener').options].some(o => o.value === 'command')");
    }

    private static void endsAConnectionByKeyboard(Chromium browser, Client client) throws Exception {
        giveRole("manager", true);
        String end = "[...document.querySelectorAll('#connections tbody tr')]"
                + ".find(r => r.textContent.includes('command')).querySelector('button')";
        String dialog = "document.getElementById('confirm').open";
        browser.awaits(end + " !== null");
        browser.says(end + ".focus()");
        browser.presses("Enter", 13, "\\r");
        browser.awaits(dialog);
        assertTrue(
                browser.says(text("#confirm-text")),
                browser.says(text("#confirm-text")).contains(" on command? "));
        // What has the focus is the safe answer.
        browser.presses("Enter", 13, "\\r");
        browser.awaits("!" + dialog);
        assertTrue(client.ask("still-there").startsWith("error: "));

        browser.says(end + ".focus()");
        browser.presses("Enter", 13, "\\r");
        browser.awaits(dialog);
        browser.presses("Tab", 9, "");
        browser.presses("Enter", 13, "\\r");
        browser.awaits(text("#connections .done") + ".endsWith(' is ended.')");
        browser.awaits(rows("connections", "command") + " === 0");
        assertEquals(Optional.empty(), client.line());
    }

    private static void fitsScreens(Chromium browser) throws IOException {
        Path pictures = Files.createDirectories(Path.of(System.getProperty(PICTURES)));
        for (int width : new int[] {360, 600, 768, 1024, 1152, 1280, 1600}) {
            browser.shows(width, 900, "light");
            browser.awaits("document.documentElement.clientWidth <= " + width);
            assertEquals(
                    width + " pixels",
                    "true",
                    browser.says("document.documentElement.scrollWidth <= document.documentElement.clientWidth"));
        }
        picture(browser, 1280, 1200, "light", pictures.resolve("page-light.png"));
        picture(browser, 1280, 1200, "dark", pictures.resolve("page-dark.png"));
        picture(browser, 390, 1200, "light", pictures.resolve("page-narrow.png"));
    }

    private static void picture(Chromium browser, int width, int height, String colours, Path file) throws IOException {
        browser.shows(width, height, colours);
        browser.says("scrollTo(0, 0)");
        browser.awaits("innerWidth === " + width + " && matchMedia('(prefers-color-scheme: " + colours + ")').matches");
        assertEquals(
                colours.equals("dark") ? "true" : "false",
                browser.says("getComputedStyle(document.body).backgroundColor === 'rgb(21, 25, 28)'"));
        Files.write(file, browser.picture());
    }

    @Test
    public void is_a_plugin_of_the_web_console() throws Exception {
        Path chromium = chromium("the page in the web console");
        EtcFile.write(etc().resolve("users.properties"), "jo = secret,admin\n");
        install("peercred-http peercred-webui peercred-command webconsole", PLUGIN);
        awaitStatus(401, port(), PLUGIN);
        awaitStatus(401, port(), PLUGIN + "/api/overview.json");
        awaitStatus(200, port(), PLUGIN + "/api/overview.json", PASSWORD);
        assertFalse(WebClient.get(unix(), PLUGIN).head().contains("Content-Security-Policy"));
        assertTrue(WebClient.get(unix(), PLUGIN + "/index.htm").head().contains("Content-Security-Policy"));
        try (Client client = Client.connect(commandSocket());
                Forward forward = new Forward(unix());
                Chromium browser = new Chromium(chromium, "http://localhost:" + forward.port() + PLUGIN)) {
            String frame = "document.getElementById('peercred-page').contentDocument";
            browser.awaits("document.getElementById('navmenu') !== null");
            browser.awaits(rows("listeners", "command").replaceFirst("document", frame) + " === 1");
            // The console's own servlet can keep no request open.
            browser.awaits(text("#stream").replaceFirst("document", frame) + " === 'asked for every 3 s'");
            client.ask(HOSTILE);
            browser.awaits(rows("decisions", HOSTILE).replaceFirst("document", frame) + " === 1");
            String end = "[...document.querySelectorAll('#connections tbody tr')]"
                    .replaceFirst("document", frame)
                    .concat(".find(r => r.textContent.includes('command')).querySelector('button')");
            browser.awaits(end + " !== null");
            browser.says(end + ".click()");
            browser.says("document.querySelector('#confirm .danger').click()".replaceFirst("document", frame));
            browser.awaits(rows("connections", "command").replaceFirst("document", frame) + " === 0");
            assertEquals(Optional.empty(), client.line());
        }
        console("feature:uninstall webconsole");
        awaitStatus(404, unix(), PLUGIN);
        awaitStatus(200, unix(), PAGE);
    }

    private static Path chromium(String whatFor) {
        Optional<Path> chromium = Chromium.program();
        if (chromium.isEmpty()) {
            System.err.println("needs chromium: " + whatFor);
        }
        assumeTrue("needs chromium", chromium.isPresent());
        return chromium.get();
    }

    private void install(String features, String place) throws Exception {
        addRepository();
        console("feature:install " + features);
        awaitStatus(200, unix(), place);
        EtcFile.write(
                etc().resolve("org.peercred.listener-command.cfg"),
                "path = " + commandSocket() + "\nservice.target = (peercred.service=command)\n");
        await().atMost(PATIENCE_SECONDS, TimeUnit.SECONDS)
                .until(() -> Client.hears(commandSocket(), "x").startsWith("error: "));
    }

    private static Path commandSocket() {
        return Path.of(System.getProperty("karaf.data"), "command.sock");
    }

    private static void awaitAnswer(SocketAddress address, String path, String part) {
        await().atMost(PATIENCE_SECONDS, TimeUnit.SECONDS)
                .pollInterval(100, TimeUnit.MILLISECONDS)
                .until(() -> WebClient.get(address, path).body().contains(part));
    }

    /** How many rows of a section's table hold a text. */
    private static String rows(String section, String text) {
        return "[...document.querySelectorAll('#" + section + " tbody tr')].filter(r => r.textContent.includes(\""
                + text + "\")).length";
    }

    private static String text(String selector) {
        return "document.querySelector('" + selector + "').textContent";
    }
}
