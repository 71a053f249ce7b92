import { serialize } from '../../model/serialize.ts';
import { titleOf, type Template } from './template.ts';

/** Tests of a flow, beside it. */
export const testTemplates: Readonly<Record<string, Template>> = {
  cases: {
    summary: 'Cases of the flow of that name; `patchbay test --save RUN` makes one of a run',
    files: (name) => ({
      [`flows/${name}.test.json`]: serialize('test', {
        version: 1, title: titleOf(name), given: { payload: { json: {} } },
        cases: { 'it ends well': { description: 'Whatever other systems would be asked for fails, and says how it is mocked.', expect: { status: 'success' } } },
      }),
    }),
  },
};
