type Settings = Readonly<Record<string, unknown>>;

/** What a transform does with a value, as lines of a script. */
export interface TransformCode {
  readonly lines: readonly string[];
  /** Null and a missing value stay as they are. */
  readonly keepsNull: boolean;
  readonly helpers?: readonly (keyof typeof helpers)[];
}

/** What several transforms need. */
export const helpers = {
  text: `function text(value: unknown): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'boolean') return String(value);
  if (typeof value === 'number' && Number.isFinite(value)) {
    // With all digits and no exponent.
    const [, sign = '', whole = '', part = '', exponent] = /^(-?)(\\d)(?:\\.(\\d+))?e([+-]\\d+)$/.exec(String(value)) ?? [];
    if (exponent === undefined) return String(value);
    const point = 1 + Number(exponent);
    return sign + (point > 0 ? (whole + part).padEnd(point, '0') : \`0.\${'0'.repeat(-point)}\${whole}\${part}\`);
  }
  throw new Error(\`A text, a number or a boolean is wanted, and not \${JSON.stringify(value)}.\`);
}`,
  number: `function number(value: unknown): number {
  if (typeof value === 'number') return value;
  if (typeof value !== 'string' || !/^\\s*[+-]?(\\d+\\.?\\d*|\\.\\d+)(e[+-]?\\d+)?\\s*$/i.test(value)) throw new Error(\`A number is wanted, and not \${JSON.stringify(value)}.\`);
  return held(value.trim());
}`,
  // As `isHeld` says.
  held: `function held(text: string): number {
  const number = Number(text);
  const size = Math.abs(number);
  const source = text.replace(/^\\+/, '');
  const wanted = digits(source);
  const isWhole = /^-?\\d+(?:\\.0*)?$/.test(source) || (size > Number.MAX_SAFE_INTEGER && size < 1e21);
  const isSame = isWhole ? Number.isSafeInteger(number) : number === 0 ? wanted === '' : String(number) === source || (wanted.length <= 100 && digits(wanted.length < 17 ? String(number) : number.toPrecision(wanted.length)) === wanted);
  if (!Number.isFinite(number) || !isSame) throw new Error(\`\${text} has more digits than a number holds, or is too large or too small for one.\`);
  return number;
}`,
  movePoint: `function movePoint(number: number, places: number): number {
  const [whole, exponent = '0'] = String(number).split('e');
  return Number(\`\${whole}e\${Number(exponent) + places}\`);
}`,
  digits: `function digits(text: string): string {
  // Those that count: without sign, point, exponent and the zeros around them.
  const all = text.replace(/e.*$/i, '').replace(/[-.]/g, '').replace(/^0+/, '');
  let end = all.length;
  while (all[end - 1] === '0') end--;
  return all.slice(0, end);
}`,
  large: `function large(letter: string): string {
  // Letters of two, such as ǆ, and those with an iota are written otherwise at the beginning of a word.
  const found = [...'ǅǈǋǲᾈᾉᾊᾋᾌᾍᾎᾏᾘᾙᾚᾛᾜᾝᾞᾟᾨᾩᾪᾫᾬᾭᾮᾯᾼῌῼ'].find((one) => one.toLowerCase() === letter);
  const [first = '', ...rest] = letter.toUpperCase();
  return found ?? (first === first.toLowerCase() ? letter.toUpperCase() : first + rest.join('').toLowerCase());
}`,
} as const;

const json = (value: unknown): string => JSON.stringify(value ?? null);
const ofText = (expression: string): TransformCode => ({ lines: [`return ${expression};`], keepsNull: true, helpers: ['text'] });
const always = (expression: string): TransformCode => ({ lines: [`return ${expression};`], keepsNull: false });

const cases: Readonly<Record<string, string>> = {
  upper: 'text(value).toUpperCase()', lower: 'text(value).toLowerCase()',
  title: "text(value).toLowerCase().replace(/(^|[^\\p{L}\\p{M}\\p{N}'’])(\\p{L})/gu, (_, before: string, letter: string) => before + large(letter))",
  sentence: 'text(value).toLowerCase().replace(/\\p{L}/u, (letter) => large(letter))',
};
const trims: Readonly<Record<string, string>> = { both: 'trim', start: 'trimStart', end: 'trimEnd' };

/** Whether a rest behind the point makes the number before it larger. */
const isUp: Readonly<Record<string, string>> = {
  'half-up': 'rest >= 0.5', 'half-even': 'rest === 0.5 ? floor % 2 === 1 : rest > 0.5', up: 'rest > 0', down: 'false', ceiling: 'rest > 0 && given > 0', floor: 'rest > 0 && given < 0',
};

