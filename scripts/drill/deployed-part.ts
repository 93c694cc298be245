import { unknownsIn } from './lenient-resolver';
import type { StaticApp } from './static-app';
import { Environment } from '../../src/contract/environment';
import type { SynthesisedStack } from '../local-deployment/cloud-assembly';

/** What is created of an app; of all else there are names alone. */
const CREATED = [
  'AWS::SecretsManager::Secret', 'AWS::SecretsManager::SecretTargetAttachment', 'AWS::SecretsManager::RotationSchedule',
  'AWS::Lambda::Function', 'AWS::RDS::DBInstance', 'AWS::RDS::DBCluster',
];
const ATTACHMENT = 'AWS::SecretsManager::SecretTargetAttachment';
const MASTER = ['MasterUserPassword', 'MasterUsername', 'EngineVersion', 'DBName', 'DatabaseName'];

type Place = readonly [SynthesisedStack, string];

/** What has to be there for the roots: they themselves, and what they refer to, in other stacks too. */
export function deployedPart(app: StaticApp, roots: readonly Place[]): (stack: SynthesisedStack, logicalId: string) => boolean {
  const needed = new Map(app.stacks.map((stack) => [stack, new Set<string>()]));
  const open: Place[] = [...roots];
  for (let place = open.pop(); place !== undefined; place = open.pop()) {
    const [stack, logicalId] = place;
    const isNew = CREATED.includes(stack.resources[logicalId]?.Type) && !needed.get(stack)!.has(logicalId);
    if (isNew) {
      needed.get(stack)!.add(logicalId);
      open.push(...referencesOf(app, place), ...attachmentsOf(place));
    }
  }
  return (stack, logicalId) => needed.get(stack)!.has(logicalId);
}

function referencesOf(app: StaticApp, [stack, logicalId]: Place): Place[] {
  const { Type, Properties = {} } = stack.resources[logicalId];
  const isDatabase = Type.startsWith('AWS::RDS::');
  const properties = isDatabase ? Object.fromEntries(MASTER.map((name) => [name, Properties[name]])) : Properties;
  const own = textsOf(properties).filter((text) => text in stack.resources).map((text): Place => [stack, text]);
  return [...own, ...namedElsewhere(app, stack, properties)];
}

/** What is known by the export of another stack, and secrets that are known by name. */
function namedElsewhere(app: StaticApp, stack: SynthesisedStack, properties: Readonly<Record<string, unknown>>): Place[] {
  const resolved = app.resolve<{ Environment?: { Variables?: Record<string, string> } }>(stack, properties);
  const text = JSON.stringify(resolved);
  const superuserSecret = app.secretNamed(resolved.Environment?.Variables?.[Environment.SUPERUSER_SECRET] ?? '');
  const secrets = [...app.secretsIn(text), ...superuserSecret === undefined ? [] : [superuserSecret]];
  return [
    ...secrets.map(({ stack: its, logicalId }): Place => [its, logicalId]),
    ...unknownsIn(text).flatMap(({ stackName, logicalId }): Place[] => {
      const found = app.stackNamed(stackName);
      return found === undefined ? [] : [[found, logicalId]];
    }),
  ];
}

/** A secret is complete with the attachment that writes into it where its database is. */
function attachmentsOf([stack, logicalId]: Place): Place[] {
  return Object.entries(stack.resources)
    .filter(([, { Type, Properties }]) => Type === ATTACHMENT && textsOf(Properties?.SecretId).includes(logicalId))
    .map(([id]): Place => [stack, id]);
}

/** All texts in a value, and the parts of those that name attributes: whatever is a logical id is among them. */
function textsOf(value: unknown): string[] {
  if (typeof value === 'string') {
    return [value, ...[...value.matchAll(/\$\{([^}.]+)(?:\.[^}]*)?\}/g)].map(([, name]) => name), value.split('.')[0]];
  }
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsOf) : [];
}
