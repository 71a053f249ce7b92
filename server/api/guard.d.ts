import type { IncomingMessage } from 'node:http';
import { FlowError } from '../../plugins/sdk/index.ts';
/**
 * How much a request must show. `open`: files of the operators' page and health checks; a link of another page may lead there.
 * `hook`: the trigger checks the signature. `api`: the token.
 */
export type Level = 'open' | 'hook' | 'api';
export interface Guard {
    /** Gives the reason to refuse the request, which costs no look at its body. */
    refuse(request: IncomingMessage, level: Level): FlowError | undefined;
}
/**
 * The walls of the local server. A page of another origin reaches loopback too, so a request must name one of our own hosts (a rebound name does not),
 * must not come from another origin, and for everything that tells or changes something must carry the token.
 */
export declare function guardFor({ hosts, token }: {
    readonly hosts: readonly string[];
    readonly token: string;
}): Guard;
/**
 * The hosts that requests may name. A name is never taken because it happens to resolve to us: that is what rebinding does. `allowed`: further ones,
 * with or without a port, for a server behind a tunnel or in a container.
 */
export declare function hostsOf(bound: string, port: number, allowed?: readonly string[]): string[];
