/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
// Everything that is shown is set as text: nothing that anybody has chosen is ever read as HTML.

/** An element with properties and children; a child is an element or a text. */
export function element(tag, properties = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name in made) {
      made[name] = value;
    } else {
      made.setAttribute(name, value);
    }
  }
  made.append(...children);
  return made;
}

/** The text of an element, touched only where it changes, so that a selection in it stays. */
export function say(target, text) {
  const shown = String(text);
  if (target.textContent !== shown) {
    target.textContent = shown;
  }
}

/** A word for a state, told apart by more than its colour. */
export function badge(word, mood) {
  return element('span', { className: `badge ${mood}` }, word.replace('-', ' '));
}

/** Shows in a section why it has nothing new, or no longer. */
export function fail(section, sentence) {
  const place = section.querySelector('.failure');
  place.hidden = !sentence;
  say(place, sentence ?? '');
}

/** Keeps the choices of a select beside its first one, and what is chosen. */
export function choices(select, values) {
  const known = [...select.options].slice(1).map(option => option.value);
  if (known.join('\n') === values.join('\n')) {
    return;
  }
  const chosen = select.value;
  while (select.options.length > 1) {
    select.remove(1);
  }
  values.forEach(value => select.add(element('option', { value }, value)));
  select.value = values.includes(chosen) ? chosen : '';
}

function kind(column) {
  return column.number ? 'number' : column.short ? 'short' : '';
}

/**
 * A table that is filled again and again, whose rows and buttons stay what they are while what they show changes.
 *
 * A column is { label, text } or { label, node }, each a function of an item; node is called again when key(item) gives another value. `number` sets
 * figures to the right, `short` breaks no word.
 */
export class Table {
  constructor(table, columns, keyOf, nothing) {
    this.body = table.tBodies[0];
    this.columns = columns;
    this.keyOf = keyOf;
    this.nothing = nothing;
    this.rows = new Map();
    const heads = columns.map(column => element(
      'th', { scope: 'col', role: 'columnheader', className: kind(column) }, column.label));
    table.tHead.setAttribute('role', 'rowgroup');
    this.body.setAttribute('role', 'rowgroup');
    table.tHead.append(element('tr', { role: 'row' }, ...heads));
  }

  show(items) {
    const before = this.rows;
    const wanted = new Set(items.map(item => String(this.keyOf(item))));
    [...this.body.rows].filter(row => !wanted.has(row.dataset.key)).forEach(row => row.remove());
    this.rows = new Map();
    let place = this.body.firstElementChild;
    for (const item of items) {
      const key = String(this.keyOf(item));
      const row = before.get(key) ?? this.row();
      row.dataset.key = key;
      before.delete(key);
      this.rows.set(key, row);
      this.update(row, item);
      if (row === place) {
        place = place.nextElementSibling;
      } else {
        this.body.insertBefore(row, place);
      }
    }
    while (place) {
      const after = place.nextElementSibling;
      place.remove();
      place = after;
    }
    if (!items.length) {
      const cell = element('td', { colSpan: this.columns.length, role: 'cell', className: 'nothing' }, this.nothing);
      this.body.append(element('tr', { role: 'row' }, cell));
    }
  }

  row() {
    const cells = this.columns.map((column, i) => element(
      i ? 'td' : 'th',
      {
        role: i ? 'cell' : 'rowheader',
        className: kind(column),
        'data-label': column.label,
        ...(i ? {} : { scope: 'row' }),
      }));
    return element('tr', { role: 'row' }, ...cells);
  }

  update(row, item) {
    this.columns.forEach((column, i) => {
      const cell = row.cells[i];
      if (column.text) {
        say(cell, column.text(item) ?? '');
        return;
      }
      const state = String(column.when(item));
      if (cell.dataset.state !== state) {
        cell.dataset.state = state;
        cell.replaceChildren(column.node(item));
      }
    });
  }
}
