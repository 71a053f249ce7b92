/** The few things that the tests use of the package, which has no types of its own. */
declare module 'oidc-provider' {
  import type { RequestListener } from 'node:http';

  export class Provider {
    constructor(issuer: string, configuration: object);
    callback(): RequestListener;
    on(event: string, listener: (...args: never[]) => void): this;
    readonly AccessToken: TokenModel;
    readonly ClientCredentials: TokenModel;
  }
  interface TokenModel {
    find(value: string): Promise<{ readonly clientId: string; destroy(): Promise<void> } | undefined>;
  }
}
