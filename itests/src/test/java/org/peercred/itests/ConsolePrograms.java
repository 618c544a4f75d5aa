/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.itests;

/** What clients of the console do, in Python. */
final class ConsolePrograms {

    private ConsolePrograms() {}

    /** At a terminal: waits for a text and types another, again and again, and prints all that was shown. */
    static final String TERMINAL =
            """
            import fcntl, os, pty, select, signal, struct, sys, termios, time
            pid, fd = pty.fork()
            if pid == 0:
                os.environ['TERM'] = 'xterm-256color'
                os.execvp(sys.argv[1], sys.argv[1:2])
            fcntl.ioctl(fd, termios.TIOCSWINSZ, struct.pack('HHHH', 30, 100, 0, 0))
            shown = b''
            seen = 0
            def until(text):
                global shown, seen
                end = time.time() + 60
                while shown.find(text, seen) < 0:
                    if time.time() > end:
                        sys.stdout.buffer.write(shown + b'(no ' + text + b')')
                        os.kill(pid, signal.SIGKILL)
                        sys.exit(1)
                    if select.select([fd], [], [], 0.1)[0]:
                        try:
                            shown += os.read(fd, 65536)
                        except OSError:
                            sys.stdout.buffer.write(shown + b'(ended before ' + text + b')')
                            sys.exit(1)
                seen = shown.find(text, seen) + len(text)
            steps = sys.argv[2:]
            for i in range(0, len(steps), 2):
                until(steps[i].encode())
                if steps[i + 1] == 'RESIZE':
                    fcntl.ioctl(fd, termios.TIOCSWINSZ, struct.pack('HHHH', 44, 133, 0, 0))
                    os.kill(pid, signal.SIGWINCH)
                    time.sleep(0.5)
                else:
                    os.write(fd, steps[i + 1].encode())
            end = time.time() + 60
            while time.time() < end:
                try:
                    more = os.read(fd, 65536)
                except OSError:
                    break
                if not more:
                    break
                shown += more
            sys.stdout.buffer.write(shown)
            sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
            """;

    /** Begins like a client of SSH, or like anything, and goes on with nonsense. */
    static final String NONSENSE =
            """
            import os, random, socket, sys
            random.seed(17)
            for i in range(300):
                s = socket.socket(socket.AF_UNIX)
                s.settimeout(60)
                s.connect(sys.argv[1])
                try:
                    if i % 3 == 0:
                        s.sendall(b'SSH-2.0-\\x1b[31mx\\r\\n' + random.randbytes(random.randrange(3000)))
                    elif i % 3 == 1:
                        s.sendall(b'SSH-' + random.randbytes(random.randrange(300)))
                    else:
                        s.sendall(random.randbytes(random.randrange(3000)))
                    s.shutdown(socket.SHUT_WR)
                    while s.recv(65536):
                        pass
                except ConnectionError:
                    pass
                s.close()
            """;

    /** Sends lines one at a time, each when the one before is answered; the last again and again until it fails. */
    static final String UNTIL_REFUSED =
            """
            import socket, sys, time
            s = socket.socket(socket.AF_UNIX)
            s.settimeout(60)
            s.connect(sys.argv[1])
            f = s.makefile('rw')
            end = time.time() + 60
            first = True
            while time.time() < end:
                f.write(sys.argv[2] + '\\n')
                f.flush()
                answer = f.readline()
                while answer and answer != 'ok\\n' and not answer.startswith('error: '):
                    answer = f.readline()
                if answer != 'ok\\n':
                    print(answer, end='')
                    break
                if first:
                    print('once', flush=True)
                    first = False
                time.sleep(0.1)
            """;

