import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { APPS } from './apps';
import { ControlTower } from '../../scripts/scan/control-tower';

interface Statement {
  readonly Sid?: string;
}
interface Template {
  readonly Resources: Record<string, { readonly Type: string; readonly Properties: any }>;
}

const controlTower = new ControlTower(join(__dirname, '../newest/node_modules'));
const template = APPS['a secret that stands alone']().synth().getStackByName('StandAlone').template as Template;
const directory = mkdtempSync(join(tmpdir(), 'control-tower-'));
const file = join(directory, 'StandAlone.template.json');

afterAll(() => rmSync(directory, { recursive: true, force: true }));

/** The template of a secret, with something changed in its resources of a type. */
function templateWith(type: string, change: (properties: any) => void): { logicalIds: string[]; file: string } {
  const changed = JSON.parse(JSON.stringify(template)) as Template;
  const resources = Object.entries(changed.Resources).filter(([, { Type }]) => Type === type);
  resources.forEach(([, { Properties }]) => change(Properties));
  writeFileSync(file, JSON.stringify(changed));
  return { logicalIds: resources.map(([id]) => `StandAlone/${id}`), file };
}

const breaks = (control: string) =>
  controlTower
    .scan([file])
    .filter(({ rule }) => rule === control)
    .map(({ resource }) => resource);

test('the key of a secret denies grants to others than AWS services, and the function lets in one account only', () => {
  templateWith('AWS::KMS::Key', () => undefined);
  expect(controlTower.passed([file]))
    .toEqual(expect.arrayContaining(['kms_create_grant_aws_service_check', 'lambda_function_public_access_prohibited_check']));
  expect([...breaks('CT.KMS.PR.3'), ...breaks('CT.LAMBDA.PR.2')]).toEqual([]);
});

test('without the denial the key breaks CT.KMS.PR.3', () => {
  const { logicalIds } = templateWith('AWS::KMS::Key', ({ KeyPolicy }: { KeyPolicy: { Statement: Statement[] } }) => {
    KeyPolicy.Statement = KeyPolicy.Statement.filter(({ Sid }) => Sid !== 'DenyGrantsToOthers');
  });
  expect(logicalIds).toHaveLength(1);
  expect(breaks('CT.KMS.PR.3')).toEqual(logicalIds);
});

test('without the account the permission breaks CT.LAMBDA.PR.2', () => {
  const { logicalIds } = templateWith('AWS::Lambda::Permission', (properties) => {
    delete properties.SourceAccount;
    delete properties.SourceArn;
  });
  expect(logicalIds).toHaveLength(1);
  expect(breaks('CT.LAMBDA.PR.2')).toEqual(logicalIds);
});
