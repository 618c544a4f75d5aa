/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
import { ask } from './server.js';

const PERIOD = 3000;

/**
 * Hands on decisions as they come: by server-sent events where the container has room for that, else by asking again and again, also while a
 * stream is interrupted. Decisions may be handed on more than once; who takes them tells that.
 */
export class Stream {
  constructor(taker) {
    this.taker = taker;
  }

  begin() {
    this.poll();
    this.listen();
  }

  listen() {
    const source = new EventSource('api/events.json');
    source.addEventListener('open', () => {
      clearInterval(this.timer);
      this.timer = undefined;
      this.taker.state('as they happen');
      // What happened while nobody listened.
      this.fetch();
    });
    source.addEventListener('decision', event => this.taker.take([JSON.parse(event.data)]));
    source.addEventListener('missed', event => this.taker.missed(JSON.parse(event.data).count));
    source.addEventListener('error', () => {
      this.poll();
      if (source.readyState === EventSource.CLOSED) {
        // Refused: perhaps there is room later.
        setTimeout(() => this.listen(), 10 * PERIOD);
      }
    });
  }

  poll() {
    if (this.timer === undefined) {
      this.taker.state(`asked for every ${PERIOD / 1000} s`);
      this.fetch();
      this.timer = setInterval(() => this.fetch(), PERIOD);
    }
  }

  async fetch() {
    try {
      this.taker.take(await ask('decisions'));
      this.taker.failed();
    } catch (e) {
      this.taker.failed(e.message);
    }
  }
}
