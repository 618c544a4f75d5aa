# Licensed under the Apache License, Version 2.0; see the file LICENSE.
# SPDX-License-Identifier: Apache-2.0
#
# What systemd does for a service, as far as a test needs it: makes a socket, starts the service with it, hears what it says, ends it.
# Reads commands, a line each: "start" and "stop". Tells what happens, a line each: "said MESSAGE", its lines separated by "|", and
# "ended STATUS". When its input ends, or it is ended itself, it kills the service.
import ctypes
import os
import select
import signal
import socket
import sys

PR_SET_PDEATHSIG = 1
FIRST = 3

listening, name, notify, watchdog, terminal, *command = sys.argv[1:]
server = socket.socket(socket.AF_UNIX)
server.bind(listening)
os.chmod(listening, 0o666)
server.listen(4096)
heard = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
heard.bind(notify)
child = 0
pidfd = -1


def tell(text):
    print(text, flush=True)


def run():
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    os.dup2(os.open('/dev/null', os.O_RDONLY), 0)
    out = os.open(terminal, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
    os.dup2(out, 1)
    os.dup2(out, 2)
    passed = os.dup(server.fileno())
    os.dup2(passed, FIRST)
    environment = dict(os.environ)
    environment.update(
        LISTEN_PID=str(os.getpid()),
        LISTEN_FDS='1',
        LISTEN_FDNAMES=name,
        NOTIFY_SOCKET=notify,
        WATCHDOG_PID=str(os.getpid()),
        WATCHDOG_USEC=watchdog)
    os.execve(command[0], command, environment)


def start():
    global child, pidfd
    child = os.fork()
    if child == 0:
        try:
            run()
        finally:
            os._exit(127)
    pidfd = os.pidfd_open(child)
    poll.register(pidfd, select.POLLIN)


def ended():
    global child, pidfd
    poll.unregister(pidfd)
    os.close(pidfd)
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    child = 0
    tell('ended %d' % status)


def kill(*ignored):
    if child:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
    sys.exit(0)


signal.signal(signal.SIGTERM, kill)
poll = select.poll()
poll.register(0, select.POLLIN)
poll.register(heard, select.POLLIN)
while True:
    # What was said before the end is told before it.
    for ready, _ in sorted(poll.poll(), key=lambda event: event[0] == pidfd):
        if ready == heard.fileno():
            tell('said ' + heard.recv(65536).decode().replace('\n', '|'))
        elif ready == pidfd:
            ended()
        elif ready == 0:
            line = sys.stdin.readline()
            if not line:
                kill()
            elif line == 'start\n':
                start()
            elif line == 'stop\n':
                os.kill(child, signal.SIGTERM)
