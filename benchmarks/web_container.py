# Licensed under the Apache License, Version 2.0; see the file LICENSE.
# SPDX-License-Identifier: Apache-2.0
"""The assembly with a web server on a socket and a TCP port, and the servlet that web.py measures."""

import base64
import glob
import http.client
import os
import pwd
import shutil
import socket
import tempfile
import time

import bench_servers
import karaf_home

HERE = os.path.dirname(os.path.abspath(__file__))
TOP = os.path.dirname(HERE)
START_SECONDS = 180
MOST_CONNECTIONS = 10_000
BOOT = "featuresBoot = \\\n    (wrap), \\\n"  # what is installed at the start begins so
USER = "bench"


class Container(karaf_home.Home):
    """In a directory that goes with it."""

    def __init__(self, archive):
        self.directory = tempfile.mkdtemp(prefix="peercred-web-")
        super().__init__(os.path.join(self.directory, "karaf"), archive)
        self.port = bench_servers.free_ports(1)[0]
        shutil.copy(os.path.join(TOP, "features/src/main/cfg/org.peercred.listener-http.cfg"), self.path("etc"))
        self.set("org.peercred.listener-http.cfg", {"max.connections.per.uid": MOST_CONNECTIONS})
        self.set("org.peercred.listener-echo.cfg", {"path": f"{self.directory}/echo.sock"})
        self.set("org.ops4j.pax.web.cfg", {"org.osgi.service.http.port": self.port, "org.ops4j.pax.web.listening.addresses": "127.0.0.1"})
        self.set("users.properties", {USER: f"{USER},admin"})
        self.edit("org.apache.karaf.features.cfg", BOOT, f"{BOOT}    jaas, \\\n    peercred-http, \\\n")

    @property
    def pid(self):
        return self.process.pid

    @property
    def socket(self):
        return self.path("data/http.sock")

    def build_servlet(self):
        """Compiles the bundle with what the assembly has, and returns its path."""
        classes, jar = os.path.join(self.directory, "classes"), os.path.join(self.directory, "measured.jar")
        libraries = [*glob.glob(self.path("system/jakarta/servlet/jakarta.servlet-api/*/*.jar")), *glob.glob(self.path("lib/boot/osgi.core*.jar"))]
        sources = glob.glob(os.path.join(HERE, "web/org/peercred/benchmarks/web/*.java"))
        for command in (
            ["javac", "--release", "17", "-Xlint:all", "-Werror", "-cp", os.pathsep.join(libraries), "-d", classes, *sources],
            ["jar", "--create", "--file", jar, "--manifest", os.path.join(HERE, "web/manifest.txt"), "-C", classes, "."],
        ):
            try:
                bench_servers.run_build(command, set())
            except bench_servers.Unavailable as e:
                raise SystemExit(f"web.py: the servlet cannot be built: {e}") from e
        return jar

    def start(self):
        jar = self.build_servlet()
        self.launch(os.path.join(self.directory, "terminal.txt"), self.directory)
        # Pax Web may forget a servlet that is registered while its server comes up: first the server, then the servlet.
        self.until(lambda: self.local("/bench/who")[0] == 404)
        os.rename(jar, self.path("deploy/measured.jar"))
        self.until(lambda: self.local("/bench/who")[0] == 200 and self.tcp("/bench/who")[0] == 200)
        self.until(lambda: self.tcp("/bench/basic/who", USER)[0] == 200)
        # What does not ask for a password would be measured as if it did.
        if self.tcp("/bench/basic/who", "wrong")[0] != 401 or self.tcp("/bench/basic/who")[0] != 401:
            raise SystemExit("web.py: a wrong password is not refused")
        if self.local("/bench/who") != (200, pwd.getpwuid(os.getuid()).pw_name):
            raise SystemExit("web.py: the caller is not known over the socket")

    def until(self, ready):
        if not wait_until(START_SECONDS, lambda: self.process.poll() is not None or ready()) or self.process.poll() is not None:
            raise SystemExit("web.py: the assembly did not start, or does not answer")

    def local(self, path):
        return get(Local(self.socket), path)

    def tcp(self, path, password=None):
        return get(http.client.HTTPConnection("127.0.0.1", self.port, timeout=10), path, password)

    def stop(self):
        super().stop()
        shutil.rmtree(self.directory)


class Local(http.client.HTTPConnection):
    """A connection to a Unix domain socket."""

    def __init__(self, path):
        super().__init__("localhost", timeout=10)
        self.path = path

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(self.timeout)
        self.sock.connect(self.path)


def get(connection, path, password=None):
    """(status, body); (0, what happened) where there is no reply."""
    headers = {}
    if password is not None:
        headers["Authorization"] = "Basic " + base64.b64encode(f"{USER}:{password}".encode()).decode()
    try:
        connection.request("GET", path, headers=headers)
        reply = connection.getresponse()
        return reply.status, reply.read().decode("utf-8", "replace")
    except (OSError, http.client.HTTPException) as e:
        return 0, str(e)
    finally:
        connection.close()


def wait_until(seconds, ready):
    """Whether it was ready within so many seconds."""
    deadline = time.monotonic() + seconds
    while not ready():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.2)
    return True
