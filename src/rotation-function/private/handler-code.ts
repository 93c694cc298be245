import { existsSync } from 'fs';
import { join } from 'path';
import { Code } from 'aws-cdk-lib/aws-lambda';
import type { HandlerName } from '../../contract/handler-name';

/** Where `assets/` is seen from: the package has one file, in `lib/`, and a checkout has this one. */
const PLACES = [[__dirname, '..'], [__dirname, '..', '..', '..']].map((parts) => join(...parts, 'assets'));

/** Code of a bundled function. The only place that knows where the bundles are. */
export function handlerCode(name: HandlerName): Code {
  const directory = PLACES.map((assets) => join(assets, name)).find((folder) => existsSync(join(folder, 'index.js')));
  if (directory === undefined) {
    throw new Error(`the rotation function '${name}' is missing from the package: no ${name}/index.js in its assets/; `
      + 'install cdk-secretsmanager-patterns again, or run `npx projen bundle` in a checkout');
  }
  return Code.fromAsset(directory);
}
