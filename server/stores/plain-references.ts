/** A text whose XML references are read. */
export interface PlainText {
  readonly text: string;
  /** Where places of it, in rising order, lie in the text as it was. */
  origins(places: readonly number[]): number[];
}

/** Writers of XML differ in what they write by its number, in which digits, and in what they write by its name. `undefined`: there are no numbers in it. */
export function withoutReferences(text: string): PlainText | undefined {
  if (!text.includes('&#')) return undefined;
  /** Behind each reference: where, without references, and how many letters shorter all is that comes before. */
  const shifts: { readonly at: number; readonly by: number }[] = [];
  let by = 0;
  const plain = text.replace(reference, (written, decimal: string | undefined, hex: string | undefined, name: string | undefined, start: number) => {
    const code = name !== undefined ? undefined : decimal !== undefined ? Number.parseInt(decimal, 10) : Number.parseInt(hex!, 16);
    if (code !== undefined && code > 0x10_ffff) return written;
    const letter = code === undefined ? named[name!]! : String.fromCodePoint(code);
    const at = start - by + letter.length;
    shifts.push({ at, by: (by += written.length - letter.length) });
    return letter;
  });
  return {
    text: plain,
    origins(places) {
      let next = 0;
      return places.map((place) => {
        while (next < shifts.length && shifts[next]!.at <= place) next++;
        return place + (shifts[next - 1]?.by ?? 0);
      });
    },
  };
}

const reference = /&(?:#0{0,20}(\d{1,7})|#[xX]0{0,20}([\da-fA-F]{1,6})|(amp|lt|gt|quot|apos));/g;
const named: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };
