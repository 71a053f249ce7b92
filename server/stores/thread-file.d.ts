/** The code of a worker thread: shipped, `<name>.js` beside the bundle; in a checkout the TypeScript file beside the caller, whose folder is given. */
export declare function threadFile(folder: string, name: string): URL;
