/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
import { Table, badge, choices, fail, say } from './dom.js';
import { clock, user } from './figures.js';
import { Stream } from './stream.js';

const MOST = 500;
const SHOWN = 100;
const MOODS = { allowed: 'good', denied: 'bad', revoked: 'bad', limited: 'warning', lost: 'warning' };
const EVENTS = ['allowed', 'denied', 'revoked', 'limited', 'closed', 'command', 'request', 'lost'];

const section = document.getElementById('decisions');
const filter = document.getElementById('filter');
const pause = document.getElementById('pause');
const news = document.getElementById('news');

/** Newest first. */
let kept = [];
let known = new Set();
let waiting = [];
let paused = false;
let untold = [];

function keyOf(decision) {
  return `${decision.time} ${decision.line}`;
}

/** How many the line stands for. It ends with that, and what others have chosen in it stands in quotes. */
function times(decision) {
  const found = / count=(\d+)(?: reasons=\S+)?$/.exec(decision.line);
  return found ? ` (${found[1]} times)` : '';
}

function details(decision) {
  return Object.entries(decision.details).map(([name, value]) => ` ${name}=${value}`).join('');
}

const table = new Table(section.querySelector('table'), [
  { label: 'Time', short: true, text: decision => clock(decision.time) },
  { label: 'Verdict', when: decision => decision.event, node: decision => badge(decision.event, MOODS[decision.event] ?? '') },
  { label: 'Listener', short: true, text: decision => decision.listener || '–' },
  { label: 'User', short: true, text: user },
  { label: 'Process', number: true, text: decision => decision.pid ?? '–' },
  { label: 'Connection', number: true, text: decision => String(decision.connection) },
  { label: 'Action', text: decision => decision.action },
  { label: 'Policy', short: true, text: decision => decision.policy ?? '–' },
  { label: 'Reason', text: decision => `${decision.reason ?? ''}${times(decision)}${details(decision)}` },
], keyOf, 'No decision yet, or none like that.');

function matches(decision) {
  const { listener, user: who, event } = filter.elements;
  const wanted = who.value.trim();
  return (!listener.value || decision.listener === listener.value)
    && (!event.value || decision.event === event.value)
    && (!wanted || decision.user === wanted || String(decision.uid) === wanted);
}

function show() {
  table.show(kept.filter(matches).slice(0, SHOWN));
}

function label() {
  pause.setAttribute('aria-pressed', String(paused));
  say(pause, paused ? `Go on (${waiting.length} new)` : 'Pause');
}

function add(decisions) {
  kept = [...decisions, ...kept].sort((a, b) => (a.time < b.time ? 1 : a.time > b.time ? -1 : 0)).slice(0, MOST);
  known = new Set([...kept, ...waiting].map(keyOf));
  show();
}

/** Once in a while and in one sentence: each of them would be too much to listen to. */
function announce() {
  const shown = untold.filter(matches);
  untold = [];
  if (shown.length) {
    const refused = shown.filter(decision => decision.warning).length;
    say(news, `${shown.length} new: ${refused} refused or limited.`);
  }
}

const taker = {
  take(decisions) {
    const fresh = decisions.filter(decision => !known.has(keyOf(decision))).reverse();
    fresh.forEach(decision => known.add(keyOf(decision)));
    if (!fresh.length) {
      return;
    }
    if (paused) {
      waiting = [...fresh, ...waiting].slice(0, MOST);
      label();
      return;
    }
    untold.push(...fresh);
    add(fresh);
  },
  missed(count) {
    fail(section, `${count} decisions came too fast for this page; the audit log has them.`);
  },
  state(words) {
    say(document.getElementById('stream'), words);
  },
  failed(sentence) {
    fail(section, sentence);
  },
};

pause.addEventListener('click', () => {
  paused = !paused;
  if (!paused) {
    const taken = waiting;
    waiting = [];
    add(taken);
  }
  label();
});
filter.addEventListener('input', show);
filter.addEventListener('submit', event => event.preventDefault());

/** Which listeners there are to be chosen. */
export function listeners(list) {
  choices(filter.elements.listener, list);
}

/** Begins to show decisions. */
export function begin() {
  choices(filter.elements.event, EVENTS);
  table.show([]);
  setInterval(announce, 4000);
  new Stream(taker).begin();
}
