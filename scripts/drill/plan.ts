import { deployedPart } from './deployed-part';
import { type ServerKind, serverOf } from './engine';
import { parseUnknown } from './lenient-resolver';
import { pathOf } from './paths';
import { type FoundFunction, type FoundSecret, StaticApp } from './static-app';
import type { Strategy } from './strategy';
import { unpackBindings } from '../../src/contract/bindings';
import type { DatabaseFacts, UserBinding } from '../../src/contract/database-facts';
import { Environment } from '../../src/contract/environment';
import type { SynthesisedStack, TemplateResource } from '../local-deployment/cloud-assembly';

/** A rotation that is drilled. */
export interface DrilledSecret {
  /** Path of the construct, or the logical id where the template names none. */
  readonly name: string;
  readonly stackName: string;
  /** Logical id of the rotation schedule. */
  readonly scheduleId: string;
  readonly engine: string;
  readonly server: ServerKind;
  readonly strategy: Strategy;
  /** Absent for `own`. */
  readonly binding?: UserBinding;
}

export interface NotDrilled {
  readonly name: string;
  readonly reason: string;
}

/** What is drilled of an app, and what of it is deployed for that. */
export interface DrillPlan {
  readonly drilled: readonly DrilledSecret[];
  readonly notDrilled: readonly NotDrilled[];
  includes(stack: SynthesisedStack, logicalId: string): boolean;
}

const DATABASES = ['AWS::RDS::DBInstance', 'AWS::RDS::DBCluster'];

/** Why something is not drilled. */
class Unfit extends Error {}

/** Finds the rotated secrets of an app, and which of them can be drilled on which server. */
export function planDrill(stacks: readonly SynthesisedStack[]): DrillPlan {
  const app = new StaticApp(stacks);
  const drilled: DrilledSecret[] = [];
  const notDrilled: NotDrilled[] = [];
  const roots: [SynthesisedStack, string][] = [];
  for (const stack of stacks) {
    for (const [scheduleId, schedule] of Object.entries(stack.resources)) {
      if (schedule.Type !== 'AWS::SecretsManager::RotationSchedule') {
        continue;
      }
      const secret = app.secretOf(stack, schedule.Properties?.SecretId);
      const name = secret?.title ?? pathOf(schedule, scheduleId);
      try {
        const { found, ...facts } = examine(app, stack, schedule, secret, stacks[0].account);
        drilled.push({ name, stackName: stack.name, scheduleId, ...facts });
        roots.push([stack, scheduleId], [found.stack, found.logicalId], [secret!.stack, secret!.logicalId]);
      } catch (error) {
        if (!(error instanceof Unfit)) {
          throw error;
        }
        notDrilled.push({ name, reason: error.message });
      }
    }
  }
  return { drilled, notDrilled, includes: deployedPart(app, roots) };
}

type Facts = Omit<DrilledSecret, 'name' | 'stackName' | 'scheduleId'> & { readonly found: FoundFunction };

function examine(
  app: StaticApp, stack: SynthesisedStack, { Properties }: TemplateResource, secret: FoundSecret | undefined, account: string,
): Facts {
  if (Properties?.RotationLambdaARN === undefined) {
    throw new Unfit('AWS or a partner rotates it: no function of this app does');
  }
  if (stack.account !== account) {
    throw new Unfit(`its stack is in account ${stack.account}, the first one of the app in ${account}: one account is drilled`);
  }
  if (secret === undefined) {
    throw new Unfit('the secret is not one of this app');
  }
  const found = app.functionOf(stack, Properties.RotationLambdaARN);
  if (found === undefined) {
    throw new Unfit('its function is not one of this app');
  }
  const { environment } = found;
  const facts = databaseFacts(environment);
  const server = serverOf(facts.engine);
  if (server === undefined) {
    throw new Unfit(`there is no server for ${facts.engine} here`);
  }
  if (facts.furtherHosts !== undefined) {
    throw new Unfit('its users are on several servers, and one is started here');
  }
  if (environment[Environment.MODE] !== 'superuser') {
    return { found, engine: facts.engine, server, strategy: 'own' };
  }
  checkSuperuser(app, environment[Environment.SUPERUSER_SECRET] ?? '');
  const binding = bindingOf(environment, secret);
  return { found, engine: facts.engine, server, strategy: binding.strategy, binding };
}

function databaseFacts(environment: Readonly<Record<string, string>>): DatabaseFacts {
  if (Environment.CACHE in environment) {
    throw new Unfit('there is no server for the API of Amazon ElastiCache and Amazon MemoryDB here');
  }
  if (!(Environment.DATABASE in environment)) {
    throw new Unfit(Environment.BINDINGS in environment
      ? 'nobody signs in to a database with it'
      : "its function is not one of cdk-secretsmanager-patterns: which server it signs in to is the function's own knowledge");
  }
  return JSON.parse(environment[Environment.DATABASE]) as DatabaseFacts;
}

function checkSuperuser(app: StaticApp, secret: string): void {
  const unknown = parseUnknown(secret);
  const isManaged = unknown?.attribute === 'MasterUserSecret.SecretArn' && DATABASES.includes(app.typeOf(unknown) ?? '');
  if (!isManaged && app.secretNamed(secret) === undefined) {
    throw new Unfit("the secret of its database's superuser is not one of this app");
  }
}

function bindingOf(environment: Readonly<Record<string, string>>, secret: FoundSecret): UserBinding {
  const bindings = unpackBindings(JSON.parse(environment[Environment.BINDINGS]) as Parameters<typeof unpackBindings>[0]);
  const binding = (bindings as unknown as UserBinding[]).find((one) => [secret.arn, secret.secretName].includes(one.secret));
  if (binding === undefined) {
    throw new Unfit('its function does not know it');
  }
  return binding;
}
