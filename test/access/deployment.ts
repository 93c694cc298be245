import { type App, CfnResource, Stack } from 'aws-cdk-lib/core';
import { namesOf, type Unnamed } from './resource-names';
import { StackResolver } from './stack-resolver';
import type { Place } from '../../scripts/local-deployment/template-resolver';

/** A policy document without intrinsic functions. */
export interface Policy {
  readonly Version: string;
  readonly Statement: object[];
}

/** A resource as it is once it is deployed. */
export interface Deployed {
  /** Path of its construct, without what the CDK adds at the end. */
  readonly path: string;
  readonly type: string;
  /** What `Ref` gives. */
  readonly ref: string;
  readonly arn?: string;
  readonly place: Place;
  /** Its properties without intrinsic functions. */
  readonly properties: Readonly<Record<string, any>>;
}

interface Template {
  readonly Resources?: Record<string, { readonly Type: string; readonly Properties?: Record<string, unknown> }>;
  readonly Parameters?: Record<string, unknown>;
  readonly Outputs?: Record<string, { readonly Value: unknown; readonly Export?: { readonly Name: string } }>;
}

const PARTITIONS: Record<string, string> = { 'cn': 'aws-cn', 'us-gov': 'aws-us-gov' };

/** Where a stack with a known environment is deployed. */
function placeOf({ account, region, stackName }: Stack): Place {
  const [, prefix] = /^(cn|us-gov)-/.exec(region) ?? [];
  return { partition: PARTITIONS[prefix] ?? 'aws', account, region, stackName };
}

/** What CloudFormation would make of an app: every resource, by the path of its construct. */
export class Deployment {
  readonly resources: readonly Deployed[];
  private readonly byPath: ReadonlyMap<string, Deployed>;

  constructor(app: App) {
    const exported = new Map<string, unknown>();
    const paths = pathsOf(app);
    this.resources = app.synth().stacks.flatMap(({ stackName, template }) => {
      const stack = app.node.findAll().filter(Stack.isStack).find((candidate) => candidate.stackName === stackName)!;
      return deploy(stack, template as Template, paths, exported);
    });
    this.byPath = new Map(this.resources.map((resource) => [resource.path, resource]));
  }

  /** The resource of a construct. */
  at(path: string): Deployed {
    const found = this.byPath.get(path);
    if (!found) {
      throw new Error(`nothing is deployed at '${path}'; there is ${[...this.byPath.keys()].join(', ')}`);
    }
    return found;
  }

  /** All resources of a type. */
  ofType(type: string): Deployed[] {
    return this.resources.filter((resource) => resource.type === type);
  }
}

/** Paths of constructs, by stack and logical id. */
function pathsOf(app: App): ReadonlyMap<string, string> {
  return new Map(app.node.findAll().filter(CfnResource.isCfnResource).map((resource) => [
    `${resource.stack.stackName}/${resource.stack.resolve(resource.logicalId)}`,
    resource.node.path.replace(/(\/(Resource|Default))+$/, ''),
  ]));
}

function deploy(
  stack: Stack,
  { Resources = {}, Parameters = {}, Outputs = {} }: Template,
  paths: ReadonlyMap<string, string>,
  exported: Map<string, unknown>,
): Deployed[] {
  const place = placeOf(stack);
  const resolver = new StackResolver(place, exported);
  for (const parameter of Object.keys(Parameters)) {
    resolver.define(parameter, { ref: parameter });
  }
  const unnamed = Object.entries(Resources).map(([logicalId, { Type: type, Properties = {} }]) => {
    const resource: Unnamed & { readonly given: object } = {
      type,
      logicalId,
      place,
      given: Properties,
      get properties() {
        return resolver.resolve<Record<string, unknown>>(Properties);
      },
    };
    resolver.define(logicalId, {
      get ref() {
        return namesOf(resource).ref;
      },
      attributes: new Proxy({}, { get: (_, name) => attributeOf(resource, String(name)) }),
    });
    return resource;
  });
  for (const { Value, Export } of Object.values(Outputs)) {
    if (Export) {
      exported.set(resolver.resolve(Export.Name), resolver.resolve(Value));
    }
  }
  return unnamed.map((resource) => ({
    path: paths.get(`${place.stackName}/${resource.logicalId}`)!,
    type: resource.type,
    place,
    ...namesOf(resource),
    properties: resource.properties,
  }));
}

/** What is not an ARN stands in no policy: any text does. */
function attributeOf(resource: Unnamed, name: string): string {
  const { partition, region, account } = resource.place;
  if (name.endsWith('SecretArn')) {
    return `arn:${partition}:secretsmanager:${region}:${account}:secret:service!${resource.logicalId}-AbCdEf`;
  }
  return name === 'Arn' ? namesOf(resource).arn ?? `arn:of:${resource.logicalId}` : `${resource.logicalId}.${name}`;
}
