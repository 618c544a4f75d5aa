/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
let token = '';

async function answer(response) {
  const told = await response.json().catch(() => ({ error: `The container answers ${response.status}.` }));
  if (!response.ok) {
    throw new Error(told.error ?? `The container answers ${response.status}.`);
  }
  return told;
}

function unreachable() {
  throw new Error('The container cannot be reached.');
}

/** Asks the container for what it knows. Throws an Error whose message is a sentence. */
export async function ask(name, fields = {}) {
  const query = new URLSearchParams(fields).toString();
  const response = await fetch(`api/${name}.json${query ? `?${query}` : ''}`, { cache: 'no-store' }).catch(unreachable);
  const told = await answer(response);
  token = told.token ?? token;
  return told;
}

/** Has the container do something; throws likewise. */
export async function tell(name, fields) {
  const response = await fetch(`api/${name}.json`, {
    method: 'POST',
    headers: { 'X-Peercred-Token': token },
    body: new URLSearchParams(fields),
  }).catch(unreachable);
  return answer(response);
}
