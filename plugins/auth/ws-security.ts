import { createHash } from 'node:crypto';
import { defineAuth, FlowError } from '../sdk/index.ts';

export default defineAuth({
  type: 'ws-security',
  title: 'WS-Security',
  summary: 'Puts a UsernameToken into the header of the SOAP envelope (OASIS WS-Security 1.1).',
  settings: {
    type: 'object',
    properties: {
      password: { type: 'string', enum: ['digest', 'text'], default: 'digest', title: 'Password', description: 'How the password is sent.', enumDescriptions: ['As a hash with a nonce and the time.', 'As it is; over TLS only.'] },
      timestamp: { type: 'boolean', default: false, title: 'Timestamp', description: 'Sends the time, too, and for how long the message is valid.' },
      lifeSeconds: { type: 'integer', minimum: 1, default: 300, title: 'Life', description: 'Seconds for which a message is valid, with a timestamp.' },
      mustUnderstand: { type: 'boolean', default: true, title: 'Must understand', description: 'Whether a server that does not know the header must refuse the message.' },
    },
    additionalProperties: false,
  },
  credentials: {
    type: 'object',
    properties: {
      user: { type: 'string', minLength: 1, title: 'User name', description: 'Name of the user.' },
      password: { type: 'string', default: '', writeOnly: true, title: 'Password', description: 'Password of the user.' },
    },
    required: ['user'],
    additionalProperties: false,
  },
  examples: [
    {
      title: 'As text', settings: { password: 'text', mustUnderstand: false }, credentials: { user: 'ada', password: 'a<b' }, now: '2024-01-31T12:00:00Z', nonce: '0123456789abcdef0123456789abcdef',
      request: { method: 'POST', url: 'https://api.test/', headers: { 'content-type': 'text/xml' }, body: '<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body/></s:Envelope>' },
      signed: { method: 'POST', url: 'https://api.test/', headers: { 'content-type': 'text/xml' }, body: '<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Header><wsse:Security xmlns:wsse="http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd" xmlns:wsu="http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd"><wsse:UsernameToken><wsse:Username>ada</wsse:Username><wsse:Password Type="http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-username-token-profile-1.0#PasswordText">a&lt;b</wsse:Password><wsse:Nonce EncodingType="http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-soap-message-security-1.0#Base64Binary">ASNFZ4mrze8BI0VniavN7w==</wsse:Nonce><wsu:Created>2024-01-31T12:00:00.000Z</wsu:Created></wsse:UsernameToken></wsse:Security></s:Header><s:Body/></s:Envelope>' },
    },
    {
      title: 'A digest in a header that is there', settings: {}, credentials: { user: 'ada', password: 'p' }, now: '2024-01-31T12:00:00Z', nonce: '0123456789abcdef0123456789abcdef',
      request: { method: 'POST', url: 'https://api.test/', headers: { 'content-type': 'application/soap+xml' }, body: '<?xml version="1.0"?>\n<Envelope xmlns="http://www.w3.org/2003/05/soap-envelope"><Header><a/></Header><Body/></Envelope>' },
      signed: { method: 'POST', url: 'https://api.test/', headers: { 'content-type': 'application/soap+xml' }, body: '<?xml version="1.0"?>\n<Envelope xmlns="http://www.w3.org/2003/05/soap-envelope"><Header><wsse:Security xmlns:wsse="http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd" xmlns:wsu="http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd" xmlns:env="http://www.w3.org/2003/05/soap-envelope" env:mustUnderstand="1"><wsse:UsernameToken><wsse:Username>ada</wsse:Username><wsse:Password Type="http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-username-token-profile-1.0#PasswordDigest">E98NePahx3iZu5WuwFpQSJcXlp8=</wsse:Password><wsse:Nonce EncodingType="http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-soap-message-security-1.0#Base64Binary">ASNFZ4mrze8BI0VniavN7w==</wsse:Nonce><wsu:Created>2024-01-31T12:00:00.000Z</wsu:Created></wsse:UsernameToken></wsse:Security><a/></Header><Body/></Envelope>' },
    },
    {
      title: 'With a timestamp, and a header that is empty', settings: { timestamp: true, password: 'text' }, credentials: { user: 'ada' }, now: '2024-01-31T12:00:00Z', nonce: '0123456789abcdef0123456789abcdef',
      request: { method: 'POST', url: 'https://api.test/', headers: {}, body: '<x:Envelope xmlns:x="http://schemas.xmlsoap.org/soap/envelope/"><x:Header/><x:Body/></x:Envelope>' },
      signed: { method: 'POST', url: 'https://api.test/', headers: {}, body: '<x:Envelope xmlns:x="http://schemas.xmlsoap.org/soap/envelope/"><x:Header><wsse:Security xmlns:wsse="http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd" xmlns:wsu="http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd" xmlns:env="http://schemas.xmlsoap.org/soap/envelope/" env:mustUnderstand="1"><wsu:Timestamp><wsu:Created>2024-01-31T12:00:00.000Z</wsu:Created><wsu:Expires>2024-01-31T12:05:00.000Z</wsu:Expires></wsu:Timestamp><wsse:UsernameToken><wsse:Username>ada</wsse:Username><wsse:Password Type="http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-username-token-profile-1.0#PasswordText"></wsse:Password><wsse:Nonce EncodingType="http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-soap-message-security-1.0#Base64Binary">ASNFZ4mrze8BI0VniavN7w==</wsse:Nonce><wsu:Created>2024-01-31T12:00:00.000Z</wsu:Created></wsse:UsernameToken></wsse:Security></x:Header><x:Body/></x:Envelope>' },
    },
  ],
  sign(request, { user, password }, settings, _token, { now, nonce: makeNonce }) {
    const { body } = request;
    const open = typeof body === 'string' ? /<(?:([\w.-]+):)?Envelope(?=[\s>])[^>]*>/.exec(body) : null;
    if (typeof body !== 'string' || !open) throw new FlowError('DATA_INVALID', 'The body of the request is no SOAP envelope, so that WS-Security has no header to write to.');
    const prefix = open[1] ? `${open[1]}:` : '';
    const created = timeText(now);
    const nonce = Buffer.from(makeNonce(), 'hex');
    const secret = settings.password === 'digest' ? { type: 'PasswordDigest', text: passwordDigest(nonce, created, password) } : { type: 'PasswordText', text: password };
    const token = `<wsse:UsernameToken><wsse:Username>${escaped(user)}</wsse:Username><wsse:Password Type="${names}username-token-profile-1.0#${secret.type}">${escaped(secret.text)}</wsse:Password><wsse:Nonce EncodingType="${names}soap-message-security-1.0#Base64Binary">${nonce.toString('base64')}</wsse:Nonce><wsu:Created>${created}</wsu:Created></wsse:UsernameToken>`;
    const timestamp = settings.timestamp ? `<wsu:Timestamp><wsu:Created>${created}</wsu:Created><wsu:Expires>${timeText(now + settings.lifeSeconds * 1000)}</wsu:Expires></wsu:Timestamp>` : '';
    const must = settings.mustUnderstand ? ` xmlns:env="${/["'](http:\/\/www\.w3\.org\/2003\/05\/soap-envelope)["']/.exec(open[0])?.[1] ?? 'http://schemas.xmlsoap.org/soap/envelope/'}" env:mustUnderstand="1"` : '';
    const security = `<wsse:Security xmlns:wsse="${names}wssecurity-secext-1.0.xsd" xmlns:wsu="${names}wssecurity-utility-1.0.xsd"${must}>${timestamp}${token}</wsse:Security>`;
    return { ...request, body: intoHeader(body, open.index + open[0].length, prefix, security) };
  },
});

const names = 'http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-';

/** UsernameToken Profile 1.1, 3.1: Base64(SHA-1(nonce + created + password)). */
export const passwordDigest = (nonce: Uint8Array, created: string, password: string): string => createHash('sha1').update(nonce).update(created).update(password).digest('base64');

const timeText = (time: number): string => new Date(time).toISOString();

const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

/** Between the texts that are there: whatever else the envelope holds stays as it was written. */
function intoHeader(body: string, from: number, prefix: string, security: string): string {
  const header = new RegExp(`^(\\s*)<${prefix}Header(\\s[^>]*?)?(/?)>`).exec(body.slice(from));
  if (!header) return `${body.slice(0, from)}<${prefix}Header>${security}</${prefix}Header>${body.slice(from)}`;
  const [all, space = '', attributes = '', isEmpty] = header;
  const rest = body.slice(from + all.length);
  return `${body.slice(0, from)}${space}<${prefix}Header${attributes}>${security}${isEmpty ? `</${prefix}Header>` : ''}${rest}`;
}
