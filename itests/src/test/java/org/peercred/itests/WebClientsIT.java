/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.itests;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.Assume;
import org.junit.Before;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.ops4j.pax.exam.Configuration;
import org.ops4j.pax.exam.CoreOptions;
import org.ops4j.pax.exam.Option;
import org.ops4j.pax.exam.OptionUtils;
import org.ops4j.pax.exam.junit.PaxExam;
import org.ops4j.pax.exam.spi.reactors.ExamReactorStrategy;
import org.ops4j.pax.exam.spi.reactors.PerClass;
import org.osgi.framework.ServiceRegistration;

/** Programs that are clients of the socket: those that docs/web.md shows, as it shows them, and those of another user. */
@RunWith(PaxExam.class)
@ExamReactorStrategy(PerClass.class)
public class WebClientsIT extends WebKaraf {

    private static final String DOCS = "peercred.docs";

    private static final int UPLOAD = 30 << 20;

    private static final String DENIED = "Ask the operators\n";

    private static boolean installed;

    @Override
    @Configuration
    public Option[] config() {
        return OptionUtils.combine(
                super.config(), CoreOptions.systemProperty(DOCS).value(System.getProperty(DOCS)));
    }

    @Before
    public void install() {
        if (!installed) {
            addRepository();
            console("feature:install peercred-http webconsole");
            installed = true;
        }
        awaitStatus(200, unix(), "/system/console/bundles.json");
    }

    @Test
    public void curl_does_as_printed() throws Exception {
        Ran.needs("curl", "the example of docs/web.md");
        Ran ran = run("sh", "-ec", printed("sh"));
        assertEquals(ran.toString(), 0, ran.status());
        assertEquals("two pages", 3, ran.out().split("</html>", -1).length);
    }

    @Test
    public void python_does_as_printed() throws Exception {
        Ran.needs("python3", "the example of docs/web.md");
        assertListsBundles(run("python3", "-c", printed("python")));
    }

    @Test
    public void node_does_as_printed() throws Exception {
        Ran.needs("node", "the example of docs/web.md");
        Ran ran = run("node", "-e", printed("js"));
        assertListsBundles(ran);
        assertTrue(ran.out(), ran.out().startsWith("200 {"));
    }

    @Test
    public void java_does_as_printed() throws Exception {
        Path java = Path.of(System.getProperty("java.home"), "bin");
        boolean hasCompiler = Files.isExecutable(java.resolve("javac"));
        if (!hasCompiler) {
            System.err.println("needs a JDK: the example of docs/web.md");
        }
        Assume.assumeTrue("needs a JDK: the example of docs/web.md", hasCompiler);
        Path source = directoryOfThisRun().resolve("Get.java");
        Files.writeString(source, printed("java"), UTF_8);
        try {
            Ran ran = run(java.resolve("java").toString(), source.toString());
            assertListsBundles(ran);
            assertTrue(ran.out(), ran.out().startsWith("HTTP/1.1 200 OK\r\n"));
        } finally {
            Files.delete(source);
        }
    }

    @Test
    public void nginx_passes_requests_on_as_printed() throws Exception {
        Ran.needs("nginx", "the example of docs/web.md");
        try (ReverseProxy nginx = ReverseProxy.nginx(printed("nginx"))) {
            assertIsBelievedOnceItHasTheRole(nginx);
        }
    }

    @Test
    public void haproxy_passes_requests_on_as_printed() throws Exception {
        Ran.needs("haproxy", "the example of docs/web.md");
        try (ReverseProxy haproxy = ReverseProxy.haproxy(printed("haproxy"))) {
            assertIsBelievedOnceItHasTheRole(haproxy);
        }
    }

    /** Whatever its own client has made up. */
    private void assertIsBelievedOnceItHasTheRole(ReverseProxy proxy) throws Exception {
        String[] forged = {
            "X-Forwarded-For: 6.6.6.6", "X-Forwarded-Proto: https", "X-Forwarded-Host: evil", "Forwarded: for=6.6.6.6",
        };
        ServiceRegistration<?> published = publish(new Whereabouts(), "/where");
        try (Changes files = new Changes()) {
            SocketAddress port = proxy.awaitStarted();
            awaitStatus(200, unix(), "/where");
            assertTrue(WebClient.get(port, "/where", forged)
                    .body()
                    .startsWith("user=" + user() + " address= secure=true url=http://"));
            files.write("org.peercred.roles-http.cfg", "listeners = http\nadmin = owner\nproxy = owner\n");
            files.write("org.peercred.http.cfg", "forward = proxy\n");
            String expected = "user=" + user() + " address=127.0.0.1 secure=false url=http://localhost/where";
            await().atMost(PATIENCE_SECONDS, TimeUnit.SECONDS)
                    .untilAsserted(() -> assertEquals(
                            expected, WebClient.get(port, "/where", forged).body()));
        } finally {
            published.unregister();
        }
    }

    /** The first example in a language. */
    private static String printed(String language) throws IOException {
        String page = Files.readString(Path.of(System.getProperty(DOCS), "web.md"), UTF_8);
        Matcher example = Pattern.compile("^```" + language + "\n(.*?)^```$", Pattern.DOTALL | Pattern.MULTILINE)
                .matcher(page);
        assertTrue(language, example.find());
        return example.group(1);
    }

