import { isObject } from './json.ts';

/** `instances/<id>.instance.json`: a connector with an account. */
export interface InstanceFile {
  readonly version: 1;
  readonly title?: string;
  readonly connector: string;
  /** Name of one of the connector's auth methods; default the first. */
  readonly auth?: string;
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Values of the auth method's credentials; secret ones as `{"$secret": "name"}`. */
  readonly credentials?: Readonly<Record<string, unknown>>;
}

type Credentials = NonNullable<InstanceFile['credentials']>;

/** With what another file says otherwise, field by field, also of the methods that have their own under their name. */
export function mergeCredentials(own: Credentials, others: Credentials): Credentials {
  const isMethod = (value: unknown): value is Credentials => isObject(value) && !Object.hasOwn(value, '$secret');
  const under = Object.entries(others).map(([name, value]) => {
    const known = Object.hasOwn(own, name) ? own[name] : undefined;
    return [name, isMethod(value) && isMethod(known) ? { ...known, ...value } : value] as const;
  });
  return { ...own, ...Object.fromEntries(under) };
}
