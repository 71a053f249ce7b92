import type { ParamStyle } from '../model/connector.ts';
/** How the value of a param is written where it is sent; OpenAPI and RFC 6570 name the ways. */
export interface Style {
    readonly style?: ParamStyle;
    readonly explode?: boolean;
}
/** The parts of a query that a value makes, percent-encoded: `a=1`. An empty list or object makes none; null neither. */
export declare function queryParts(name: string, value: unknown, { style, explode }: Style): string[];
/** The text that a value becomes in the path, percent-encoded. */
export declare function pathText(name: string, value: unknown, { style, explode }: Style): string;
/** The text of a value in a header, where nothing is encoded. */
export declare function headerText(value: unknown, { style, explode }: Style): string;
