import type { EndpointManifest } from '../model/connector.ts';
import type { Asked } from './asked.ts';
import { type Collection } from './collections.ts';
import type { Answer } from './signals.ts';
/** Does what a request of an endpoint that sends asks for, and answers as its example does. `id`: the last part of the path that varies. */
export declare function write(endpoint: EndpointManifest, collection: Collection, asked: Asked, id: string | undefined): Answer;
