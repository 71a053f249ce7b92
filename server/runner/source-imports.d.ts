/** Modules that a source names in imports and exports, in `import()` and in `require()`. Those in comments are found too: one too many does no harm. */
export declare const importsOf: (text: string) => string[];
/** Where a relative import of a file leads, below the root; `undefined` where it leads out of it. */
export declare function targetOf(file: string, specifier: string): string | undefined;
/** The npm package of an import; `undefined` of what is none. */
export declare function packageOf(specifier: string): string | undefined;
/** The version of a package as it is installed for a workspace; `undefined` where it is not. */
export declare function installedVersion(root: string, name: string): string | undefined;
