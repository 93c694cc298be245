import { existsSync } from 'fs';
import { join } from 'path';
import { Code } from 'aws-cdk-lib/aws-lambda';
import type { HandlerName } from '../../contract/handler-name';

/** Code of a bundled function. The only place that knows where the bundles are. */
export function handlerCode(name: HandlerName): Code {
  const directory = join(__dirname, '..', '..', '..', 'assets', name);
  if (!existsSync(join(directory, 'index.js'))) {
    throw new Error(`the rotation function '${name}' is missing from the package: no ${name}/index.js in its assets/; `
      + 'install cdk-secretsmanager-patterns again, or run `npx projen bundle` in a checkout');
  }
  return Code.fromAsset(directory);
}
