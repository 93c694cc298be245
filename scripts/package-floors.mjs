/**
 * What packages of other languages ask for: the oldest versions that are supported, as the npm package does.
 *
 * jsii-pacmak puts the newest into the POM that there is when it is built, and those of this checkout into the Go module:
 * an app would have to take them with the first minor version of this library.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './installation.mjs';

const manifest = (folder) => JSON.parse(readFileSync(join(ROOT, folder, 'package.json'), 'utf8'));
const oldest = (range) => range.replace(/^\^/, '');

/** Ranges of Maven become their lower ends, which Maven takes as wishes: an app with a newer version gets that. */
export function pomOfFloors(pom) {
  return pom.replace(/<version>\[([\d.]+),[\d.]+\)<\/version>/g, '<version>$1</version>');
}

/** What the oldest AWS CDK needs itself is in the module as well: no newer than that says. */
export function goModuleOfFloors(module) {
  const { dependencies } = manifest('node_modules/aws-cdk-lib');
  const floors = {
    'awscdk-asset-awscli-go/awscliv1/v2': dependencies['@aws-cdk/asset-awscli-v1'],
    'awscdk-asset-node-proxy-agent-go/nodeproxyagentv6/v2': dependencies['@aws-cdk/asset-node-proxy-agent-v6'],
    'cloud-assembly-schema-go/awscdkcloudassemblyschema/v48': dependencies['@aws-cdk/cloud-assembly-schema'],
  };
  return Object.entries(floors).reduce((text, [name, range]) => {
    const requirement = new RegExp(`(github\\.com/cdklabs/${name} )v[\\d.]+`);
    if (!requirement.test(text)) {
      throw new Error(`the Go module no longer needs ${name}: scripts/package-floors.mjs names it`);
    }
    return text.replace(requirement, `$1v${oldest(range)}`);
  }, module);
}
