import { join } from 'node:path';
import { Code } from 'aws-cdk-lib/aws-lambda';
import type { App } from 'aws-cdk-lib/core';
import { accessScenario, type Regions } from './scenario';
import { HttpApiKeyStack } from '../../examples/http-api-key/http-api-key-stack';
import { addRotations } from '../../examples/rotations/add-rotations';
import { exampleApp, onEksApp, onFargateApp } from '../examples/synthesised';
import { testApp } from '../support/scenario';

const ROTATOR = join(__dirname, '../../examples/http-api-key/rotator');

/** The apps whose templates are evaluated: one that has everything, and the examples. */
export const APPS = {
  'scenario': accessScenario,
  'my-custom-app': exampleApp,
  'on-fargate': onFargateApp,
  'on-eks': onEksApp,
  'rotations': () => {
    const app = testApp();
    addRotations(app, { account: '111111111111', region: 'us-east-1' });
    return app;
  },
  'http-api-key': () => {
    const app = testApp();
    // No policy depends on what is in the bundle.
    new HttpApiKeyStack(app, 'HttpApiKey', {
      env: { account: '111111111111', region: 'us-east-1' }, rotatorCode: Code.fromAsset(ROTATOR),
    });
    return app;
  },
} satisfies Record<string, (regions: Regions) => App>;

export type AppName = keyof typeof APPS;
