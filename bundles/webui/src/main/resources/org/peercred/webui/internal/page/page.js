/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
import { say, fail } from './dom.js';
import { ask } from './server.js';
import * as listeners from './listeners.js';
import * as connections from './connections.js';
import * as decisions from './decisions.js';
import * as policies from './policies.js';
import * as check from './check.js';
import * as rates from './rates.js';

const PERIOD = 5000;
const state = document.getElementById('state');

const parts = [
  { name: 'connections', section: 'connections', show: connections.show },
  { name: 'findings', section: 'findings', show: policies.showFindings },
  { name: 'policies', section: 'policies', show: policies.showPolicies },
  { name: 'roles', section: 'roles', show: policies.showRoles },
  { name: 'rates', section: 'rates', show: rates.show, fields: rates.fields },
];

async function refresh(part) {
  const section = document.getElementById(part.section);
  try {
    part.show(await ask(part.name, part.fields?.()));
    fail(section);
  } catch (e) {
    fail(section, e.message);
  }
}

async function overview() {
  const told = await ask('overview');
  const name = told.user ? `You are ${told.user}, ` : 'You are ';
  say(document.getElementById('who'), `${name}${told.manager ? 'manager' : 'viewer'} here.`);
  const names = told.listeners.map(listener => listener.listener);
  listeners.show(told);
  connections.allow(told.manager);
  decisions.listeners(names);
  check.listeners(names);
  const troubled = told.listeners.filter(listener => listener.problem).length;
  say(state, `${names.length} ${names.length === 1 ? 'listener' : 'listeners'}, ${troubled || 'none'} in trouble; `
    + `generation ${told.generation ?? 'unknown'} of the policies.`);
  state.className = troubled ? 'bad' : '';
}

async function round() {
  try {
    if (!document.hidden) {
      await overview();
      await Promise.all(parts.map(refresh));
    }
  } catch (e) {
    say(state, e.message);
    state.className = 'bad';
  } finally {
    setTimeout(round, PERIOD);
  }
}

connections.changed(() => refresh(parts[0]));
rates.changed(() => refresh(parts[4]));
round();
decisions.begin();
