import { readFileSync } from 'fs';
import { join } from 'path';
import * as core from 'aws-cdk-lib/core';
import type { IConstruct } from 'constructs';
import { SecretHardeningMixin } from '../src';
import { CORPUS, type CorpusApp } from './support/corpus';
import { testApp } from './support/scenario';

interface Resource {
  readonly Type: string;
  readonly Condition?: string;
  readonly Properties?: Record<string, any>;
}

/** A template of CloudFormation. */
interface Template {
  readonly Resources: Record<string, Resource>;
}

const SECRET = 'AWS::SecretsManager::Secret';
const POLICY = 'AWS::SecretsManager::ResourcePolicy';
const ATTACHMENT = 'AWS::SecretsManager::SecretTargetAttachment';
const RAIL = 'DenyInsecureTransport';

/** How the mixin is given to an app. */
type Way = (app: core.App, mixin: SecretHardeningMixin) => void;

interface Applicator {
  apply(mixin: SecretHardeningMixin): unknown;
}
const { Mixins } = core as { Mixins?: { of(scope: IConstruct): Applicator } };

const WAYS: [string, Way][] = [
  ['to all of it', (app, mixin) => mixin.applyToAll(app)],
  // The oldest AWS CDK has no mixins.
  ...Mixins ? [['as a mixin', (app, mixin) => void Mixins.of(app).apply(mixin)] as [string, Way]] : [],
];

/** The templates of all stacks, nested ones too, by the path of the stack. */
function templatesOf(make: CorpusApp, change: (app: core.App) => void = () => undefined): Record<string, Template> {
  const app = testApp();
  make(app);
  change(app);
  app.synth();
  return Object.fromEntries(app.node.findAll().filter((each) => core.Stack.isStack(each)).map((stack) => {
    const { directory } = core.Stage.of(stack)!.synth();
    return [stack.node.path, JSON.parse(readFileSync(join(directory, stack.templateFile), 'utf8')) as Template];
  }));
}

const statementsOf = ({ Properties }: Resource): Record<string, unknown>[] => [Properties!.ResourcePolicy.Statement].flat();
const ofType = ({ Resources }: Template, type: string) => Object.entries(Resources).filter(([, { Type }]) => Type === type);

/** A resource without what may change of it in place: a nested stack's template, and what the policy gets. */
function rest(resource: Resource): Resource {
  const { TemplateURL: _, BlockPublicPolicy: __, ...properties } = resource.Properties ?? {};
  if (resource.Type !== POLICY) {
    return resource.Type === 'AWS::CloudFormation::Stack' ? { ...resource, Properties: properties } : resource;
  }
  const Statement = statementsOf(resource).filter(({ Sid }) => Sid !== RAIL);
  return { ...resource, Properties: { ...properties, ResourcePolicy: { ...properties.ResourcePolicy, Statement } } };
}

/** The logical id of the secret that a policy is about, by way of its attachment or not. */
function secretOf({ Resources }: Template, { Properties }: Resource): string {
  const { Ref: id } = Properties!.SecretId as { Ref: string };
  return Resources[id].Type === ATTACHMENT ? (Resources[id].Properties!.SecretId as { Ref: string }).Ref : id;
}

describe.each(CORPUS)('%s', (_, make) => {
  const before = templatesOf(make);
  const secrets = Object.values(before).flatMap((template) => ofType(template, SECRET));

  test('has secrets', () => {
    expect(secrets.length).toBeGreaterThan(0);
  });

  test.each(WAYS)('%s: nothing is replaced or changed but the policies of its secrets, each of which has the rail', (__, way) => {
    const after = templatesOf(make, (app) => way(app, new SecretHardeningMixin()));
    expect(Object.keys(after)).toEqual(Object.keys(before));
    for (const [path, template] of Object.entries(before)) {
      const { Resources: made, ...others } = template;
      const { Resources: now, ...othersNow } = after[path];
      expect(othersNow).toEqual(others);
      for (const [id, resource] of Object.entries(made)) {
        expect(rest(now[id])).toEqual(rest(resource));
      }
      const added = Object.entries(now).filter(([id]) => !(id in made));
      expect(added.filter(([, { Type }]) => Type !== POLICY)).toEqual([]);
      const guarded = ofType(after[path], POLICY).filter(([, policy]) =>
        policy.Properties!.BlockPublicPolicy === true && statementsOf(policy).filter(({ Sid }) => Sid === RAIL).length === 1);
      expect(guarded.map(([, policy]) => secretOf(after[path], policy)).sort())
        .toEqual(ofType(after[path], SECRET).map(([id]) => id).sort());
      guarded.forEach(([, policy]) => expect(policy.Condition).toEqual(now[secretOf(after[path], policy)].Condition));
    }
  });

  test('is as it was after a preview, which names each of its secrets', () => {
    const mixin = new SecretHardeningMixin();
    const paths: string[] = [];
    expect(templatesOf(make, (app) => paths.push(...mixin.preview(app).map(({ path }) => path)))).toEqual(before);
    expect(new Set(paths).size).toBe(secrets.length);
    expect(paths).toHaveLength(secrets.length);
  });

  test('has nothing more to change once it is hardened', () => {
    const left: unknown[] = [];
    templatesOf(make, (app) => {
      new SecretHardeningMixin().applyToAll(app);
      left.push(...new SecretHardeningMixin().preview(app));
    });
    expect(left).toEqual([]);
  });
});
