import { types as driver } from 'pg';
import { base64Of, jsonOf, numberOf, timeOf } from '../sql/values.ts';

/** How the texts of the database become JSON values, by the number of the type. */
export const types = { getTypeParser: ((oid: number) => parsers.get(oid) ?? asText) as typeof driver.getTypeParser };

type Parse = (text: string) => unknown;

const asText: Parse = (text) => text;
const bytes: Parse = (text) => (text.startsWith('\\x') ? base64Of(Buffer.from(text.slice(2), 'hex')) : text);
const time: Parse = (text) => timeOf(text);

/** Number of a type, that of its arrays, and how a value is read. */
const known: readonly (readonly [oid: number, list: number, parse: Parse])[] = [
  [16, 1000, (text) => text === 't'],
  [20, 1016, numberOf], [21, 1005, numberOf], [23, 1007, numberOf], [26, 1028, numberOf], [700, 1021, numberOf], [701, 1022, numberOf], [1700, 1231, numberOf],
  [17, 1001, bytes], [114, 199, jsonOf], [3802, 3807, jsonOf],
  [1114, 1115, time], [1184, 1185, time],
  // date, time, timetz, interval, uuid, text, varchar, bpchar, char, name, inet, cidr, macaddr, money
  ...([[1082, 1182], [1083, 1183], [1266, 1270], [1186, 1187], [2950, 2951], [25, 1009], [1043, 1015], [1042, 1014], [18, 1002], [19, 1003], [869, 1041], [650, 651], [829, 1040], [790, 791]] as const).map(([oid, list]) => [oid, list, asText] as const),
];

const parsers = new Map<number, Parse>(known.flatMap(([oid, list, parse]) => [[oid, parse] as const, [list, (text: string) => listOf(text, parse)] as const]));

function listOf(text: string, parse: Parse): unknown {
  // Not in the declared shape: there it is a function.
  const { arrayParser } = driver as unknown as { readonly arrayParser: { create(text: string, parse: Parse): { parse(): unknown } } };
  return arrayParser.create(text, parse).parse();
}
