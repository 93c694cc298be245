import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { App, Stack } from 'aws-cdk-lib/core';
import type { Variant } from './variant';

const FLAGS = 'test/newest/node_modules/aws-cdk-lib/recommended-feature-flags.json';

/** Synthesises an app in a process of its own, once, and writes down what that took: no stack has more than so many secrets. */
function main([name, secrets, most, outdir]: string[]): void {
  // What another one needs is not loaded.
  const { [name]: variant } = createRequire(__filename)(`./${name}`) as Record<string, Variant>;
  const app = new App({
    outdir,
    analyticsReporting: false,
    context: {
      ...JSON.parse(readFileSync(FLAGS, 'utf8')) as object,
      '@aws-cdk/core:stackResourceLimit': 0,
      '@aws-cdk/core:validateAgainstDefaultRules': false,
      'aws:cdk:disable-asset-staging': true,
    },
  });
  const before = process.cpuUsage();
  let left = Number(secrets);
  for (let nth = 1; left > 0; nth++) {
    const stack = new Stack(app, `Stack${nth}`, { env: { account: '111111111111', region: 'us-east-1' } });
    variant(stack, Math.min(left, Number(most)));
    left -= Number(most);
  }
  app.synth();
  const { user, system } = process.cpuUsage(before);
  process.stdout.write(JSON.stringify({ milliseconds: (user + system) / 1000, kibibytes: process.resourceUsage().maxRSS }));
}

main(process.argv.slice(2));