/** The transforms that are written as a script; `undefined`: not with these settings. Settings have their defaults. */
export const transformCode: Readonly<Record<string, (settings: Settings) => TransformCode | undefined>> = {
  trim: ({ side, inside }) => ofText(`text(value).${trims[String(side)]}()${inside === true ? ".replace(/\\s+/g, ' ')" : ''}`),
  case: ({ to }) => (cases[String(to)] === undefined ? undefined : { ...ofText(cases[String(to)]!), helpers: ['text', ...(cases[String(to)]!.includes('large') ? ['large' as const] : [])] }),
  prefix: ({ prefix }) => ofText(`${json(prefix)} + text(value)`),
  suffix: ({ suffix }) => ofText(`text(value) + ${json(suffix)}`),
  replace: ({ find, with: to, regex, ignoreCase, firstOnly }) => (regex === true || ignoreCase === true ? undefined : ofText(`text(value).${firstOnly === true ? 'replace' : 'replaceAll'}(${json(find)}, () => ${json(to)})`)),
  'cast-to-string': () => ({ lines: ["return typeof value === 'object' ? JSON.stringify(value) : text(value);"], keepsNull: true, helpers: ['text'] }),
  'cast-to-number': ({ decimal, empty }) => {
    const [point, thousands] = decimal === ',' ? [',', '.'] : ['.', ','];
    const form = `/^[+-]?(?:(?:\\d{1,3}(?:[${thousands}' \\u00a0\\u202f]\\d{3})+|\\d+)(?:\\${point}\\d*)?|\\${point}\\d+)(?:e[+-]?\\d+)?$/i`;
    return {
      keepsNull: true, helpers: ['held', 'digits'],
      lines: [
        "if (typeof value === 'number' || typeof value === 'boolean') return Number(value);",
        "if (typeof value !== 'string') throw new Error(`A number is wanted, and not ${JSON.stringify(value)}.`);",
        'const trimmed = value.trim();',
        ...(empty === 'error' ? [] : [`if (trimmed === '') return ${empty === 'zero' ? 0 : null};`]),
        `if (!${form}.test(trimmed)) throw new Error(\`A number is wanted, and not \${JSON.stringify(value)}.\`);`,
        `const plain = trimmed.replace(/[${thousands}' \\u00a0\\u202f]/g, '')${point === ',' ? ".replace(',', '.')" : ''};`,
        'return held(plain);',
      ],
    };
  },
  'round-number': ({ places, mode }) => ({
    keepsNull: true, helpers: ['number', 'held', 'digits', 'movePoint'],
    lines: [
      'const given = number(value);',
      ...(Number(places) >= 0 ? ['if (Number.isInteger(given)) return given;'] : []),
      `const moved = movePoint(Math.abs(given), ${Number(places)});`,
      'const floor = Math.floor(moved);',
      'const rest = moved - floor;',
      `const isUp = ${isUp[String(mode)] ?? isUp['half-up']!};`,
      `const rounded = movePoint(isUp ? floor + 1 : floor, ${-Number(places)});`,
      'if (Number.isInteger(rounded) && rounded > Number.MAX_SAFE_INTEGER) throw new Error(`${given} is too large to be rounded: digits would be lost.`);',
      'return given < 0 && rounded !== 0 ? -rounded : rounded;',
    ],
  }),
  concatenate: ({ separator, skipEmpty }) => ({
    keepsNull: true, helpers: ['text'],
    lines: [
      'const parts = (Array.isArray(value) ? value : [value]).filter((part) => part !== null && part !== undefined);',
      'if (parts.length === 0 && Array.isArray(value) && value.length > 0) return null;',
      `return parts.map(text)${skipEmpty === true ? ".filter((part) => part !== '')" : ''}.join(${json(separator)});`,
    ],
  }),
  coalesce: ({ default: otherwise, skipEmpty }) => ({
    ...always(`(Array.isArray(value) ? value : [value]).find((one) => one !== null && one !== undefined${skipEmpty === true ? " && one !== ''" : ''}) ?? ${json(otherwise)}`),
    keepsNull: otherwise === undefined || otherwise === null,
  }),
  default: ({ default: otherwise, skipEmpty }) => always(`value === null || value === undefined${skipEmpty === true ? " || value === ''" : ''} ? ${json(otherwise)} : value`),
  'custom-string': ({ value }) => always(json(value)),
  'custom-number': ({ value }) => always(json(value)),
  'custom-boolean': ({ value }) => always(json(value)),
  'null-value': () => always('null'),
  'null-to-string': ({ text }) => always(`value ?? ${json(text)}`),
  'null-to-zero': () => always('value ?? 0'),
  'map-values': ({ values, otherwise, default: fallback, ignoreCase }) => {
    const normal = (text: string): string => (ignoreCase === true ? text.toLowerCase() : text);
    const entries = Object.entries((values ?? {}) as Settings).map(([from, to]) => `[${json(normal(from))}, ${json(to)}]`);
    return {
      keepsNull: otherwise === 'keep', helpers: ['text'],
      lines: [
        `const known = new Map<string, unknown>([${entries.join(', ')}]);`,
        `const key = value === null || value === undefined ? undefined : text(value)${ignoreCase === true ? '.toLowerCase()' : ''};`,
        'if (key !== undefined && known.has(key)) return known.get(key);',
        otherwise === 'error' ? 'throw new Error(`There is no value for ${JSON.stringify(value)}.`);' : `return ${otherwise === 'keep' ? 'value' : otherwise === 'null' ? 'null' : json(fallback)};`,
      ],
    };
  },
};