    /** In Karaf's directory, by the user who runs it, as the page says. */
    private static Ran run(String... words) throws Exception {
        return Ran.of(Ran.program(User.SELF, Path.of(System.getProperty("karaf.base")), words), "");
    }

    private static void assertListsBundles(Ran ran) {
        assertEquals(ran.toString(), 0, ran.status());
        assertTrue(ran.out(), ran.out().contains("\"symbolicName\":\"org.peercred.http\""));
    }

    @Test
    public void another_user_is_refused_in_http_until_files_say_otherwise() throws Exception {
        User.needsRoot("a client of another user");
        Ran.needs("curl", "a client of another user");
        ServiceRegistration<?> published = publish(new Counter(), "/count");
        try (Place place = new Place();
                Changes files = new Changes()) {
            files.write(
                    "org.peercred.listener-http.cfg",
                    """
                    path = %s
                    mode = 0666
                    service.target = (peercred.service=http)
                    protocol = http
                    denied.message = Ask the operators
                    required.policies = owner, superuser, http~applications
                    """
                            .formatted(place.socket()));
            awaitStatus(200, UnixDomainSocketAddress.of(place.socket()), "/count");
            assertRefused(place);

            files.write(
                    "org.peercred.policy.http-applications.cfg",
                    "listeners = http\nrules = GET /count = viewer; POST /count = admin\n");
            roles(files, "owner", "owner, uid:" + User.STRANGER.uid());
            files.write("org.peercred.policy.uid-guest.cfg", "listeners = http\nallow = " + User.STRANGER.uid() + "\n");
            awaitGets(place, stranger(false, true, 0) + " 200");
            assertEquals(0, curl(User.STRANGER, place, "--fail").status());
            // Its connection is let in; its request is not.
            assertUploadIsRefused(place);
            assertEquals(
                    "user=" + user() + " admin=true viewer=true bytes=" + UPLOAD + " 200",
                    curl(User.SELF, place, "--data-binary", "@" + place.upload())
                            .out());

            roles(files, "uid:" + User.STRANGER.uid(), "owner");
            awaitGets(place, DENIED + " 403");
            assertEquals(
                    stranger(true, false, UPLOAD) + " 200",
                    curl(User.STRANGER, place, "--data-binary", "@" + place.upload())
                            .out());

            files.delete("org.peercred.policy.uid-guest.cfg");
            await().atMost(PATIENCE_SECONDS, TimeUnit.SECONDS).untilAsserted(() -> assertUploadIsRefused(place));
            assertRefused(place);
        } finally {
            published.unregister();
        }
    }

    private static String stranger(boolean admin, boolean viewer, int bytes) {
        return "user=" + User.STRANGER.uid() + " admin=" + admin + " viewer=" + viewer + " bytes=" + bytes;
    }

    private static void roles(Changes files, String admin, String viewer) throws IOException {
        files.write(
                "org.peercred.roles-http.cfg", "listeners = http\nadmin = " + admin + "\nviewer = " + viewer + "\n");
    }

    private static void awaitGets(Place place, String expected) {
        await().atMost(PATIENCE_SECONDS, TimeUnit.SECONDS)
                .untilAsserted(
                        () -> assertEquals(expected, curl(User.STRANGER, place).out()));
    }

    private static void assertRefused(Place place) throws Exception {
        Ran shown = curl(User.STRANGER, place);
        assertEquals(shown.toString(), 0, shown.status());
        assertEquals(DENIED + " 403", shown.out());
        Ran failed = curl(User.STRANGER, place, "--fail");
        assertEquals(failed.toString(), 22, failed.status());
        assertEquals(" 403", failed.out());
        assertTrue(failed.err(), failed.err().contains("403"));
        assertUploadIsRefused(place);
    }

    private static void assertUploadIsRefused(Place place) throws Exception {
        for (String expect : List.of("Expect:", "Expect: 100-continue")) {
            String[] upload = {"--header", expect, "--data-binary", "@" + place.upload()};
            assertEquals(
                    expect, DENIED + " 403", curl(User.STRANGER, place, upload).out());
        }
    }

    /** What curl prints: the body and the status. */
    private static Ran curl(User as, Place place, String... words) throws Exception {
        List<String> command = new ArrayList<>(List.of("curl", "--silent", "--show-error", "--max-time", "60"));
        command.addAll(List.of("--unix-socket", place.socket().toString(), "--write-out", " %{http_code}"));
        command.addAll(List.of(words));
        command.add("http://localhost/count");
        return Ran.of(Ran.program(as, place.directory(), command.toArray(String[]::new)), "");
    }

    /** A directory that every user may enter, as Karaf's need not be, for a socket and what is sent over it. */
    private record Place(Path directory) implements AutoCloseable {

        Place() throws IOException {
            this(Files.createTempDirectory(Path.of("/tmp"), "peercred-it"));
            Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
            try (RandomAccessFile file = new RandomAccessFile(upload().toFile(), "rw")) {
                file.setLength(UPLOAD);
            }
            Files.setPosixFilePermissions(upload(), PosixFilePermissions.fromString("r--r--r--"));
        }

        Path socket() {
            return directory.resolve("http.sock");
        }

        Path upload() {
            return directory.resolve("upload");
        }

        /** Once the listener has gone from here. */
        @Override
        public void close() throws IOException {
            Files.delete(upload());
            await().atMost(PATIENCE_SECONDS, TimeUnit.SECONDS).until(() -> !Files.exists(socket()));
            Files.delete(directory);
        }
    }
}
