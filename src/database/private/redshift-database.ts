import type { CfnCluster } from 'aws-cdk-lib/aws-redshift';
import type { CfnWorkgroup } from 'aws-cdk-lib/aws-redshiftserverless';
import { AttachmentTargetType, type ISecret, type ISecretAttachmentTarget } from 'aws-cdk-lib/aws-secretsmanager';
import { type CfnResource, Token } from 'aws-cdk-lib/core';
import { managedSecret } from './managed-master-secret';
import { propertyOf } from '../../core/template-property';

/** What the resource of a cluster or a workgroup says of itself. */
export interface RedshiftDatabase {
  readonly resource: CfnResource;
  readonly host: string;
  readonly port: number;
  readonly literalPort?: number;
  readonly databaseName?: string;
  readonly attachment?: ISecretAttachmentTarget;
  /** Finds the secret of the master user, where Amazon Redshift manages it. */
  readonly masterSecret?: () => ISecret;
  /** Whether it is known to be reachable from outside its VPC. */
  readonly publiclyAccessible: boolean;
}

export function redshiftCluster(cluster: CfnCluster): RedshiftDatabase {
  return {
    resource: cluster,
    host: cluster.attrEndpointAddress,
    port: Token.asNumber(cluster.attrEndpointPort),
    literalPort: literal(cluster.port),
    databaseName: cluster.dbName,
    attachment: {
      asSecretAttachmentTarget: () => ({ targetId: cluster.ref, targetType: AttachmentTargetType.REDSHIFT_CLUSTER }),
    },
    masterSecret: propertyOf(cluster, 'manageMasterPassword') === true
      ? () => managedSecret(cluster, cluster.attrMasterPasswordSecretArn, cluster.masterPasswordSecretKmsKeyId) : undefined,
    publiclyAccessible: cluster.publiclyAccessible === true,
  };
}

export function redshiftWorkgroup(workgroup: CfnWorkgroup): RedshiftDatabase {
  return {
    resource: workgroup,
    host: workgroup.attrWorkgroupEndpointAddress,
    port: workgroup.attrWorkgroupEndpointPort,
    literalPort: literal(workgroup.port),
    publiclyAccessible: workgroup.publiclyAccessible === true,
  };
}

function literal(port: number | undefined): number | undefined {
  return Token.isUnresolved(port) ? undefined : port;
}
