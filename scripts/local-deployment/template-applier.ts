import type { SynthesisedStack } from './cloud-assembly';
import { type CreatedResource, Creation } from './creation';
import { createAlias, createKey } from './emulated-key';
import {
  type ConnectionFacts,
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
  readonly version: string;
  readonly username: string;
  readonly password: string;
}

/** Creates what AWS::RDS::DBInstance stands for, and says where it is. */
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
  readonly secretArn: string;
  readonly functionArn: string;
  readonly rotatesImmediately: boolean;
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
    'AWS::RDS::DBInstance': async (creation) => this.createDatabase(creation),
    'AWS::SecretsManager::SecretTargetAttachment': async (creation) => createTargetAttachment(creation, this.targets),
    'AWS::Lambda::Function': async (creation) => this.declareFunction(creation),
    'AWS::SecretsManager::RotationSchedule': async (creation) => this.declareSchedule(creation),
  };

  constructor(private readonly emulator: Emulator, private readonly provideDatabase: DatabaseProvider) {}

  async apply(stack: SynthesisedStack): Promise<void> {
    const resolver = new TemplateResolver({
      partition: 'aws',
      account: stack.account,
      region: stack.region,
      stackName: stack.name,
    });
    const declared = Object.entries(stack.resources);
    for (const [type, create] of Object.entries(this.creators)) {
      for (const [logicalId] of declared.filter(([, { Type }]) => Type === type)) {
        const values = await create(new Creation(logicalId, stack, this.emulator, resolver)).catch((error: Error) => {
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

  private async createDatabase(creation: Creation): Promise<CreatedResource> {
    const { Engine, EngineVersion, MasterUsername, MasterUserPassword } = creation.some<Record<string, string>>(
      'Engine', 'EngineVersion', 'MasterUsername', 'MasterUserPassword',
    );
    const password = await readDynamicReference(creation.secretsManager, MasterUserPassword);
    const { host, port } = await this.provideDatabase({
      engine: Engine,
      version: EngineVersion,
      username: MasterUsername,
      password,
    });
    const identifier = creation.generatedName.toLowerCase();
    this.targets.set(identifier, { engine: Engine, host, port, dbInstanceIdentifier: identifier });
    return { ref: identifier, attributes: { 'Endpoint.Address': host, 'Endpoint.Port': String(port) } };
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
    this.schedules.push({ secretArn: SecretId, functionArn: RotationLambdaARN, rotatesImmediately: RotateImmediatelyOnUpdate });
    return { ref: SecretId };
  }
}
