import { Stack } from 'aws-cdk-lib/core';
import { DatabaseTarget, HardenedSecret, Rotation, RotationNetwork, SecretContent } from '../../src';
import { isolatedVpc, personnelDatabase, testApp } from '../support/scenario';

export const environment = { account: '111111111111', region: 'eu-west-1' };

export const stackOf = (): Stack => new Stack(testApp(), 'Stack', { env: environment });

/** A secret of a user of a database. */
export function databaseSecret(stack: Stack, rotation?: Rotation): HardenedSecret {
  const vpc = isolatedVpc(stack);
  const database = DatabaseTarget.fromRdsInstance(personnelDatabase(stack, vpc));
  return new HardenedSecret(stack, 'Secret', {
    content: SecretContent.databaseCredentials({ username: 'app', database }),
    network: RotationNetwork.of({ vpc }),
    rotation,
  });
}

export const SINGLE = Rotation.singleUserWithSuperuser();
export const ALTERNATING = Rotation.alternatingUsers();
