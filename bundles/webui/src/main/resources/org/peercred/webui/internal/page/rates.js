/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
import { choices } from './dom.js';
import { bytes, micros, rate } from './figures.js';
import { Chart } from './chart.js';

const select = document.getElementById('rates-listener');
const place = document.querySelector('#rates .charts');

const charts = [
  new Chart(place, 'Connections', rate, { allowed: 'allowed', denied: 'denied', limited: 'limited' }),
  new Chart(place, 'Lines', rate, { lines: 'lines' }),
  new Chart(place, 'Requests', rate, { requests: 'requests' }),
  new Chart(place, 'Bytes', value => `${bytes(value)}/s`, { received: 'received', sent: 'sent' }, 1024),
  new Chart(place, 'Time to answer', micros, { p50: 'half', p90: '90 %', p99: '99 %' }),
];

/** What to ask for. */
export function fields() {
  return { listener: select.value };
}

/** Whom to tell when another listener is chosen. */
export function changed(callback) {
  select.addEventListener('change', callback);
}

/** Draws it. */
export function show(told) {
  choices(select, told.listeners);
  charts.forEach(chart => chart.show(told.series, told.periodSeconds));
}
