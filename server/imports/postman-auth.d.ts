import type { PluginUse } from '../model/connector.ts';
import type { Report } from './import-result.ts';
/** The auth block of a collection, a folder or a request as an auth method. The secrets in it are never read. */
export declare function readPostmanAuth(report: Report, given: unknown, fill: (text: string) => string, where: string): Readonly<Record<string, PluginUse>>;
