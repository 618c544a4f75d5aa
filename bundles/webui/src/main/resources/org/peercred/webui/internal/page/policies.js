/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
import { Table, badge, element, say } from './dom.js';
import { names } from './figures.js';

const MOODS = { active: 'good', 'last-good': 'warning', rejected: 'bad' };

const state = {
  label: 'State',
  when: item => item.state,
  node: item => badge(item.state, MOODS[item.state] ?? 'bad'),
};

const policies = new Table(document.querySelector('#policies table'), [
  { label: 'Policy', short: true, text: policy => policy.policy },
  state,
  { label: 'Listeners', text: policy => names(policy.listeners) },
  { label: 'Actions', text: policy => names(policy.actions) },
  { label: 'Because', text: policy => policy.problem ?? '' },
], policy => policy.policy, 'There is no policy, so nobody is let in.');

const roles = new Table(document.querySelector('#roles table'), [
  { label: 'Role', text: row => row.role },
  { label: 'Who has it', text: row => row.who.length ? row.who.join(', ') : 'nobody' },
  { label: 'Listeners', text: row => names(row.listeners) },
  { label: 'Configuration', text: row => row.roles },
  state,
  { label: 'File or problem', text: row => row.problem ?? row.file },
], row => JSON.stringify([row.roles, row.role]), 'There are no roles.');

/** Shows the policies. */
export function showPolicies(told) {
  policies.show(told);
}

/** Shows who has which role: a row for each role of each configuration, or for one that gives none. */
export function showRoles(told) {
  roles.show(told.flatMap(configuration => {
    const given = Object.entries(configuration.members);
    return (given.length ? given : [['–', []]]).map(([role, who]) => ({ ...configuration, role, who }));
  }));
}

/** Shows what is amiss, on top of everything. */
export function showFindings(told) {
  const section = document.getElementById('findings');
  const list = section.querySelector('ul');
  const shown = JSON.stringify(told);
  if (list.dataset.shown === shown) {
    return;
  }
  list.dataset.shown = shown;
  section.classList.toggle('amiss', told.length > 0);
  say(section.querySelector('h2'), told.length === 1 ? '1 finding' : `${told.length || 'No'} findings`);
  list.replaceChildren(...told.map(finding => element(
    'li', {}, element('strong', {}, `${finding.area}: ${finding.subject}`), ' ', finding.problem, ' ', element('em', {}, finding.remedy))));
}
