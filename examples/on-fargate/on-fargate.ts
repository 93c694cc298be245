import { join } from 'node:path';
import { App } from 'aws-cdk-lib/core';
import { OnFargateStack } from './on-fargate-stack';

const app = new App();
new OnFargateStack(app, 'OnFargate', {
  env: { account: '111111111111', region: 'us-east-1' },
  // What the `build` of cdk.json has made of application/.
  applicationFolder: join(__dirname, 'dist'),
});
app.synth();
