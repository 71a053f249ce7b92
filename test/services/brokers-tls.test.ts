import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { FlowError, type Connector } from '../../plugins/sdk/index.ts';
import { completeSettings } from '../../server/runner/complete-settings.ts';
import { brokerCases, credentialsOf, settingsOf, type BrokerCase } from '../support/broker-world.ts';
import { skipWithout, startBroker, type Broker } from '../support/brokers.ts';
import { authority, clientCertificate } from '../support/certificates.ts';

// Brokers that speak nothing but TLS, and want a certificate of whoever comes.

const { certificate, key } = clientCertificate;
const whole = { authorities: authority, certificate, key };

/** What a connection ends with: `connected`, or the code and the message of its failure. */
async function meet({ kind, plugin }: BrokerCase, broker: Broker, settings: object, secrets: object): Promise<string> {
  const own = plugin as unknown as Connector<never, never, unknown>;
  const given = completeSettings(plugin, { ...settingsOf(broker), ...settings });
  const credentials = completeSettings(plugin, { ...credentialsOf(kind), ...secrets }, own.credentials as never);
  try {
    const { client, close } = await own.connect(given as never, credentials as never, { signal: AbortSignal.timeout(20_000), log: { debug() {}, info() {}, warn() {}, error() {} } });
    await own.check?.(client, AbortSignal.timeout(20_000));
    await close();
    return 'connected';
  } catch (error) {
    if (!FlowError.is(error)) throw error;
    return `${error.code} ${error.message} ${error.remedy}`;
  }
}

for (const one of brokerCases) {
  describe(one.kind, { skip: skipWithout(one.kind) }, () => {
    test('TLS, with a certificate of both', { timeout: 120_000 }, async () => {
      await using broker = await startBroker(one.kind, { isSecured: true });
      const said = async (settings: object, secrets: object): Promise<string> => (await meet(one, broker, settings, secrets)).replaceAll(/\S+:\d+\/?\S*/g, 'IT');
      assert.equal(await said({ tls: true }, whole), 'connected');
      assert.equal(await said({ tls: true, host: 'localhost' }, whole), 'connected');
      assert.match(await said({ tls: true }, { certificate, key }), /^REMOTE_UNREACHABLE .* cannot be reached: its certificate is signed by an authority that is not known\. Give the PEM/);
      assert.match(await said({ tls: true, serverName: 'mq.example.com' }, whole), /^REMOTE_UNREACHABLE .* cannot be reached: its certificate is that of another name\. Give the name/);
      assert.match(await said({ tls: true }, { authorities: authority }), /^(REMOTE_UNREACHABLE|AUTH_REJECTED) .*certificate/);
      // NATS itself says in clear text that it wants TLS, and goes on so.
      assert.match(await said({}, {}), one.kind === 'nats' ? /^REMOTE_UNREACHABLE .*`authorities`/ : /^REMOTE_UNREACHABLE .*TLS/);
    });
  });
}
