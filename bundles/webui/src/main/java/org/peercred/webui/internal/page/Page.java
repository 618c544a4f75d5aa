/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.webui.internal.page;

import java.io.IOException;
import java.util.Optional;
import java.util.function.Supplier;
import javax.servlet.http.HttpServletResponse;
import org.peercred.common.inspect.Refusal;
import org.peercred.common.inspect.Services;
import org.peercred.webui.internal.events.EventStreams;
import org.peercred.webui.internal.history.History;

/** Everything below the page's place but the metrics: its files, the facts it shows, and what can be done on it. Safe to be used by any thread. */
public final class Page {

    private static final String API = "/api/";

    /** Felix' web console puts its frame around everything without a dot in its name. */
    private static final String SUFFIX = ".json";

    private final StaticFiles files = new StaticFiles();
    private final Tokens tokens = new Tokens();
    private final Supplier<Services> services;
    private final EventStreams streams;
    private final Looks looks;
    private final Deeds deeds = new Deeds();

    /**
     * Shows nothing yet.
     *
     * @param services finds what is to be shown; asked for each request, by any thread, and closed after it
     * @param history what is drawn
     * @param streams decisions as they come
     */
    public Page(Supplier<Services> services, History history, EventStreams streams) {
        this.services = services;
        this.streams = streams;
        looks = new Looks(history, tokens);
    }

    /**
     * Answers a request to look.
     *
     * @param visit the request
     * @throws IOException if the client is gone
     */
    public void look(Visit visit) throws IOException {
        if (!visit.mayLook()) {
            visit.answer(forbidden(visit, Visit.VIEWER));
            return;
        }
        if (!visit.path().startsWith(API)) {
            visit.answer(files.find(visit.path()).orElseGet(() -> missing(visit)));
            return;
        }
        if (!Origin.isOwn(visit.request())) {
            visit.answer(foreign());
            return;
        }
        String name = name(visit);
        // A request for the head alone would keep a place, and hear nothing.
        if (name.equals("events") && visit.request().getMethod().equals("GET")) {
            streams.open(visit);
            return;
        }
        Optional<Looks.Look> look = looks.find(name);
        visit.answer(
                look.isEmpty() ? missing(visit) : reply(look.get(), visit, HttpServletResponse.SC_SERVICE_UNAVAILABLE));
    }

    /**
     * Answers a request to do something, or to work something out.
     *
     * @param visit the request
     * @throws IOException if the client is gone
     */
    public void act(Visit visit) throws IOException {
        Optional<Deeds.Deed> deed = visit.path().startsWith(API) ? deeds.find(name(visit)) : Optional.empty();
        if (deed.isEmpty()) {
            visit.answer(Reply.error(HttpServletResponse.SC_METHOD_NOT_ALLOWED, "Nothing can be done there."));
        } else if (!visit.mayLook() || (deed.get().needsManager() && !visit.mayManage())) {
            visit.answer(forbidden(visit, deed.get().needsManager() ? Visit.MANAGER : Visit.VIEWER));
        } else if (!Origin.isOwn(visit.request())) {
            visit.answer(foreign());
        } else if (!tokens.isOf(visit.request().getHeader(Tokens.HEADER), visit.user())) {
            visit.answer(Reply.error(
                    HttpServletResponse.SC_FORBIDDEN, "This needs the token that the page was given; load it again."));
        } else {
            visit.answer(reply(deed.get().work(), visit, HttpServletResponse.SC_BAD_REQUEST));
        }
    }

    private Reply reply(Looks.Look look, Visit visit, int whenRefused) {
        try (Services found = services.get()) {
            return Reply.json(look.at(found, visit));
        } catch (Refusal e) {
            return Reply.error(whenRefused, e.getMessage());
        }
    }

    private static String name(Visit visit) {
        String name = visit.path().substring(API.length());
        return name.endsWith(SUFFIX) ? name.substring(0, name.length() - SUFFIX.length()) : name;
    }

    private static Reply forbidden(Visit visit, String role) {
        String sentence = "This needs the role " + role + ".";
        return visit.path().startsWith(API)
                ? Reply.error(HttpServletResponse.SC_FORBIDDEN, sentence)
                : new Reply(HttpServletResponse.SC_FORBIDDEN, Reply.PLAIN, sentence + "\n");
    }

    private static Reply missing(Visit visit) {
        return visit.path().startsWith(API)
                ? Reply.error(HttpServletResponse.SC_NOT_FOUND, "There is nothing of that name.")
                : new Reply(HttpServletResponse.SC_NOT_FOUND, Reply.PLAIN, "There is nothing of that name.\n");
    }

    private static Reply foreign() {
        return Reply.error(HttpServletResponse.SC_FORBIDDEN, "This is not for pages of other sites.");
    }
}
