/** Waits on this machine for the browser that comes back from a login (RFC 8252, 7.3). */
export interface LoginCallback {
    readonly redirectUri: string;
    /** Resolves when the login is over; fails as `finish` does, or with what `fail` was given. */
    readonly done: Promise<void>;
    /** The `state` of the login that is waited for: whoever comes with another must not end it. */
    expect(state: string): void;
    fail(error: Error): void;
    close(): void;
}
export interface LoginCallbackOptions {
    /** Of this machine; 0 for any that is free. */
    readonly port: number;
    readonly finish: (answer: Record<string, string>) => Promise<unknown>;
    /** Where more is said about a failure, as the page in the browser names it: `The terminal says more.` */
    readonly more: string;
}
/** Fails with the error of Node where the port cannot be listened to. */
export declare function listenForLogin({ port, finish, more }: LoginCallbackOptions): Promise<LoginCallback>;
