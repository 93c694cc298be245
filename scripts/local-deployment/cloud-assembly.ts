import { AssetManifestArtifact, CloudAssembly, type CloudFormationStackArtifact } from 'aws-cdk-lib/cx-api';

/** A resource as it stands in a template. */
export interface TemplateResource {
  readonly Type: string;
  readonly Properties?: Readonly<Record<string, unknown>>;
  readonly Metadata?: Readonly<Record<string, unknown>>;
}

/** What stands in a template beside resources. */
interface Template {
  readonly Resources?: Readonly<Record<string, TemplateResource>>;
  readonly Parameters?: Readonly<Record<string, { readonly Default?: unknown }>>;
  readonly Outputs?: Readonly<Record<string, { readonly Value: unknown; readonly Export?: { readonly Name: unknown } }>>;
}

/** A stack as `cdk deploy` would find it. */
export interface SynthesisedStack {
  readonly name: string;
  readonly account: string;
  readonly region: string;
  readonly resources: Readonly<Record<string, TemplateResource>>;
  /** @default none */
  readonly parameters?: Template['Parameters'];
  /** @default none */
  readonly outputs?: Template['Outputs'];
  /** The directory or file that the CDK would upload under the key. */
  assetOf(objectKey: string): string;
}

/** The stacks of a cloud assembly and of its stages, each after those that it depends on. */
export function readCloudAssembly(directory: string): SynthesisedStack[] {
  return new CloudAssembly(directory).stacksRecursively.map((stack) => {
    const template = stack.template as Template;
    return {
      name: stack.stackName,
      account: stack.environment.account,
      region: stack.environment.region,
      resources: template.Resources ?? {},
      parameters: template.Parameters,
      outputs: template.Outputs,
      assetOf: (objectKey) => assetOf(stack, objectKey),
    };
  });
}

function assetOf(stack: CloudFormationStackArtifact, objectKey: string): string {
  const files = stack.dependencies.filter(AssetManifestArtifact.isAssetManifestArtifact)
    .flatMap(({ contents }) => Object.values(contents.files ?? {}));
  const found = files.find(({ destinations }) =>
    Object.values(destinations).some((destination) => destination.objectKey === objectKey),
  );
  if (found?.source.path === undefined) {
    throw new Error(`stack ${stack.stackName} publishes no asset as ${objectKey}`);
  }
  return `${stack.assembly.directory}/${found.source.path}`;
}
