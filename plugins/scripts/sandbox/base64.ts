/** Base64 of texts, for scripts. A text with half a letter in it has no bytes: who calls `encode` has looked. Its text is evaluated in the sandbox, so it uses nothing from outside its own body. */
export function base64(): { readonly encode: (value: unknown) => string; readonly decode: (value: unknown) => string } {
  const toText = String;
  const { stringify } = JSON;
  const digits = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
  /** The bytes of a text as letters from 0 to 255. */
  const bytesOf = (text: string): string => unescape(encodeURIComponent(text));
  return {
    encode(value) {
      const bytes = bytesOf(toText(value));
      let text = '';
      for (let at = 0; at < bytes.length; at += 3) {
        const group = (bytes.charCodeAt(at) << 16) | ((bytes.charCodeAt(at + 1) || 0) << 8) | (bytes.charCodeAt(at + 2) || 0);
        const left = bytes.length - at;
        text += digits[group >> 18]! + digits[(group >> 12) & 63]! + (left > 1 ? digits[(group >> 6) & 63]! : '=') + (left > 2 ? digits[group & 63]! : '=');
      }
      return text;
    },
    decode(value) {
      let bytes = '';
      let bits = 0;
      let held = 0;
      for (const letter of toText(value).replace(/-/g, '+').replace(/_/g, '/').replace(/[\s=]/g, '')) {
        const digit = digits.indexOf(letter);
        if (digit === -1) throw new TypeError(`${stringify(letter)} is no digit of Base64.`);
        held = ((held << 6) | digit) & 0xfff;
        bits += 6;
        if (bits >= 8) bytes += String.fromCharCode((held >> (bits -= 8)) & 255);
      }
      try {
        return decodeURIComponent(escape(bytes));
      } catch {
        throw new TypeError('The bytes are no text in UTF-8.');
      }
    },
  };
}
