import { type CompiledTransform, FlowError, type OpenContext, withChanges } from '../sdk/index.ts';

export interface OtherTransform {
  readonly type: string;
  readonly settings: object;
  /** What its settings are called in the own ones, where that is otherwise. */
  readonly names?: Readonly<Record<string, string>>;
}

/** Has another transform do the work of `own`, in whose name it fails, at a place of its settings. */
export const inOwnName = (own: string, { type, settings, names = {} }: OtherTransform, context: Pick<OpenContext, 'transform'>): Promise<CompiledTransform> =>
  context.transform(type, settings, { as: own }).catch((error: unknown) => {
    const [, setting = '', rest = ''] = (FlowError.is(error) && /^\/([^/]+)(.*)$/.exec(error.place?.pointer ?? '')) || [];
    throw FlowError.is(error) && names[setting] !== undefined ? withChanges(error, { place: { ...error.place, pointer: `/${names[setting]}${rest}` } }) : error;
  });
