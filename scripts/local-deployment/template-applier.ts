import type { SynthesisedStack } from './cloud-assembly';
import { type CreatedResource, Creation } from './creation';
import { createAlias, createKey } from './emulated-key';
import {
  type ConnectionFacts,
  createMasterSecret,
  createResourcePolicy,
  createSecret,
  createTargetAttachment,
  readDynamicReference,
} from './emulated-secret';
import type { Emulator } from './emulator';
import { TemplateResolver } from './template-resolver';

/** What a template says of a database. */
export interface DatabaseDeclaration {
  readonly engine: string;
  /** @default - what Amazon RDS chooses */
  readonly version?: string;
  readonly username: string;
  readonly password: string;
  /** The database that is made beside those of the engine. @default none */
  readonly name?: string;
}

/** Creates what AWS::RDS::DBInstance or AWS::RDS::DBCluster stands for, and says where it is. */
export type DatabaseProvider = (declaration: DatabaseDeclaration) => Promise<{ host: string; port: number }>;

/** A function of a template, its environment resolved. */
export interface DeclaredFunction {
  readonly logicalId: string;
  readonly name: string;
  readonly arn: string;
  readonly region: string;
  /** `file.export` */
  readonly handler: string;
  /** Seconds, where the template says. */
  readonly timeout?: number;
  readonly environment: Readonly<Record<string, string>>;
  /** What the CDK would upload. */
  readonly asset: string;
}

/** A rotation schedule of a template. */
export interface DeclaredSchedule {
  readonly stackName: string;
  readonly logicalId: string;
  readonly secretArn: string;
  readonly functionArn: string;
  readonly rotatesImmediately: boolean;
}

/** The part of an app that is deployed. */
export interface DeploymentPart {
  includes(stack: SynthesisedStack, logicalId: string): boolean;
  /** For what the part refers to. */
  resolverOf(stack: SynthesisedStack): TemplateResolver;
}

export interface AppliedResource {
  readonly region: string;
  readonly type: string;
  readonly logicalId: string;
  readonly physicalId: string;
  readonly note?: string;
}

/**
 * Creates of a synthesised template what rotations need, in place of CloudFormation: on the emulator, which has no deployment for
 * it.
 */
export class TemplateApplier {
  readonly resources: AppliedResource[] = [];
  readonly functions: DeclaredFunction[] = [];
  readonly schedules: DeclaredSchedule[] = [];
  /** How many resources were left out, by service. */
  readonly leftOut = new Map<string, number>();
  private readonly targets = new Map<string, ConnectionFacts>();

  /** In the order of creation. */
  private readonly creators: Readonly<Record<string, (creation: Creation) => Promise<CreatedResource>>> = {
    'AWS::KMS::Key': createKey,
    'AWS::KMS::Alias': createAlias,
    'AWS::SecretsManager::Secret': createSecret,
    'AWS::SecretsManager::ResourcePolicy': createResourcePolicy,
    'AWS::RDS::DBCluster': async (creation) => this.createDatabase(creation, 'dbClusterIdentifier'),
    'AWS::RDS::DBInstance': async (creation) => this.createDatabase(creation, 'dbInstanceIdentifier'),
    'AWS::SecretsManager::SecretTargetAttachment': async (creation) => createTargetAttachment(creation, this.targets),
    'AWS::Lambda::Function': async (creation) => this.declareFunction(creation),
    'AWS::SecretsManager::RotationSchedule': async (creation) => this.declareSchedule(creation),
  };

  /** @param part where it is given, properties that nothing is done with are of no consequence. @default - all, as it stands */
  constructor(
    private readonly emulator: Emulator,
    private readonly provideDatabase: DatabaseProvider,
    private readonly part?: DeploymentPart,
  ) {}

