/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
import { Table, badge, choices, element, fail } from './dom.js';
import { names, user } from './figures.js';
import { tell } from './server.js';

const MOODS = { allow: 'good', deny: 'bad' };
const section = document.getElementById('check');
const form = section.querySelector('form');
const results = section.querySelector('.results');

const COLUMNS = [
  { label: 'Step', text: row => row.step },
  { label: 'What', text: row => row.what },
  { label: 'Verdict', when: row => row.verdict, node: row => badge(row.verdict ?? 'not covered', MOODS[row.verdict] ?? '') },
  { label: 'Decides', text: row => row.decides ? 'yes' : '' },
  { label: 'Reason', text: row => row.reason },
];

function table(outcome) {
  const made = element(
    'table', { role: 'table' },
    element('caption', { className: 'visually-hidden' }, `Verdicts on ${outcome.listener}`), element('thead'), element('tbody'));
  const rows = outcome.verdicts.map((row, key) => ({ ...row, key }));
  new Table(made, COLUMNS, row => row.key, '').show(rows);
  return made;
}

function facts(peer) {
  const process = peer.pid === null ? '' : `process ${peer.pid} of `;
  const groups = peer.groups === null ? `groups unknown: ${peer.groupsAbsence}` : `groups ${names(peer.groups)} (${peer.groupsSource})`;
  return element('p', {}, `Checked for ${process}user ${user(peer)}, group ${peer.gid ?? 'unknown'}, ${groups}.`);
}

function outcome(told) {
  const notes = [];
  if (told.roles.length) {
    notes.push(`Roles here: ${told.roles.join(', ')}.`);
  }
  if (told.requiredPolicies.length) {
    notes.push(`Required policies: ${told.requiredPolicies.join(', ')}.`);
  }
  if (told.problem) {
    notes.push(`Note: ${told.problem}`);
  }
  return element(
    'article', {},
    element(
      'h3', {}, badge(told.allowed ? 'allowed' : 'denied', told.allowed ? 'good' : 'bad'), ` ${told.listener}, ${told.action}`),
    element('p', {}, `${told.sentence}.`),
    ...(notes.length ? [element('p', {}, notes.join(' '))] : []),
    table(told));
}

form.addEventListener('submit', async event => {
  event.preventDefault();
  results.setAttribute('aria-busy', 'true');
  try {
    const told = await tell('check', new FormData(form));
    results.replaceChildren(facts(told.peer), ...told.outcomes.map(outcome));
    fail(section);
  } catch (e) {
    results.replaceChildren();
    fail(section, e.message);
  } finally {
    results.removeAttribute('aria-busy');
  }
});

/** Which listeners there are to be chosen. */
export function listeners(list) {
  choices(form.elements.listener, list);
}
