import { Code } from 'aws-cdk-lib/aws-lambda';
import { App } from 'aws-cdk-lib/core';
import { bundledRotator } from './http-api-key';
import { HttpApiKeyStack } from '../../examples/http-api-key/http-api-key-stack';

test('synthesises to the template that was reviewed', () => {
  const rotator = bundledRotator();
  try {
    const app = new App({ context: { 'aws:cdk:version-reporting': false }, analyticsReporting: false });
    new HttpApiKeyStack(app, 'HttpApiKey', {
      env: { account: '111111111111', region: 'us-east-1' },
      rotatorCode: Code.fromAsset(rotator.folder),
    });
    const { template } = app.synth().getStackByName('HttpApiKey');
    expect(JSON.parse(JSON.stringify(template).replace(/[0-9a-f]{64}(?=\.(zip|json))/g, 'ASSET'))).toMatchSnapshot();
  } finally {
    rotator.remove();
  }
});
