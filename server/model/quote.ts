/** A text between single quotes, as in paths and expressions: these stand in JSON, where double quotes would have to be escaped. */
export const quote = (text: string): string => `'${JSON.stringify(text).slice(1, -1).replaceAll(/\\[^]|'/g, (part) => (part === String.raw`\"` ? '"' : part === "'" ? String.raw`\'` : part))}'`;
