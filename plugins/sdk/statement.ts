/** The word by which a statement of SQL says that it writes; `undefined` for others. */
export const writingWord = (statement: string): string | undefined => /^\s*(insert|update|delete|merge|replace|truncate|create|alter|drop|grant|revoke)\b/i.exec(statement)?.[1];
