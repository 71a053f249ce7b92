import type { Runner } from './contract.ts';

/** Keeps what was changed through the runner: `cache.put`, `cache orders`, what exactly. `actor`: who, where that is not the one for whom the runner was opened. Never fails; it may write later. */
export type Audit = (action: string, subject: string, detail: Readonly<Record<string, unknown>>, actor?: string) => void;

/**
 * The runner with every change through it kept in the audit log, once it has been made. Caches, pools and lookups keep theirs by themselves, since they know
 * what has really changed. What runs do is in their recordings.
 */
export function auditedRunner(runner: Runner, audit: Audit): Runner {
  const { versions, secrets, logins, past, notifications } = runner;
  const audited: Partial<Runner> = {
    async setEnabled(flow, isEnabled) {
      await runner.setEnabled(flow, isEnabled);
      audit(isEnabled ? 'flow.enable' : 'flow.disable', `flow ${flow}`, {});
    },
    async setEnvironment(environment) {
      await runner.setEnvironment(environment);
      audit('environment.choose', environment === undefined ? 'the environment of patchbay.json' : `environment ${environment}`, {});
    },
    async stop(run) {
      const isThere = await runner.stop(run);
      if (isThere) audit('run.stop', `run ${run}`, {});
      return isThere;
    },
    versions: {
      ...versions,
      async deploy(flow, how) {
        const result = await versions.deploy(flow, how);
        audit('flow.deploy', `flow ${flow}`, { version: result.number, ...(result.previous !== undefined && { previous: result.previous }), ...(how.note !== undefined && { note: how.note }) }, how.by);
        return result;
      },
      async rollback(flow, version, by) {
        const result = await versions.rollback(flow, version, by);
        audit('flow.rollback', `flow ${flow}`, { version: result.number, ...(result.previous !== undefined && { previous: result.previous }) }, by);
        return result;
      },
    },
    secrets: {
      ...secrets,
      async set(name, value) {
        await secrets.set(name, value);
        audit('secret.set', `secret ${name}`, {});
      },
      async remove(name) {
        const isRemoved = await secrets.remove(name);
        if (isRemoved) audit('secret.remove', `secret ${name}`, {});
        return isRemoved;
      },
    },
    logins: {
      ...logins,
      async finish(answer) {
        const result = await logins.finish(answer);
        audit('instance.login', `instance ${result.instance}`, { ...(result.method !== undefined && { method: result.method }) });
        return result;
      },
      async end(instance, options) {
        const isEnded = await logins.end(instance, options);
        if (isEnded) audit('instance.logout', `instance ${instance}`, { ...(options?.method !== undefined && { method: options.method }) });
        return isEnded;
      },
    },
    past: {
      ...past,
      async retry(run, options = {}) {
        const started = await past.retry(run, options);
        audit('run.retry', `run ${run}`, { started: started.head.id, ...(options.version && { version: options.version }), ...(options.payload && { withAnotherPayload: true }) });
        return started;
      },
      async resume(run, options = {}) {
        const started = await past.resume(run, options);
        audit('run.resume', `run ${run}`, { started: started.head.id, ...(options.version && { version: options.version }), ...(options.payloads && { payloads: options.payloads }) });
        return started;
      },
    },
    notifications: {
      ...notifications,
      async test(group) {
        const result = await notifications.test(group);
        audit('notification.test', `group ${group}`, { results: result.results });
        return result;
      },
    },
  };
  // Getters stay what they are: some of them open the recordings.
  return Object.create(runner, Object.getOwnPropertyDescriptors(audited)) as Runner;
}
