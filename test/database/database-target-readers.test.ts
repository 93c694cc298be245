import { DatabaseCluster, DatabaseClusterEngine, DatabaseInstance, DatabaseInstanceEngine } from 'aws-cdk-lib/aws-rds';
import { App, Stack } from 'aws-cdk-lib/core';
import { DatabaseEngine, DatabaseTarget } from '../../src';

let stack: Stack;
beforeEach(() => stack = new Stack(new App(), 'Stack'));

const FORMS: [string, string, (host: string) => DatabaseTarget][] = [
  ['DatabaseTarget.of(host)', '[DatabaseTarget.of]', (host) => DatabaseTarget.of({ engine: DatabaseEngine.POSTGRES, host })],
  [
    'DatabaseTarget.fromRdsInstance(instance)',
    '[Stack/Imported]',
    (host) =>
      DatabaseTarget.fromRdsInstance(
        DatabaseInstance.fromDatabaseInstanceAttributes(stack, 'Imported', {
          instanceIdentifier: 'personnel',
          instanceEndpointAddress: host,
          port: 5432,
          securityGroups: [],
          engine: DatabaseInstanceEngine.POSTGRES,
        }),
      ),
  ],
  [
    'DatabaseTarget.fromRdsCluster(cluster)',
    '[Stack/Imported]',
    (host) =>
      DatabaseTarget.fromRdsCluster(
        DatabaseCluster.fromDatabaseClusterAttributes(stack, 'Imported', {
          clusterIdentifier: 'personnel',
          clusterEndpointAddress: host,
          port: 5432,
          engine: DatabaseClusterEngine.AURORA_POSTGRESQL,
        }),
      ),
  ],
];

describe.each(FORMS)('%s', (property, path, make) => {
  test.each([
    // The readers of Amazon Aurora and of a Multi-AZ DB cluster of Amazon RDS have names of one form, and those of Amazon
    // DocumentDB too.
    ['c.cluster-ro-cabc.eu-west-1.rds.amazonaws.com', 'a reader accepts no password change: give the cluster\'s writer endpoint'],
    ['c.cluster-ro-cabc.rds.cn-north-1.amazonaws.com.cn', 'a reader accepts no password change'],
    ['c.cluster-ro-cabc.eusc-de-east-1.rds.amazonaws.eu', 'a reader accepts no password change'],
    ['c.cluster-ro-cabc.eu-west-1.docdb.amazonaws.com', 'a reader accepts no password change'],
    // Whoever made it may have chosen readers.
    ['c.cluster-custom-cabc.eu-west-1.rds.amazonaws.com', 'a reader accepts no password change'],
    [
      'p.proxy-cabc.eu-west-1.rds.amazonaws.com',
      'RDS Proxy keeps its own copy of the credentials: rotate at the database behind it',
    ],
    ['P.ENDPOINT.PROXY-CABC.EU-WEST-1.RDS.AMAZONAWS.COM', 'RDS Proxy keeps its own copy'],
  ])('%s is refused', (host, remedy) => {
    expect(() => make(host)).toThrow(
      `${path} \`${property}\` is "${host}", allowed: the endpoint of an instance or the writer endpoint of a `
        + `cluster; ${remedy}`);
  });

  test.each(['c.cluster-cabc.eu-west-1.rds.amazonaws.com', 'i.cabc.eu-west-1.rds.amazonaws.com', 'cluster-ro-1.example.com'])(
    '%s is a writer, or nobody can say',
    (host) => {
      expect(make(host)._facts.host).toBe(host);
    },
  );
});
