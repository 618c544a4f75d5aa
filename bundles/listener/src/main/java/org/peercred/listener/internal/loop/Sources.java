/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal.loop;

import java.util.Arrays;
import java.util.function.Consumer;
import org.peercred.listener.internal.socket.LibC;

/** The descriptors of one loop: who owns each, and what the epoll set watches it for. Touched by the loop's thread alone. */
public final class Sources {

    private final EventLoop loop;
    private final LibC libc;
    private final Epoll epoll;
    private Source[] sources = new Source[1024];
    private int generations;

    Sources(EventLoop loop, LibC libc, Epoll epoll) {
        this.loop = loop;
        this.libc = libc;
        this.epoll = epoll;
    }

    /**
     * Adds a source.
     *
     * @param source in no set yet
     * @param interest bits of epoll_ctl(2), 0 for none
     * @return false if the kernel has no room for another one
     */
    public boolean register(Source source, int interest) {
        assert loop.isMine();
        if (source.descriptor >= sources.length) {
            sources = Arrays.copyOf(sources, Math.max(source.descriptor + 1, sources.length * 2));
        }
        source.generation = ++generations;
        sources[source.descriptor] = source;
        return watch(source, interest);
    }

    /**
     * Changes what a source waits for.
     *
     * @param source in the loop
     * @param interest bits of epoll_ctl(2); with 0 it is not even told that the peer is gone
     * @return false if the kernel has no room for another one
     */
    public boolean watch(Source source, int interest) {
        assert loop.isMine();
        if (interest == source.interest) {
            return true;
        }
        boolean done = true;
        if (interest == 0) {
            epoll.remove(source.descriptor);
        } else {
            done = source.interest == 0
                    ? epoll.add(source.descriptor, interest, data(source))
                    : epoll.modify(source.descriptor, interest, data(source));
        }
        if (done) {
            source.interest = interest;
        }
        return done;
    }

    /**
     * Forgets a source and closes its descriptor, which takes it out of the epoll set as well.
     *
     * @param source does nothing if it is not in the loop any more
     */
    public void close(Source source) {
        if (forget(source)) {
            libc.close(source.descriptor);
        }
    }

    /**
     * Forgets a source whose descriptor lives on.
     *
     * @param source does nothing if it is not in the loop any more
     */
    public void release(Source source) {
        if (forget(source) && source.interest != 0) {
            epoll.remove(source.descriptor);
            source.interest = 0;
        }
    }

    /**
     * Puts another source in the place of one, with the same descriptor and interest.
     *
     * @param old in the loop
     * @param replacement in no loop yet
     */
    public void replace(Source old, Source replacement) {
        assert loop.isMine();
        if (old.interest == 0) {
            replacement.generation = ++generations;
        } else {
            replacement.generation = old.generation;
            replacement.interest = old.interest;
        }
        sources[old.descriptor] = replacement;
    }

    private boolean forget(Source source) {
        assert loop.isMine();
        if (!has(source)) {
            return false;
        }
        sources[source.descriptor] = null;
        return true;
    }

    /**
     * Whether the epoll set watches a source.
     *
     * @param source in the loop
     * @return false where {@link #watch} was last asked for nothing
     */
    public boolean isWatched(Source source) {
        return source.interest != 0;
    }

    /**
     * For a source whose descriptor other threads use as well.
     *
     * @param source in the loop, watched for edges
     * @return changes what the loop is told
     */
    public Edges edges(Source source) {
        return new Edges(epoll, source);
    }

    /** What comes back with an event of a source. */
    static long data(Source source) {
        return ((long) source.generation << 32) | source.descriptor;
    }

    /** The source that an event was meant for; {@code null} if that is gone: its number may be another's by now. */
    Source find(long data) {
        Source source = sources[(int) data];
        return source == null || source.generation != (int) (data >>> 32) ? null : source;
    }

    /**
     * Whether a source is still in the loop.
     *
     * @param source any
     * @return false once it was closed, released or replaced
     */
    public boolean has(Source source) {
        return source.descriptor < sources.length && sources[source.descriptor] == source;
    }

    /**
     * Whether there is a source with that descriptor.
     *
     * @param descriptor 0 or greater
     * @return true if some source has it here
     */
    public boolean isTaken(int descriptor) {
        return descriptor < sources.length && sources[descriptor] != null;
    }

    /** Has something done with every source. */
    void forEach(Consumer<Source> action) {
        for (Source source : sources) {
            if (source != null) {
                action.accept(source);
            }
        }
    }

    /**
     * Closes an accepted descriptor, whatever has become of it since.
     *
     * @param accepted open
     */
    public void drop(int accepted) {
        assert loop.isMine();
        Source source = accepted < sources.length ? sources[accepted] : null;
        if (source == null) {
            libc.close(accepted);
        } else {
            source.abandon();
        }
    }

    /** Closes all. */
    void abandonAll() {
        forEach(Source::abandon);
    }
}
