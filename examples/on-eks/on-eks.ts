import { join } from 'node:path';
import { App } from 'aws-cdk-lib/core';
import { OnEksStack } from './on-eks-stack';
import { TEAM_CLUSTER } from './team-cluster';

const app = new App();
new OnEksStack(app, 'OnEks', {
  env: { account: '111111111111', region: 'us-east-1' },
  teamCluster: TEAM_CLUSTER,
  // What the `build` of cdk.json has made of application/.
  applicationFolder: join(__dirname, 'dist'),
});
app.synth();
