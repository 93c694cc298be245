import { DescribeSecretCommand, type SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { PersonnelDatabase } from './personnel-database';
import { Environment } from '../../src/contract/environment';
import { DeployedFunction } from '../local-deployment/deployed-function';
import type { Emulator } from '../local-deployment/emulator';
import type { DeclaredFunction, DeclaredSchedule, TemplateApplier } from '../local-deployment/template-applier';

/** The variable with which the example tells MyCustomApp which secret to read. */
const SECRET_NAME = 'SECRET_NAME';
/** Seconds for a call of the application, which shares the machine with all servers. */
const APPLICATION_TIMEOUT = 30;

/** The parts of the example that act: its functions, and which schedule is the application's. */
export class DeployedExample {
  /** Finds the parts among what the templates declare. */
  static async of(applier: TemplateApplier, emulator: Emulator, database: PersonnelDatabase): Promise<DeployedExample> {
    const [application] = applier.functions.filter(({ environment }) => SECRET_NAME in environment);
    if (application === undefined) {
      throw new Error(`no function of the example has the variable ${SECRET_NAME}`);
    }
    const client = emulator.secretsManager(application.region);
    const { ARN } = await client.send(new DescribeSecretCommand({ SecretId: application.environment[SECRET_NAME] }));
    const schedule = applier.schedules.find(({ secretArn }) => secretArn === ARN);
    const others = applier.schedules.filter(({ secretArn }) => secretArn !== ARN);
    if (schedule === undefined) {
      throw new Error("the example schedules no rotation of the application's secret");
    }
    return new DeployedExample(client, application, schedule, others, applier, emulator, database);
  }

  private constructor(
    readonly client: SecretsManagerClient,
    readonly application: DeclaredFunction,
    /** Of the application's secret. */
    readonly schedule: DeclaredSchedule,
    /** Of the database's admin secret, and whatever else rotates. */
    readonly others: readonly DeclaredSchedule[],
    private readonly applier: TemplateApplier,
    private readonly emulator: Emulator,
    private readonly database: PersonnelDatabase,
  ) {}

  /** The functions that rotate, by their declaration. */
  async startRotationFunctions(): Promise<Map<DeclaredFunction, DeployedFunction>> {
    const scheduled = [this.schedule, ...this.others].map(({ functionArn }) => functionArn);
    const declared = this.applier.functions.filter(({ arn }) => scheduled.includes(arn));
    return new Map(
      await Promise.all(declared.map(async (one) => [one, await DeployedFunction.start(one, this.substitutesFor(one))] as const)),
    );
  }

  /** So many instances of MyCustomApp. `authorities` is a file. */
  async startApplication(instances: number, authorities: string): Promise<DeployedFunction[]> {
    const substitutes = { AWS_ENDPOINT_URL_SECRETS_MANAGER: this.emulator.url, NODE_EXTRA_CA_CERTS: authorities };
    return Promise.all(
      Array.from({ length: instances }, async () => DeployedFunction.start(this.application, substitutes, APPLICATION_TIMEOUT)),
    );
  }

  /** The name that the example gives a secret or, where it gives none, the id of its construct. */
  nameOf({ secretArn }: DeclaredSchedule): string {
    const { logicalId } = this.applier.resources.find(
      ({ type, physicalId }) => type === 'AWS::SecretsManager::Secret' && physicalId === secretArn,
    )!;
    return secretArn === this.schedule.secretArn
      ? this.application.environment[SECRET_NAME]
      : logicalId.replace(/[0-9A-F]{8}$/, '');
  }

  private substitutesFor({ environment }: DeclaredFunction): Record<string, string> {
    const facts = {
      ...(JSON.parse(environment[Environment.DATABASE]) as object),
      certificateAuthorities: this.database.certificateAuthority,
    };
    return { [Environment.ENDPOINT]: this.emulator.rotationsUrl, [Environment.DATABASE]: JSON.stringify(facts) };
  }
}
