/** Texts shorter than this are not looked for: they would hit half of every document. */
export declare const shortestSecret = 4;
/**
 * The spellings in which a secret may turn up: as it is, in JSON (also with escaped slashes, ASCII only, and JSON within JSON), in addresses and forms,
 * in XML, in hexadecimal, and in Base64 at each of the three places where it may begin within a longer text, as in `Basic …`.
 */
export declare function formsOf(secret: string): string[];
