import { App } from 'aws-cdk-lib/core';
import { MyCustomAppStack } from './my-custom-app-stack';

const app = new App();
new MyCustomAppStack(app, 'MyCustomApp', { env: { account: '111111111111', region: 'us-east-1' } });
app.synth();
