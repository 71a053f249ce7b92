import { defineAuth } from '../sdk/index.ts';

export default defineAuth({
  type: 'none',
  title: 'None',
  summary: 'Sends requests as they are.',
  settings: { type: 'object', properties: {}, additionalProperties: false },
  credentials: { type: 'object', properties: {}, additionalProperties: false },
  examples: [
    { title: 'A public API', settings: {}, credentials: {}, request: { method: 'GET', url: 'https://api.test/', headers: {} }, signed: { method: 'GET', url: 'https://api.test/', headers: {} } },
    { title: 'Headers stay', settings: {}, credentials: {}, request: { method: 'GET', url: 'https://api.test/', headers: { 'x-a': '1' } }, signed: { method: 'GET', url: 'https://api.test/', headers: { 'x-a': '1' } } },
    { title: 'A body stays', settings: {}, credentials: {}, request: { method: 'POST', url: 'https://api.test/', headers: {}, body: '{}' }, signed: { method: 'POST', url: 'https://api.test/', headers: {}, body: '{}' } },
  ],
  sign: (request) => request,
});
