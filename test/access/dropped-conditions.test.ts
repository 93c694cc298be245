import type { Deployment, Policy } from './deployment';
import { TABLE } from './table';
import { COMMERCIAL, deployed, simulationOfRow, verdictOn } from './verdicts';

interface Statement {
  Sid?: string;
  Effect: string;
  Action: unknown;
  Condition?: Record<string, Record<string, unknown>>;
}

/** A condition, wherever it stands: the statements that have it differ in ARNs only. */
interface Condition {
  readonly what: string;
  readonly drop: () => void;
  readonly restore: () => void;
}

const DOCUMENTS = ['AssumeRolePolicyDocument', 'KeyPolicy', 'PolicyDocument', 'ResourcePolicy'];
const SOURCES = ['SourceAccount', 'SourceArn'];
/** Statements about principals of an account are for callers of that account; grants to others are denied besides. */
const IMPLIED = [
  'AWS::KMS::Key UseThroughSecretsManager Allow StringEquals kms:CallerAccount',
  'AWS::KMS::Key GrantThroughSecretsManager Allow StringEquals kms:CallerAccount',
  'AWS::KMS::Key GrantThroughSecretsManager Allow Bool kms:GrantIsForAWSResource',
];
const ROWS = TABLE.filter(({ app = 'scenario' }) => app === 'scenario').flatMap(({ rows }) => rows);

/** Every condition of every policy. */
function conditionsOf(deployment: Deployment): Condition[] {
  return alike(deployment.resources.flatMap(({ type, properties }) => [
    ...DOCUMENTS.flatMap((name) => (properties[name] as Policy | undefined)?.Statement as Statement[] | undefined ?? [])
      .flatMap(({ Sid, Effect, Action, Condition = {} }) => Object.entries(Condition).flatMap(([operator, keys]) =>
        Object.keys(keys).map((key) => conditionOf(keys, key, [type, Sid ?? Action, Effect, operator, key].flat().join(' '))))),
    ...SOURCES.filter((name) => type === 'AWS::Lambda::Permission' && name in properties)
      .map((name) => conditionOf(properties, name, `${type} ${name}`)),
  ]));
}

function conditionOf(keys: Record<string, unknown>, key: string, what: string): Condition {
  const value = keys[key];
  return {
    what,
    drop: () => {
      delete keys[key];
    },
    restore: () => {
      keys[key] = value;
    },
  };
}

function alike(conditions: Condition[]): Condition[] {
  return [...new Set(conditions.map(({ what }) => what))].map((what) => {
    const all = conditions.filter((condition) => condition.what === what);
    return { what, drop: () => all.forEach(({ drop }) => drop()), restore: () => all.forEach(({ restore }) => restore()) };
  });
}

/** Whether a row has another verdict now. Rows whose policies and keys are as they were have not. */
async function isNoticed(before: readonly string[]): Promise<boolean> {
  for (const [index, row] of ROWS.entries()) {
    const simulation = simulationOfRow('scenario', COMMERCIAL, row);
    if (JSON.stringify(simulation) !== before[index] && await verdictOn(simulation) !== row[4]) {
      return true;
    }
  }
  return false;
}

test('whatever condition is dropped, the table notices', async () => {
  const before = ROWS.map((row) => JSON.stringify(simulationOfRow('scenario', COMMERCIAL, row)));
  const unnoticed: string[] = [];
  for (const { what, drop, restore } of conditionsOf(deployed('scenario', COMMERCIAL))) {
    drop();
    if (!await isNoticed(before)) {
      unnoticed.push(what);
    }
    restore();
  }
  expect(unnoticed).toEqual(IMPLIED);
});
