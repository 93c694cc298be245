import { App } from 'aws-cdk-lib/core';
import { DeploymentTestStack } from './stack';

const app = new App();
new DeploymentTestStack(app, 'SecretsManagerPatternsTest', {
  env: { account: process.env.CDK_DEFAULT_ACCOUNT, region: process.env.CDK_DEFAULT_REGION },
});
app.synth();
