/** Texts shorter than this are not looked for: they would hit half of every document. */
export const shortestSecret = 4;
/** A part of a coded secret must be this long to be a sign of it. */
const shortestPart = 8;

/**
 * The spellings in which a secret may turn up: as it is, in JSON (also with escaped slashes, ASCII only, and JSON within JSON), in addresses and forms,
 * in XML, in hexadecimal, and in Base64 at each of the three places where it may begin within a longer text, as in `Basic …`.
 */
export function formsOf(secret: string): string[] {
  if (secret.length < shortestSecret) return [];
  const json = inJson(secret);
  const ascii = json.replace(/[\u007f-\uffff]/g, (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`);
  const url = encodeUri(secret);
  const xml = secret.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
  const bytes = Buffer.from(secret);
  const forms = [
    secret, json, inJson(json), json.replaceAll('/', '\\/'), inJson(json.replaceAll('/', '\\/')), ascii, ascii.toUpperCase().replaceAll('\\U', '\\u'), inJson(ascii),
    url, lowerHex(url), ...formSpellings(secret), xml, xml.replaceAll('"', '&quot;'), xml.replaceAll('"', '&quot;').replaceAll("'", '&apos;'), xml.replaceAll('"', '&quot;').replaceAll("'", '&#39;'),
    ...(bytes.length >= shortestPart / 2 ? [bytes.toString('hex'), bytes.toString('hex').toUpperCase()] : []), ...base64Forms(bytes),
    // Bytes that are read as Latin-1.
    bytes.toString('latin1'),
  ];
  // The longest first, so that no form hides the rest of a longer one.
  return [...new Set(forms)].sort((left, right) => right.length - left.length);
}

const inJson = (text: string): string => JSON.stringify(text).slice(1, -1);

/** Lone surrogates have no UTF-8, so `encodeURIComponent` throws at them. */
const encodeUri = (text: string): string => encodeURIComponent(text.toWellFormed());

const lowerHex = (text: string): string => text.replace(/%[0-9A-F]{2}/g, (code) => code.toLowerCase());

function formSpellings(secret: string): string[] {
  const form = new URLSearchParams([['', secret]]).toString().slice(1);
  // RFC 3986 also escapes what encodeURIComponent leaves.
  const strict = encodeUri(secret).replace(/[!'()*]/g, (letter) => `%${letter.charCodeAt(0).toString(16).toUpperCase()}`);
  const loose = encodeURI(secret.toWellFormed());
  return [form, lowerHex(form), strict, lowerHex(strict), loose];
}

/** In Base64 the letters at the borders depend on the neighbours; those within do not. */
function base64Forms(bytes: Buffer): string[] {
  const forms = [0, 1, 2].flatMap((shift) => {
    const coded = Buffer.concat([Buffer.alloc(shift), bytes]).toString('base64').replace(/=+$/, '');
    const end = Math.floor(((shift + bytes.length) * 8) / 6);
    const start = Math.ceil((shift * 8) / 6);
    const inner = coded.slice(start, end);
    return inner.length < shortestPart ? [] : [inner, inner.replaceAll('+', '-').replaceAll('/', '_'), inner.replaceAll('/', '\\/'), encodeUri(inner), lowerHex(encodeUri(inner))];
  });
  const whole = bytes.toString('base64');
  return [...forms, whole, whole.replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '')].filter((form) => form.length >= shortestPart - 2);
}
