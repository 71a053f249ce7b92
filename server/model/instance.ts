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
