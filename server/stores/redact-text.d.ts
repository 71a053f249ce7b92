/** A text as a part of a regular expression that means just it. */
export declare const escapePattern: (text: string) => string;
/**
 * Masks the values of fields in a text whose format is not known for sure, or which is cut: JSON (also quoted within a text), addresses and forms, XML, and
 * lines such as `name: value`. `names` is a part of a regular expression.
 */
export declare function maskFieldText(text: string, names: string, mask: string): string;
/** Letters and digits that are written as `\u0065`, in plain: so a name cannot hide from who cannot parse the text. */
export declare const withoutEscapes: (text: string) => string;
/** Masks columns of a text with a header row; all else stays as it is. A cell whose quotation mark has no end may be anything, so it is masked. */
export declare function maskCsv(text: string, isRedacted: (name: string) => boolean, mask: string, { delimiter, heard }?: {
    readonly delimiter?: string;
    readonly heard?: (value: string) => void;
}): string;
/** Masks the values of a form, whose names may be written in any way. */
export declare function maskForm(text: string, isRedacted: (name: string) => boolean, mask: string): string;
