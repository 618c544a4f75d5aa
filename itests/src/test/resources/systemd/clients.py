# Licensed under the Apache License, Version 2.0; see the file LICENSE.
# SPDX-License-Identifier: Apache-2.0
#
# Clients that come at a given rate, whether they are served or not: each connects, sends one line, waits for its echo and leaves. A full
# queue is waited for, as connect(2) would. Reads commands, a line each: "count" tells how many were answered; "end" lets nobody come
# any more, waits for the rest, and tells "answered N refused N lost N longest MILLIS rate N", and what those saw who were not answered.
import collections
import resource
import select
import socket
import sys
import time

MOST = 8000
PATIENCE = 240
LINE, ECHO = b'ready\n', b'> ready\n'

path, rate = sys.argv[1], float(sys.argv[2])
hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
most = min(MOST, hard - 100)
poll = select.epoll()
poll.register(0, select.EPOLLIN)
inside = {}
outside = collections.deque()
failures = []
answered = refused = lost = 0
longest = 0.0
ending = 0.0
began = due = time.monotonic()


def come(since):
    """Connects and asks; false if there is no room in the queue."""
    global refused, lost
    client = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM | socket.SOCK_NONBLOCK)
    try:
        client.connect(path)
    except BlockingIOError:
        client.close()
        return False
    except OSError as e:
        client.close()
        refused += 1
        failures.append(str(e))
        return True
    try:
        client.send(LINE)
    except OSError as e:
        client.close()
        lost += 1
        failures.append('sending: %s' % e)
        return True
    inside[client.fileno()] = [client, since, b'']
    poll.register(client, select.EPOLLIN)
    return True


def hear(descriptor):
    global answered, lost, longest
    client, since, before = inside[descriptor]
    try:
        data = client.recv(4096)
    except OSError as e:
        data = b''
        before += str(e).encode()
    heard = before + data
    inside[descriptor][2] = heard
    if heard == ECHO:
        answered += 1
        longest = max(longest, time.monotonic() - since)
    elif data:
        return
    else:
        lost += 1
        failures.append('heard: %r' % heard)
    poll.unregister(client)
    client.close()
    del inside[descriptor]


while not ending or inside or outside:
    now = time.monotonic()
    if ending and now - ending > PATIENCE:
        lost += len(inside) + len(outside)
        failures.append('%d were never answered' % (len(inside) + len(outside)))
        break
    while outside and come(outside[0]):
        outside.popleft()
    # Who could not be made to come in time is not made up for without end.
    due = max(due, now - 0.2)
    while not ending and due <= now and len(inside) + len(outside) < most:
        if outside or not come(now):
            outside.append(now)
        due += 1 / rate
    wait = 0.005 if outside or not ending else 0.1
    for descriptor, _ in poll.poll(min(wait, max(0.0005, due - now)) if not ending else wait):
        if descriptor:
            hear(descriptor)
            continue
        if sys.stdin.readline() == 'count\n':
            print(answered, flush=True)
        else:
            ending = now
            lasted = now - began
            poll.unregister(0)

print('answered %d refused %d lost %d longest %d rate %d %s' % (
    answered, refused, lost, longest * 1000, answered / lasted, '; '.join(failures[:5])), flush=True)
