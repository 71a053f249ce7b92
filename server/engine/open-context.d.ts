import { type OpenContext } from '../../plugins/sdk/index.ts';
import type { ExpressionEnv } from '../model/expression.ts';
import type { EngineHost } from './host.ts';
/** What the opening of transforms and steps may reach. A transform is compiled once per settings, since it keeps nothing between calls. */
export declare function openContext(host: EngineHost): OpenContext;
/** How `{{ … }}` is compiled: pipes are the transforms of the registry. */
export declare function expressionEnv(host: EngineHost, open?: OpenContext): ExpressionEnv;
