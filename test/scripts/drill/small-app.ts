import { Vpc } from 'aws-cdk-lib/aws-ec2';
import {
  Credentials, DatabaseInstance, DatabaseInstanceEngine, type IInstanceEngine, PostgresEngineVersion,
} from 'aws-cdk-lib/aws-rds';
import { App, Stack } from 'aws-cdk-lib/core';
import { type DatabaseEngine, DatabaseTarget, HardenedSecret, Rotation, SecretContent } from '../../../src';

export const ENVIRONMENT = { account: '111111111111', region: 'us-east-1' };

/** An app in a directory of its own, synthesised. */
export function synthesised(outdir: string, fill: (stack: Stack, app: App) => void): string {
  const app = new App({ outdir, analyticsReporting: false, context: { 'aws:cdk:enable-path-metadata': true } });
  fill(new Stack(app, 'Shop', { env: ENVIRONMENT }), app);
  app.synth();
  return outdir;
}

export function database(stack: Stack, id: string, engine: IInstanceEngine): DatabaseInstance {
  const vpc = (stack.node.tryFindChild('Vpc') as Vpc | undefined)
    ?? new Vpc(stack, 'Vpc', { availabilityZones: ['us-east-1a', 'us-east-1b'] });
  return new DatabaseInstance(stack, id, { vpc, engine, credentials: Credentials.fromGeneratedSecret('administrator') });
}

export const POSTGRES = DatabaseInstanceEngine.postgres({ version: PostgresEngineVersion.VER_17_6 });

/** A user of a database of Amazon RDS, who is one user all the time. */
export function addOrders(stack: Stack): HardenedSecret {
  return new HardenedSecret(stack, 'Orders', {
    content: SecretContent.databaseCredentials({
      username: 'orders', database: DatabaseTarget.fromRdsInstance(database(stack, 'OrdersDatabase', POSTGRES)),
    }),
    rotation: Rotation.singleUserWithSuperuser(),
  });
}

/** A user on a server of one's own, whose superuser's secret is of the app. */
export function addOwnServer(stack: Stack, id: string, engine: DatabaseEngine, rotation: Rotation): void {
  const superuser = new HardenedSecret(stack, `${id}Superuser`, {
    content: SecretContent.databaseCredentials({ username: 'rotation' }),
    rotation: Rotation.none('it is set by hand'),
  });
  const target = DatabaseTarget.of({ engine, host: `${id.toLowerCase()}.example.com`, superuser: superuser.secret });
  new HardenedSecret(stack, id, {
    content: SecretContent.databaseCredentials({ username: id.toLowerCase(), database: target }), rotation,
  });
}
