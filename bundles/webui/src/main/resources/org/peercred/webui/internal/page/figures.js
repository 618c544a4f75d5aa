/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
const UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];

/** A size for people, for instance 1.5 KiB. */
export function bytes(count) {
  let value = count;
  let unit = 0;
  while (value >= 1024 && unit < UNITS.length - 1) {
    value /= 1024;
    unit++;
  }
  return unit ? `${value.toFixed(1)} ${UNITS[unit]}` : `${Math.round(value)} B`;
}

/** The two greatest units of a time, for instance 2 h 3 min. */
export function duration(seconds) {
  const days = Math.floor(seconds / 86400);
  const hours = Math.floor(seconds / 3600) % 24;
  const minutes = Math.floor(seconds / 60) % 60;
  if (days) {
    return `${days} d ${hours} h`;
  }
  if (hours) {
    return `${hours} h ${minutes} min`;
  }
  return minutes ? `${minutes} min ${Math.floor(seconds) % 60} s` : `${Math.floor(seconds)} s`;
}

/** A short time, given in microseconds. */
export function micros(value) {
  if (value >= 1e6) {
    return `${(value / 1e6).toFixed(1)} s`;
  }
  return value >= 1000 ? `${(value / 1000).toFixed(1)} ms` : `${value.toFixed(0)} µs`;
}

/** A number a second. */
export function rate(value) {
  if (value >= 10000) {
    return `${(value / 1000).toFixed(0)} k/s`;
  }
  return `${value >= 100 || Number.isInteger(value) ? value.toFixed(0) : value.toFixed(1)}/s`;
}

/** A whole number with its thousands apart. */
export function count(value) {
  return String(value).replace(/\B(?=(\d{3})+$)/g, '\u202f');
}

/** A time of day, of today or with its day. */
export function clock(iso) {
  const time = new Date(iso);
  const day = time.toDateString() === new Date().toDateString() ? '' : `${iso.slice(0, 10)} `;
  const part = number => String(number).padStart(2, '0');
  return `${day}${part(time.getHours())}:${part(time.getMinutes())}:${part(time.getSeconds())}`;
}

/** A user as it is shown: the name where there is one, and the number. */
export function user(item) {
  return item.user ? `${item.user} (${item.uid})` : String(item.uid);
}

/** Names in a list. */
export function names(list) {
  return list.length ? list.join(', ') : '–';
}
