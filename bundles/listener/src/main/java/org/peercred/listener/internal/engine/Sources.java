/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal.engine;

import java.util.Arrays;
import org.peercred.listener.internal.socket.LibC;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The descriptors of one loop: who owns each, and what the epoll set watches it for. Touched by the loop's thread alone. */
final class Sources {

    private static final Logger LOG = LoggerFactory.getLogger(Sources.class);

    private final LibC libc;
    private final Epoll epoll;
    private Source[] sources = new Source[1024];
    private int generations;

    Sources(LibC libc, Epoll epoll) {
        this.libc = libc;
        this.epoll = epoll;
    }

    /**
     * Adds a source.
     *
     * @return false if the kernel has no room for another one
     */
    boolean register(Source source, int interest) {
        if (source.descriptor >= sources.length) {
            sources = Arrays.copyOf(sources, Math.max(source.descriptor + 1, sources.length * 2));
        }
        source.generation = ++generations;
        sources[source.descriptor] = source;
        return watch(source, interest);
    }

    /** Changes what a source waits for. With 0 it is not even told that the peer is gone. */
    boolean watch(Source source, int interest) {
        if (interest == source.interest) {
            return true;
        }
        boolean done = true;
        if (interest == 0) {
            epoll.remove(source.descriptor);
        } else {
            long data = ((long) source.generation << 32) | source.descriptor;
            done = source.interest == 0
                    ? epoll.add(source.descriptor, interest, data)
                    : epoll.modify(source.descriptor, interest, data);
        }
        if (done) {
            source.interest = interest;
        }
        return done;
    }

    /** Forgets a source and closes its descriptor, which takes it out of the epoll set as well. */
    void close(Source source) {
        if (forget(source)) {
            libc.close(source.descriptor);
        }
    }

    /** Forgets a source whose descriptor lives on. */
    void release(Source source) {
        if (forget(source) && source.interest != 0) {
            epoll.remove(source.descriptor);
            source.interest = 0;
        }
    }

    /** Puts another source in the place of one, with the same descriptor and interest. */
    void replace(Source old, Source replacement) {
        if (old.interest == 0) {
            replacement.generation = ++generations;
        } else {
            replacement.generation = old.generation;
            replacement.interest = old.interest;
        }
        sources[old.descriptor] = replacement;
    }

    private boolean forget(Source source) {
        if (source.descriptor >= sources.length || sources[source.descriptor] != source) {
            return false;
        }
        sources[source.descriptor] = null;
        return true;
    }

    /** Hands an event to the source it was meant for, unless that is gone: its number may be another's by now. */
    void dispatch(long data, int events) {
        Source source = sources[(int) data];
        if (source == null || source.generation != (int) (data >>> 32)) {
            return;
        }
        try {
            source.ready(events);
        } catch (Throwable e) {
            LOG.error("Descriptor {} is closed after an internal error: {}", source.descriptor, e.toString());
            LOG.debug("The internal error", e);
            abandon(source);
        }
    }

    private static void abandon(Source source) {
        try {
            source.abandon();
        } catch (Throwable e) {
            LOG.error("Descriptor {} could not be closed: {}", source.descriptor, e.toString());
            LOG.debug("The internal error", e);
        }
    }

    /** Closes an accepted descriptor, whatever has become of it since. */
    void drop(int accepted) {
        Source source = accepted < sources.length ? sources[accepted] : null;
        if (source == null) {
            libc.close(accepted);
        } else {
            abandon(source);
        }
    }

    /** Closes all. */
    void abandonAll() {
        for (Source source : sources) {
            if (source != null) {
                abandon(source);
            }
        }
    }
}
