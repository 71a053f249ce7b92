/** Where in the page the user is. It stands in the address, so that going back, reloading and links work. */
export type Place =
  | { readonly at: 'runs'; readonly flow?: string; readonly status?: string }
  | { readonly at: 'run'; readonly run: string }
  | { readonly at: 'flows'; readonly flow?: string };

export function readPlace(hash: string): Place {
  const [path = '', search = ''] = hash.replace(/^#/, '').split('?', 2);
  const [first, ...rest] = path.split('/').filter(Boolean).map(decode);
  const name = rest.join('/');
  if (first === 'runs' && name) return { at: 'run', run: name };
  if (first === 'flows') return name ? { at: 'flows', flow: name } : { at: 'flows' };
  const query = new URLSearchParams(search);
  const flow = query.get('flow');
  const status = query.get('status');
  return { at: 'runs', ...(flow && { flow }), ...(status && { status }) };
}

export function placeHash(place: Place): string {
  if (place.at === 'run') return `#/runs/${encodeURIComponent(place.run)}`;
  if (place.at === 'flows') return place.flow === undefined ? '#/flows' : `#/flows/${encodeURIComponent(place.flow)}`;
  const query = new URLSearchParams({ ...(place.flow && { flow: place.flow }), ...(place.status && { status: place.status }) }).toString();
  return `#/runs${query ? `?${query}` : ''}`;
}

/** The token that a link brought along, and the place that it leads to without the token: `#token=…` or `#/runs/x?token=…`. */
export function takeToken(hash: string): { readonly token: string | undefined; readonly rest: string } {
  const bare = /^#token=([^&]*)&?(.*)$/.exec(hash);
  if (bare) return { token: decode(bare[1]!) || undefined, rest: bare[2] ? `#${bare[2]}` : '' };
  const [path = '', search = ''] = hash.split('?', 2);
  const query = new URLSearchParams(search);
  const token = query.get('token') ?? undefined;
  query.delete('token');
  return { token, rest: query.size > 0 ? `${path}?${query}` : path };
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    // Not written by us: it is taken as it stands.
    return text;
  }
}
