import { defineTransform } from '../sdk/index.ts';

export default defineTransform({
  type: 'uuid',
  title: 'UUID',
  summary: 'Makes an identifier that nothing else has.',
  description: 'Needs no source. A retry of the payload and a replay of the run give the same ones. Version 7 begins with the time of the run, so that they sort by it.',
  generates: true,
  gives: ['string'],
  settings: {
    type: 'object',
    properties: { version: { type: 'integer', enum: [4, 7], default: 4, title: 'Version', description: 'Of RFC 9562.', enumDescriptions: ['Random.', 'Time, then random.'] } },
    additionalProperties: false,
  },
  examples: [
    { title: 'In practice: the key under which a payment is made once', settings: { version: 7 }, input: '#1042', now: '2024-10-27T00:30:00Z', output: '0192cb61-3b40-7080-8080-808080808080' },
    { title: 'Random', settings: {}, output: '80808080-8080-4080-8080-808080808080' },
    { title: 'That sorts by time', settings: { version: 7 }, now: '2024-01-31T12:00:00Z', output: '018d5f63-ea00-7080-8080-808080808080' },
    { title: 'A source is ignored, also null', settings: {}, input: null, output: '80808080-8080-4080-8080-808080808080' },
    { title: 'An empty text is ignored', settings: {}, input: '', output: '80808080-8080-4080-8080-808080808080' },
    { title: 'A list is ignored', settings: {}, input: [1], output: '80808080-8080-4080-8080-808080808080' },
  ],
  compile: ({ version }) => (_, { now, random }) => {
    const bytes = Uint8Array.from({ length: 16 }, () => Math.floor(random() * 256));
    if (version === 7) for (let index = 0; index < 6; index++) bytes[index] = Math.floor(now / 2 ** (40 - 8 * index)) % 256;
    bytes[6] = (bytes[6]! & 0x0f) | (version << 4);
    bytes[8] = (bytes[8]! & 0x3f) | 0x80;
    const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
    return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
  },
});