    /** Asks for versions of SSH that there are not, one connection after the other. */
    static final String VERSIONS =
            """
            import random, socket, sys
            random.seed(29)
            for i in range(int(sys.argv[2])):
                s = socket.socket(socket.AF_UNIX)
                s.connect(sys.argv[1])
                s.settimeout(60)
                kind = i % 4
                if kind == 0:
                    version = random.randbytes(random.randrange(1, 300)).replace(b'\\n', b'')
                elif kind == 1:
                    version = b'1.' + b'9' * random.randrange(1, 5000)
                elif kind == 2:
                    version = b'2.0-\\x1b]0;title\\x07\\x1b[31m' + random.randbytes(5).hex().encode()
                else:
                    version = b'2.0-x event=allowed uid=0 ' + b'%s%n${jndi:x}' * random.randrange(20)
                try:
                    s.sendall(b'SSH-' + version + random.choice([b'\\n', b'\\r\\n', b'']))
                    s.shutdown(socket.SHUT_WR)
                    while s.recv(65536):
                        pass
                except ConnectionError:
                    pass
                s.close()
            """;

    /** Says that it speaks SSH, nothing else, and prints what it hears until it is turned away. */
    static final String SLOW =
            """
            import socket, sys
            s = socket.socket(socket.AF_UNIX)
            s.settimeout(120)
            s.connect(sys.argv[1])
            s.sendall(b'SSH-2.0-slow\\r\\n')
            while True:
                data = s.recv(65536)
                if not data:
                    break
                sys.stdout.buffer.write(data)
            """;

    /** Connects, and hands the connection to SSH's client, as systemd's proxy does for names that begin with "unix/". */
    static final String PROXY =
            """
            import array, socket, sys
            s = socket.socket(socket.AF_UNIX)
            s.connect(sys.argv[1].removeprefix('unix'))
            client = socket.socket(fileno=1)
            client.sendmsg([b'\\0'], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array('i', [s.fileno()]))])
            """;

    /** Many sessions at terminals: says when all have prompted, waits for a line, and has one half killed and the other log out. */
    static final String CROWD =
            """
            import os, select, subprocess, sys, time
            count = int(sys.argv[1])
            clients = [subprocess.Popen(sys.argv[2:], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
                for i in range(count)]
            waiting = {c.stdout.fileno(): b'' for c in clients}
            end = time.time() + 120
            while waiting:
                if time.time() > end:
                    sys.exit('%d of them have no prompt: %r' % (len(waiting), next(iter(waiting.values()))))
                for fd in select.select(list(waiting), [], [], 1)[0]:
                    data = os.read(fd, 65536)
                    waiting[fd] += data
                    if b'()> ' in waiting[fd]:
                        del waiting[fd]
                    elif not data:
                        sys.exit('one has ended: %r' % waiting[fd])
            print('all', flush=True)
            sys.stdin.readline()
            for c in clients[::2]:
                c.kill()
            for c in clients[1::2]:
                c.stdin.write(b'\\x04')
                c.stdin.flush()
            for c in clients:
                while c.stdout.read(65536):
                    pass
                c.wait(60)
            """;

    /** Starts clients, some at a time, and kills each as soon as its command has begun. */
    static final String KILLED =
            """
            import subprocess, sys
            count, at_a_time = int(sys.argv[1]), 8
            for i in range(0, count, at_a_time):
                clients = [subprocess.Popen(sys.argv[2:], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE)
                    for j in range(min(at_a_time, count - i))]
                for c in clients:
                    if c.stdout.readline() != b'go\\n':
                        sys.exit('it did not begin')
                    c.kill()
                for c in clients:
                    c.wait(60)
            """;

    /** Reads a little, says so, waits for a line, and says how many bytes came in all. */
    static final String PAUSING =
            """
            import subprocess, sys
            c = subprocess.Popen(sys.argv[1:], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE)
            count = len(c.stdout.read(1000))
            print('begun', flush=True)
            sys.stdin.readline()
            while True:
                data = c.stdout.read(65536)
                if not data:
                    break
                count += len(data)
            print(count, c.wait(60), flush=True)
            """;
}
