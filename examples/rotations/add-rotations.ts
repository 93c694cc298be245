import type { App, Environment } from 'aws-cdk-lib/core';
import { AccessKeyStack } from './access-key-stack';
import { CacheStack } from './cache-stack';
import { DataWarehouseStack } from './data-warehouse-stack';
import { DirectoryStack } from './directory-stack';
import { DocumentDatabaseStack } from './document-database-stack';
import { GeneratedValuesStack } from './generated-values-stack';
import { ManagedSecretsStack } from './managed-secrets-stack';
import { RelationalDatabasesStack } from './relational-databases-stack';

/** A stack for each family of rotations. */
export function addRotations(app: App, env: Environment): void {
  new RelationalDatabasesStack(app, 'RelationalDatabases', { env });
  new DocumentDatabaseStack(app, 'DocumentDatabase', { env });
  new DataWarehouseStack(app, 'DataWarehouse', { env });
  new DirectoryStack(app, 'Directory', { env });
  new CacheStack(app, 'Cache', { env });
  new AccessKeyStack(app, 'AccessKey', { env });
  new GeneratedValuesStack(app, 'GeneratedValues', { env });
  new ManagedSecretsStack(app, 'ManagedSecrets', { env });
}
