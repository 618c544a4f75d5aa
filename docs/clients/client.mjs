/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
/* Sends each line of standard input to the echo service and prints the reply: node client.mjs SOCKET */
import net from "node:net";

function fail(why) {
    console.error(why);
    process.exit(1);
}

/* What does not begin with the service's prefix the listener itself has said, as its last word. */
function show(reply) {
    if (!reply.startsWith("> ")) {
        fail(`refused: ${reply}`);
    }
    process.stdout.write(`${reply}\n`, "latin1");
}

const path = process.argv[2] ?? fail("expected: the path of a socket");
const connection = net.connect(path);
connection.on("error", (error) => fail(`${path}: ${error.message}`));

let last = "\n";
process.stdin.setEncoding("latin1"); // One character for each byte: none is changed on its way.
connection.setDefaultEncoding("latin1");
process.stdin.on("data", (text) => (last = text.at(-1)));
process.stdin.on("end", () => connection.end(last === "\n" ? "" : "\n"));
process.stdin.pipe(connection, { end: false });

let rest = "";
connection.setEncoding("latin1");
connection.on("data", (text) => {
    const replies = (rest + text).split("\n");
    rest = replies.pop();
    replies.forEach(show);
});
connection.on("end", () => process.stdin.readableEnded || fail("refused: the connection has ended"));
