import * as vscode from 'vscode';
import type { Services } from '../services.ts';
import { registerExpressions } from './expressions.ts';
import { registerNames } from './names.ts';
import { registerOutlines } from './outline.ts';
import { registerQuickFixes } from './quick-fixes.ts';
import { keepScriptTypes } from './script-types.ts';

/** All that VS Code asks about the text of our files. */
export const registerLanguageFeatures = (services: Services): vscode.Disposable =>
  vscode.Disposable.from(registerOutlines(), registerQuickFixes(services), registerExpressions(services), registerNames(services), keepScriptTypes(services));
