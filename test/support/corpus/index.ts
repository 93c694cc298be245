import type { App } from 'aws-cdk-lib/core';
import { DATABASES } from './databases';
import { SERVICES } from './services';
import { TEMPLATES } from './templates';

/** Makes an app in the shape in which people publish theirs. */
export type CorpusApp = (app: App) => void;

/** Apps of plain AWS CDK, by what they do with secrets; none knows this library. */
export const CORPUS: [string, CorpusApp][] = [...SERVICES, ...DATABASES, ...TEMPLATES];
