import { join } from 'node:path';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { App } from 'aws-cdk-lib/core';
import { HttpApiKeyStack } from './http-api-key-stack';

const app = new App();
new HttpApiKeyStack(app, 'HttpApiKey', {
  env: { account: '111111111111', region: 'us-east-1' },
  // What the `build` of cdk.json has made of rotator/.
  rotatorCode: Code.fromAsset(join(__dirname, 'dist')),
});
app.synth();
