import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { SignContext } from '../sdk/index.ts';
import awsSigv4 from './aws-sigv4.ts';

// Not among the examples of the plugin: whoever packs them takes the published key for one that has leaked.
test('the example of S3 that is published with it', async () => {
  const request = { method: 'GET', url: 'https://examplebucket.s3.amazonaws.com/?lifecycle', headers: {} };
  const credentials = { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY' };
  const [, example] = awsSigv4.examples;
  const settings = { ...defaults(), ...example!.settings };
  const signed = await awsSigv4.sign(request, credentials as never, settings as never, undefined, { now: Date.parse('2013-05-24T00:00:00Z') } as SignContext);
  assert.match(signed.headers['authorization'] ?? '', /Signature=fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543$/);
});

const defaults = (): object => Object.fromEntries(Object.entries(awsSigv4.settings.properties).flatMap(([name, field]) => ('default' in field ? [[name, field.default]] : [])));
