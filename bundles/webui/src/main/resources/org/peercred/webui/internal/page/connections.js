/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
import { Table, element, say } from './dom.js';
import { bytes, count, duration, user } from './figures.js';
import { tell } from './server.js';

const section = document.getElementById('connections');
const dialog = document.getElementById('confirm');
let manager = false;
let last = [];
let whenChanged = () => {};


function describe(connection) {
  const process = connection.pid === null ? '' : `, process ${connection.pid}`;
  return `connection ${connection.connection} of ${user(connection)}${process} on ${connection.listener}`;
}

function confirmed(connection) {
  say(document.getElementById('confirm-text'), `End ${describe(connection)}? It may connect again if the policies let it.`);
  dialog.returnValue = '';
  dialog.showModal();
  return new Promise(resolve => {
    dialog.addEventListener('close', () => resolve(dialog.returnValue === 'yes'), { once: true });
  });
}

async function end(connection) {
  if (!await confirmed(connection)) {
    return;
  }
  const done = section.querySelector('.done');
  try {
    await tell('disconnect', { id: connection.connection });
    say(done, `The ${describe(connection)} is ended.`);
    // The button that had the focus goes with its row.
    done.tabIndex = -1;
    done.focus();
  } catch (e) {
    say(done, e.message);
  }
  whenChanged();
}

function button(connection) {
  if (!manager) {
    return element('span', {}, '–');
  }
  const made = element('button', { type: 'button', 'aria-label': `End connection ${connection.connection}` }, 'End');
  made.addEventListener('click', () => end(connection));
  return made;
}

const table = new Table(section.querySelector('table'), [
  { label: 'ID', text: connection => String(connection.connection) },
  { label: 'Listener', text: connection => connection.listener },
  { label: 'User', text: user },
  { label: 'Group', number: true, text: connection => String(connection.gid) },
  { label: 'Process', number: true, text: connection => connection.pid ?? '–' },
  { label: 'Open for', number: true, text: connection => duration(connection.openSeconds) },
  { label: 'Lines', number: true, text: connection => count(connection.lines) },
  { label: 'Received', number: true, text: connection => bytes(connection.received) },
  { label: 'Sent', number: true, text: connection => bytes(connection.sent) },
  { label: 'End', when: () => manager, node: button },
], connection => connection.connection, 'No connection is open.');

/** Whether who looks may end connections. */
export function allow(may) {
  if (may !== manager) {
    manager = may;
    table.show(last);
  }
}

/** Whom to tell when one was ended. */
export function changed(callback) {
  whenChanged = callback;
}

/** Shows the open connections. */
export function show(connections) {
  last = connections;
  table.show(connections);
}
