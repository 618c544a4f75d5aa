/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
import { Table, badge, fail, say } from './dom.js';
import { bytes, count, names } from './figures.js';

const section = document.getElementById('listeners');

const table = new Table(section.querySelector('table'), [
  { label: 'Name', short: true, text: listener => listener.listener },
  {
    label: 'State',
    when: listener => Boolean(listener.problem),
    node: listener => listener.problem ? badge('trouble', 'bad') : badge('listening', 'good'),
  },
  { label: 'Socket', text: listener => listener.socket ?? '–' },
  { label: 'Required policies', text: listener => names(listener.requiredPolicies) },
  { label: 'Open', number: true, text: listener => count(listener.open) },
  { label: 'Allowed', number: true, text: listener => count(listener.allowed) },
  { label: 'Denied', number: true, text: listener => count(listener.denied) },
  { label: 'Limited', number: true, text: listener => count(listener.limited) },
  { label: 'Lines', number: true, text: listener => count(listener.lines) },
  { label: 'Requests', number: true, text: listener => count(listener.requests) },
  { label: 'Received', number: true, text: listener => bytes(listener.received) },
  { label: 'Sent', number: true, text: listener => bytes(listener.sent) },
  { label: 'Problem', text: listener => listener.problem ?? '' },
], listener => listener.listener, 'There is no listener.');

function engine(told) {
  if (!told) {
    return 'The engine is not there.';
  }
  const descriptors = told.descriptors === null ? '' : `, ${count(told.descriptors)} descriptors`
    + (told.maxDescriptors === null ? '' : ` of ${count(told.maxDescriptors)}`);
  const audit = `${count(told.auditWritten)} events audited, ${count(told.auditLost)} lost`
    + (told.auditBehind ? '; the audit is behind, and nobody new is let in' : '');
  return `${told.loops === 1 ? '1 loop' : `${told.loops} loops`}, ${count(told.threads)} of ${count(told.maxThreads)} threads, `
    + `${bytes(told.heldBytes)} of ${bytes(told.maxHeldBytes)} kept for clients${descriptors}; ${audit}.`;
}

/** Shows listeners and engine. */
export function show(overview) {
  fail(section);
  table.show(overview.listeners);
  say(section.querySelector('.engine'), engine(overview.engine));
}
