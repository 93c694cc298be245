import { App } from 'aws-cdk-lib/core';
import { addRotations } from './add-rotations';

const app = new App();
addRotations(app, { account: '111111111111', region: 'us-east-1' });
app.synth();