  async apply(stack: SynthesisedStack): Promise<void> {
    const resolver = this.part?.resolverOf(stack) ?? new TemplateResolver({
      partition: 'aws',
      account: stack.account,
      region: stack.region,
      stackName: stack.name,
    });
    const isComplete = this.part === undefined;
    const declared = Object.entries(stack.resources).filter(([logicalId]) => this.part?.includes(stack, logicalId) ?? true);
    for (const [type, create] of Object.entries(this.creators)) {
      for (const [logicalId] of declared.filter(([, { Type }]) => Type === type)) {
        const values = await create(new Creation(logicalId, stack, this.emulator, resolver, isComplete)).catch((error: Error) => {
          throw new Error(`${logicalId} (${type}) of stack ${stack.name} was not created: ${error.message}`);
        });
        resolver.define(logicalId, values);
        this.resources.push({ region: stack.region, type, logicalId, physicalId: values.ref, note: values.note });
      }
    }
    for (const [, { Type }] of declared.filter(([, resource]) => !(resource.Type in this.creators))) {
      const [, service] = Type.split('::');
      this.leftOut.set(service, (this.leftOut.get(service) ?? 0) + 1);
    }
  }

  private async createDatabase(
    creation: Creation, identifierField: 'dbClusterIdentifier' | 'dbInstanceIdentifier',
  ): Promise<CreatedResource> {
    const { Engine, EngineVersion, MasterUsername, MasterUserPassword, ManageMasterUserPassword, DBName, DatabaseName } =
      creation.some<Record<string, string>>(
        'Engine', 'EngineVersion', 'MasterUsername', 'MasterUserPassword', 'ManageMasterUserPassword', 'DBName', 'DatabaseName',
      );
    const identifier = creation.generatedName.toLowerCase();
    const managed = ManageMasterUserPassword
      ? await createMasterSecret(creation.secretsManager, identifier, MasterUsername)
      : undefined;
    const { host, port } = await this.provideDatabase({
      engine: Engine,
      version: EngineVersion,
      username: MasterUsername,
      password: managed?.password ?? await readDynamicReference(creation.secretsManager, MasterUserPassword),
      name: DBName ?? DatabaseName,
    });
    this.targets.set(identifier, { engine: Engine, host, port, [identifierField]: identifier });
    return {
      ref: identifier,
      attributes: {
        'Endpoint.Address': host,
        'Endpoint.Port': String(port),
        ...managed && { 'MasterUserSecret.SecretArn': managed.arn },
      },
    };
  }

  private async declareFunction(creation: Creation): Promise<CreatedResource> {
    const {
      FunctionName: name = creation.generatedName,
      Handler,
      Timeout,
      Environment,
      Code,
    } = creation.some<{
      FunctionName?: string;
      Handler: string;
      Timeout?: number;
      Environment?: { Variables?: Record<string, string> };
      Code: { S3Key: string };
    }>('FunctionName', 'Handler', 'Timeout', 'Environment', 'Code');
    const { stack, logicalId } = creation;
    // Secrets Manager asks whether the function is there before it starts a rotation.
    const arn = await this.emulator.server.createFunction(name, stack.region);
    this.functions.push({
      logicalId,
      name,
      arn,
      region: stack.region,
      handler: Handler,
      timeout: Timeout,
      environment: Environment?.Variables ?? {},
      asset: stack.assetOf(Code.S3Key),
    });
    return { ref: name, attributes: { Arn: arn } };
  }

  private async declareSchedule(creation: Creation): Promise<CreatedResource> {
    const { SecretId, RotationLambdaARN, RotateImmediatelyOnUpdate = true } = creation.only<{
      SecretId: string; RotationLambdaARN: string; RotationRules: object; RotateImmediatelyOnUpdate?: boolean;
    }>('SecretId', 'RotationLambdaARN', 'RotationRules', 'RotateImmediatelyOnUpdate');
    const { logicalId, stack: { name: stackName } } = creation;
    this.schedules.push({
      stackName,
      logicalId,
      secretArn: SecretId,
      functionArn: RotationLambdaARN,
      rotatesImmediately: RotateImmediatelyOnUpdate,
    });
    return { ref: SecretId };
  }
}
