export const screens = ['runs', 'queue', 'flows', 'inbox', 'search', 'state', 'insights', 'audit'] as const;
export type Screen = (typeof screens)[number];

/** Where in the page the user is. It stands in the address, so that going back, reloading and links work. `name`: the run, the flow, or the part of the screen. */
export interface Place {
  readonly at: Screen;
  readonly name?: string;
  /** Filters and what is chosen: of each screen those below, never empty. */
  readonly query?: PlaceQuery;
}

export type PlaceQuery = Readonly<Record<string, string>>;

const known: Readonly<Record<Screen, readonly string[]>> = {
  runs: ['flow', 'status', 'trigger', 'environment', 'time', 'since', 'until', 'error', 'text', 'origin', 'pinned', 'step', 'tab', 'payload'],
  queue: ['flow'],
  flows: ['tab'],
  inbox: [],
  search: ['text', 'path', 'value', 'match', 'entity', 'flow', 'direction', 'time', 'since', 'until'],
  state: ['name', 'scope', 'owner'],
  insights: ['by', 'span', 'flow'],
  audit: ['actor', 'action', 'subject', 'time', 'since', 'until'],
};

export function readPlace(hash: string): Place {
  const [path = '', search = ''] = hash.replace(/^#/, '').split('?', 2);
  const [first, ...rest] = path.split('/').filter(Boolean).map(decode);
  const at = screens.find((screen) => screen === first);
  if (!at) return { at: 'runs' };
  const name = rest.join('/');
  return placeOf(at, name, Object.fromEntries(new URLSearchParams(search)));
}

export function placeHash({ at, name, query }: Place): string {
  const search = new URLSearchParams(query).toString();
  return `#/${at}${name ? `/${encodeURIComponent(name)}` : ''}${search ? `?${search}` : ''}`;
}

/** Without what is empty and what the screen does not know; one order, so that one place has one address. */
export function placeOf(at: Screen, name?: string, query: Readonly<Record<string, string | undefined>> = {}): Place {
  const given = Object.fromEntries(known[at].flatMap((key) => { const value = query[key]; return value ? [[key, value]] : []; })) as PlaceQuery;
  return { at, ...(name && { name }), ...(Object.keys(given).length > 0 && { query: given }) };
}

export const runHash = (run: string): string => placeHash({ at: 'runs', name: run });

/** Leads there, as a link would. */
export const goTo = (place: Place): void => { location.hash = placeHash(place); };

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
