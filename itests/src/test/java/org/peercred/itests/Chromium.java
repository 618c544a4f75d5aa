/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.itests;

import static org.awaitility.Awaitility.await;

import java.io.Closeable;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A browser without a window that shows one page, by the protocol of its own developers' tools. */
final class Chromium implements Closeable {

    private static final int PATIENCE_SECONDS = 60;
    private static final Pattern PAGE =
            Pattern.compile("\"webSocketDebuggerUrl\": *\"ws://[^/]*(/devtools/page/[^\"]*)\"");
    private static final Pattern DATA = Pattern.compile("\"data\":\"([^\"]*)\"");
    private static final Pattern VALUE = Pattern.compile("\"value\":\"((?:[^\"\\\\]|\\\\.)*)\"");

    private final Path directory;
    private final Process process;
    private final WebSocketClient tools;
    private int asked;

    /** Where it is, if this machine has one. */
    static Optional<Path> program() {
        return Arrays.stream(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator, -1))
                .map(place -> Path.of(place, "chromium"))
                .filter(Files::isExecutable)
                .findFirst();
    }

    Chromium(Path program, String address) throws IOException, GeneralSecurityException {
        directory = Files.createTempDirectory("peercred-it");
        List<String> command = new ArrayList<>(List.of(
                program.toString(),
                "--headless",
                "--disable-gpu",
                "--disable-dev-shm-usage",
                "--no-first-run",
                "--remote-debugging-port=0",
                "--user-data-dir=" + directory));
        if (User.SELF.equals(User.ROOT)) {
            // It refuses to run as root otherwise.
            command.add("--no-sandbox");
        }
        command.add(address);
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("output").toFile());
        builder.environment().put("HOME", directory.toString());
        process = builder.start();
        try {
            tools = connect();
        } catch (IOException | GeneralSecurityException | RuntimeException | AssertionError e) {
            close();
            throw e;
        }
    }

    /** What the page says to an expression, as a text. */
    String says(String expression) throws IOException {
        String answer = asks(
                "Runtime.evaluate",
                "\"expression\":\""
                        + ("String(" + expression + ")").replace("\\", "\\\\").replace("\"", "\\\"") + "\"");
        Matcher value = VALUE.matcher(answer);
        if (answer.contains("exceptionDetails") || !value.find()) {
            throw new IllegalStateException(expression + ": " + answer);
        }
        return value.group(1);
    }

    /** Gives the page another size, in pixels, and the colours that its user prefers. */
    void shows(int width, int height, String colours) throws IOException {
        asks(
                "Emulation.setDeviceMetricsOverride",
                "\"width\":" + width + ",\"height\":" + height + ",\"deviceScaleFactor\":1,\"mobile\":false");
        asks(
                "Emulation.setEmulatedMedia",
                "\"features\":[{\"name\":\"prefers-color-scheme\",\"value\":\"" + colours + "\"}]");
    }

    /** A picture of what is seen of the page, as a PNG. */
    byte[] picture() throws IOException {
        String answer = asks("Page.captureScreenshot", "\"format\":\"png\"");
        Matcher data = DATA.matcher(answer);
        if (!data.find()) {
            throw new IllegalStateException("no picture: " + answer);
        }
        return Base64.getDecoder().decode(data.group(1));
    }

    /** Presses a key, as a user does who has no mouse. */
    void presses(String key, int code, String text) throws IOException {
        String pressed = "\"key\":\"" + key + "\",\"code\":\"" + key + "\",\"windowsVirtualKeyCode\":" + code;
        asks("Input.dispatchKeyEvent", "\"type\":\"keyDown\"," + pressed + ",\"text\":\"" + text + "\"");
        asks("Input.dispatchKeyEvent", "\"type\":\"keyUp\"," + pressed);
    }

    private String asks(String method, String parameters) throws IOException {
        asked++;
        tools.say("{\"id\":" + asked + ",\"method\":\"" + method + "\",\"params\":{" + parameters + "}}");
        String answer = tools.hear();
        while (!answer.startsWith("{\"id\":" + asked + ",")) {
            answer = tools.hear();
        }
        return answer;
    }

    /** Waits until an expression is true. */
    void awaits(String expression) {
        await().atMost(PATIENCE_SECONDS, TimeUnit.SECONDS)
                .pollInterval(100, TimeUnit.MILLISECONDS)
                .ignoreExceptions()
                .until(() -> says(expression).equals("true"));
    }

    @Override
    public void close() throws IOException {
        List<ProcessHandle> all = new ArrayList<>(process.descendants().toList());
        all.add(process.toHandle());
        all.forEach(ProcessHandle::destroyForcibly);
        await().atMost(PATIENCE_SECONDS, TimeUnit.SECONDS)
                .until(() -> all.stream().noneMatch(ProcessHandle::isAlive));
        try (var files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }

    private WebSocketClient connect() throws IOException, GeneralSecurityException {
        Path announced = directory.resolve("DevToolsActivePort");
        await().atMost(PATIENCE_SECONDS, TimeUnit.SECONDS)
                .until(() ->
                        Files.exists(announced) && Files.readAllLines(announced).size() == 2);
        SocketAddress port = new InetSocketAddress(
                InetAddress.getLoopbackAddress(),
                Integer.parseInt(Files.readAllLines(announced).get(0)));
        Matcher page = PAGE.matcher("");
        await().atMost(PATIENCE_SECONDS, TimeUnit.SECONDS)
                .until(() ->
                        page.reset(WebClient.get(port, "/json/list").body()).find());
        return WebSocketClient.connect(port, page.group(1));
    }
}
