import {
  DescribeSecretCommand, GetSecretValueCommand, PutSecretValueCommand, type SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { type ServerKind, serverOf, SERVERS } from './engine';
import { LenientResolver } from './lenient-resolver';
import type { LocalCredentials, LocalDatabase } from './local-database';
import { LocalMariadb } from './local-mariadb';
import { LocalPostgresql } from './local-postgresql';
import { LocalRedis } from './local-redis';
import type { DrilledSecret, DrillPlan } from './plan';
import type { DatabaseFacts } from '../../src/contract/database-facts';
import { Environment } from '../../src/contract/environment';
import { CertificateAuthority } from '../../test/servers/certificates';
import type { SynthesisedStack } from '../local-deployment/cloud-assembly';
import { DeployedFunction } from '../local-deployment/deployed-function';
import { Emulator } from '../local-deployment/emulator';
import { RotationDriver } from '../local-deployment/rotation-driver';
import { type DeclaredFunction, type DeclaredSchedule, TemplateApplier } from '../local-deployment/template-applier';

/** What runs, and is stopped in the end. */
export type Keeper = <T extends { stop(): Promise<void> }>(server: T) => T;

/** A secret that is there, with the schedule that rotates it and the database that it is for. */
export interface DeployedSecret {
  readonly secret: DrilledSecret;
  readonly schedule: DeclaredSchedule;
  readonly database: LocalDatabase;
  readonly client: SecretsManagerClient;
}

const START: Readonly<Record<ServerKind, (authority: CertificateAuthority) => Promise<LocalDatabase>>> = {
  postgresql: async (authority) => LocalPostgresql.start(authority),
  mariadb: async (authority) => LocalMariadb.start(authority),
  redis: async (authority) => LocalRedis.start(authority),
};

/** The part of an app that is drilled, running on this machine. */
export class DrillDeployment {
  static async of(
    stacks: readonly SynthesisedStack[], plan: DrillPlan, keep: Keeper, say: (line: string) => void,
  ): Promise<DrillDeployment> {
    const emulator = keep(await Emulator.start(stacks[0].account));
    const deployment = new DrillDeployment(emulator, stacks, plan, keep, say);
    await deployment.apply();
    return deployment;
  }

  readonly secrets: DeployedSecret[] = [];
  readonly driver: RotationDriver;
  private readonly authority = new CertificateAuthority('Certificate authority of the drill');
  private readonly functions = new Map<DeclaredFunction, DeployedFunction>();
  private readonly resolvers = new Map<SynthesisedStack, LenientResolver>();
  /** By the address that functions are told. */
  private readonly databases = new Map<string, LocalDatabase>();
  private readonly masters = new Set<string>();
  private readonly applier: TemplateApplier;

  private constructor(
    private readonly emulator: Emulator, private readonly stacks: readonly SynthesisedStack[], private readonly plan: DrillPlan,
    private readonly keep: Keeper, private readonly say: (line: string) => void,
  ) {
    const exported = new Map<string, unknown>();
    stacks.forEach((stack) => this.resolvers.set(stack, new LenientResolver(stack, exported)));
    const part = {
      includes: (stack: SynthesisedStack, logicalId: string) => plan.includes(stack, logicalId),
      resolverOf: (stack: SynthesisedStack) => this.resolvers.get(stack)!,
    };
    this.applier = new TemplateApplier(emulator, async (declaration) => {
      const database = await this.start(serverOf(declaration.engine)!);
      this.databases.set(`${database.host}:${database.port}`, database);
      await database.createMaster(declaration);
      this.masters.add(`${database.port} ${declaration.username}`);
      if (declaration.name !== undefined) {
        await database.ensureDatabase(declaration.name);
      }
      return database;
    }, part);
    this.driver = new RotationDriver(emulator, this.functions);
  }

  private async apply(): Promise<void> {
    for (const stack of this.stacks) {
      await this.applier.apply(stack);
      this.resolvers.get(stack)!.export();
    }
    for (const secret of this.plan.drilled) {
      this.secrets.push(await this.deploy(secret));
    }
  }

  private async deploy(secret: DrilledSecret): Promise<DeployedSecret> {
    const schedule = this.applier.schedules
      .find(({ stackName, logicalId }) => stackName === secret.stackName && logicalId === secret.scheduleId)!;
    const declared = this.applier.functions.find(({ arn }) => arn === schedule.functionArn)!;
    const client = this.emulator.secretsManager(declared.region);
    const facts = JSON.parse(declared.environment[Environment.DATABASE]) as DatabaseFacts;
    const address = `${facts.host}:${facts.port}`;
    const database = this.databases.get(address) ?? await this.start(secret.server);
    this.databases.set(address, database);
    const superuserArn = declared.environment[Environment.SUPERUSER_SECRET];
    const master = superuserArn === undefined ? undefined : await relocate(client, superuserArn, facts, database);
    if (master !== undefined && !this.masters.has(`${database.port} ${master.username}`)) {
      await database.createMaster(master);
      this.masters.add(`${database.port} ${master.username}`);
    }
    const user = await relocate(client, schedule.secretArn, facts, database);
    await prepare(database, secret, user, facts, master);
    if (!this.functions.has(declared)) {
      const substitutes = this.substitutesFor(facts, database);
      this.functions.set(declared, this.keep(await DeployedFunction.start(declared, substitutes)));
    }
    return { secret, schedule, database, client };
  }

  private async start(kind: ServerKind): Promise<LocalDatabase> {
    const database = this.keep(await START[kind](this.authority));
    this.say(`started ${SERVERS[kind].title} at ${database.host}:${database.port}`);
    return database;
  }

  /** What a function is told in place of what the template says. */
  private substitutesFor(
    { tlsServerName: _, ...facts }: DatabaseFacts, { host, port, certificateAuthority: certificateAuthorities }: LocalDatabase,
  ): Record<string, string> {
    return {
      [Environment.ENDPOINT]: this.emulator.rotationsUrl,
      [Environment.DATABASE]: JSON.stringify({ ...facts, host, port, certificateAuthorities }),
    };
  }
}

/** The current value of a secret, with the address of our server in place of that of the app's. */
async function relocate(
  client: SecretsManagerClient, SecretId: string, facts: DatabaseFacts, { host, port }: LocalDatabase,
): Promise<LocalCredentials> {
  const { ARN } = await client.send(new DescribeSecretCommand({ SecretId }));
  const { SecretString } = await client.send(new GetSecretValueCommand({ SecretId }));
  const value = JSON.parse(SecretString!) as LocalCredentials & { host?: string };
  if (value.host === undefined || value.host === host || value.host !== facts.host) {
    return value;
  }
  const moved = { ...value, host, port };
  await client.send(new PutSecretValueCommand({ SecretId: ARN, SecretString: JSON.stringify(moved) }));
  return moved;
}

/** What an app takes for granted of its database. */
async function prepare(
  database: LocalDatabase, { binding }: DrilledSecret, user: LocalCredentials, facts: DatabaseFacts, master?: LocalCredentials,
): Promise<void> {
  const name = user.dbname ?? facts.databaseName;
  if (name !== undefined) {
    await database.ensureDatabase(name);
  }
  if (binding?.createWithRoles === undefined) {
    await database.ensureUser(user, master?.username);
  } else {
    await database.ensureRoles(binding.createWithRoles, master!.username);
  }
}
