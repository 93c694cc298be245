import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { Aws, CfnMapping, Stack, Token } from 'aws-cdk-lib/core';
import { RegionInfo } from 'aws-cdk-lib/region-info';
import { EXTENSION_LAYERS } from './extension-layers';
import { onceFor } from '../../core/once';

/** By Region: the account, and the version for each architecture, whose keys are letters and digits as mappings have them. */
export const LISTED_LAYERS: Record<string, Record<string, string | undefined>> = Object.fromEntries(
  EXTENSION_LAYERS.trim().split('\n').map((row) => {
    const [region, account, x8664, arm64] = row.split(' ');
    return [region, { account, x8664, arm64 }];
  }),
);

/**
 * The layer of the extension in the Region and for the architecture of a function; nothing where AWS lists none.
 *
 * Where the Region is not known it is found in the whole table, when the stack is deployed.
 */
export function usualExtensionLayer(fn: LambdaFunction): string | undefined {
  const stack = Stack.of(fn);
  const { region } = stack;
  const find = (key: string): string | undefined => Token.isUnresolved(region)
    ? onceFor(stack, 'layers of the extension', () =>
      new CfnMapping(stack, 'ParametersAndSecretsExtensionLayers', { mapping: LISTED_LAYERS })).findInMap(region, key)
    : LISTED_LAYERS[region]?.[key];
  const { name } = fn.architecture;
  const version = find(name.replace('_', ''));
  return version && `arn:${RegionInfo.get(region).partition ?? Aws.PARTITION}:lambda:${region}:${find('account')}:layer:`
    + `AWS-Parameters-and-Secrets-Lambda-Extension${name === 'arm64' ? '-Arm64' : ''}:${version}`;
}
