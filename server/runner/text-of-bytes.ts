import { FlowError } from '../../plugins/sdk/index.ts';
import { utf8Of } from './input.ts';

/**
 * The text of a file that somebody gives, in UTF-8 or UTF-16, without a byte order mark. `what`: the file, for messages. Fails with `DATA_INVALID` where it is
 * no text, saying what it seems to be.
 */
export function textOfBytes(bytes: Uint8Array, what: string): string {
  const known = binaries.find(({ starts }) => starts.every((byte, at) => bytes[at] === byte));
  if (known) throw noText(what, `it is ${known.name}`, known.remedy);
  const encoding = encodingOf(bytes);
  const text = encoding === 'utf-8' ? utf8Of(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length), what) : new TextDecoder(encoding).decode(bytes);
  const zero = text.indexOf('\0');
  if (zero !== -1) throw noText(what, `the byte 0 stands in it (character ${zero + 1})`);
  return text;
}

/** By the byte order mark; without one, the zero beside the first letter tells. */
function encodingOf([first, second]: Uint8Array): 'utf-8' | 'utf-16le' | 'utf-16be' {
  if ((first === 0xff && second === 0xfe) || (first !== 0 && second === 0)) return 'utf-16le';
  return (first === 0xfe && second === 0xff) || (first === 0 && second !== 0 && second !== undefined) ? 'utf-16be' : 'utf-8';
}

const unpack = 'Unpack it, and give the file inside.';
const binaries: readonly { readonly starts: readonly number[]; readonly name: string; readonly remedy?: string }[] = [
  { starts: [0x50, 0x4b, 3, 4], name: 'a ZIP archive', remedy: unpack }, { starts: [0x1f, 0x8b], name: 'packed with gzip', remedy: unpack }, { starts: [0x25, 0x50, 0x44, 0x46], name: 'a PDF' }, { starts: [0x89, 0x50, 0x4e, 0x47], name: 'a picture (PNG)' },
];

const noText = (what: string, why: string, remedy = 'Give the text itself, in UTF-8 or UTF-16.'): FlowError => new FlowError('DATA_INVALID', `${what} is no text: ${why}.`, { remedy });
