import { SecurityGroup, SubnetType, Vpc } from 'aws-cdk-lib/aws-ec2';
import { Duration, Stack, type StackProps } from 'aws-cdk-lib/core';
import {
  HardenedSecret, LdapDirectory, Rotation, RotationNetwork, RotationTiming, SecretContent,
} from 'cdk-secretsmanager-patterns';
import type { Construct } from 'constructs';

const SERVICES = 'ou=services,dc=example,dc=com';

/** Users of an LDAP directory on servers of one's own, who exist there: two that take turns, and one by itself. */
export class DirectoryStack extends Stack {
  constructor(scope: Construct, id: string, props: StackProps) {
    super(scope, id, props);

    const vpc = new Vpc(this, 'Vpc', {
      maxAzs: 2,
      natGateways: 0,
      subnetConfiguration: [{ name: 'Isolated', subnetType: SubnetType.PRIVATE_ISOLATED }],
    });
    const directory = LdapDirectory.of({
      host: 'ldap.example.com',
      network: RotationNetwork.of({ vpc }),
      securityGroups: [new SecurityGroup(this, 'DirectorySecurityGroup', { vpc })],
    });

    // It may write userPassword below ou=services, and read groups and locks there.
    const superuser = new HardenedSecret(this, 'RotationUser', {
      content: SecretContent.ldapCredentials({ username: `cn=rotation,${SERVICES}`, directory }),
      rotation: Rotation.none('it is set by hand in the directory'),
    });
    new HardenedSecret(this, 'ReportsUser', {
      content: SecretContent.ldapCredentials({ username: `uid=reports-1,${SERVICES}`, directory }),
      rotation: Rotation.ldapUser({
        superuser: superuser.secret,
        alternateUsername: `uid=reports-2,${SERVICES}`,
        formerWorksFor: Duration.days(2),
        timing: RotationTiming.every(Duration.days(14)),
      }),
    });
    new HardenedSecret(this, 'MailUser', {
      content: SecretContent.ldapCredentials({ username: `uid=mail,${SERVICES}`, directory }),
      rotation: Rotation.ldapUser({ superuser: superuser.secret }),
    });
  }
}
