/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
import { element, say } from './dom.js';

const SPACE = 'http://www.w3.org/2000/svg';
const WIDTH = 360;
const HEIGHT = 110;
const TOP = 8;

function drawn(tag, attributes, ...children) {
  const made = document.createElementNS(SPACE, tag);
  Object.entries(attributes).forEach(([name, value]) => made.setAttribute(name, value));
  made.append(...children);
  return made;
}

/** The least of 1, 2, 5, 10, 20 … that is not less, counted in units that are so much greater each. */
function nice(value, thousand) {
  if (!(value > 0)) {
    return 1;
  }
  const unit = thousand ** Math.max(0, Math.floor(Math.log(value) / Math.log(thousand)));
  const power = 10 ** Math.floor(Math.log10(value / unit));
  return [1, 2, 5, 10].map(step => step * power).find(step => step >= value / unit) * unit;
}

function last(values) {
  return values.findLast(value => value !== null) ?? null;
}

/** Lines over the last minutes, with their newest and greatest values in words. */
export class Chart {
  constructor(place, title, figure, names, thousand = 1000) {
    this.thousand = thousand;
    this.figure = figure;
    this.names = names;
    this.title = drawn('title', {}, title);
    this.scale = drawn('text', { class: 'scale', x: 4, y: TOP + 12 });
    this.paths = Object.keys(names).map((name, i) => drawn('path', { class: `line line-${i}` }));
    const svg = drawn(
      'svg', { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: 'img' },
      this.title,
      drawn('path', { class: 'grid', d: `M0 ${TOP}H${WIDTH}M0 ${(HEIGHT + TOP) / 2}H${WIDTH}M0 ${HEIGHT - 1}H${WIDTH}` }),
      ...this.paths, this.scale);
    this.legend = element('ul', { className: 'legend' }, ...Object.keys(names).map((name, i) => element(
      'li', {}, drawn('svg', { viewBox: '0 0 24 8', 'aria-hidden': 'true' }, drawn('path', { class: `line line-${i}`, d: 'M0 4H24' })),
      element('span'))));
    place.append(element('figure', {}, element('figcaption', {}, title), svg, this.legend));
    this.caption = title;
  }

  show(series, period) {
    const columns = Object.keys(this.names).map(name => series[name]);
    const peak = Math.max(0, ...columns.flat().filter(value => value !== null));
    const top = nice(peak, this.thousand);
    say(this.scale, this.figure(top));
    const words = Object.values(this.names).map((name, i) => {
      const column = columns[i];
      this.paths[i].setAttribute('d', this.line(column, top));
      const now = last(column);
      const told = now === null
        ? `${name}: nothing yet`
        : `${name}: now ${this.figure(now)}, at most ${this.figure(Math.max(...column.filter(value => value !== null)))}`;
      say(this.legend.children[i].lastElementChild, told);
      return told;
    });
    const minutes = Math.round(columns[0].length * period / 60);
    say(this.title, `${this.caption}, last ${minutes} minutes. ${words.join('; ')}.`);
  }

  /** Interrupted where nothing is known. */
  line(column, top) {
    let path = '';
    let drawing = false;
    column.forEach((value, i) => {
      if (value !== null) {
        const x = (i * WIDTH / (column.length - 1)).toFixed(1);
        const y = (HEIGHT - 1 - value / top * (HEIGHT - 1 - TOP)).toFixed(1);
        path += `${drawing ? 'L' : 'M'}${x} ${y}`;
      }
      drawing = value !== null;
    });
    return path;
  }
}
