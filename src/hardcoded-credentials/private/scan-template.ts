import { CREDENTIAL_PROPERTIES, isCredentialProperty } from './credential-properties';
import type { Inspector, Sight } from './inspect';
import { type Leaf, type Path, visitLeaves } from './leaves';
import { credentialName } from './property-names';
import { isObject, type JsonObject, REFERENCE, referencesIn, scalarOf } from './template-text';
import { looksMade } from './values';
import { type Use, ValuesElsewhere } from './values-elsewhere';

/** A credential in a template. */
export interface TemplateFinding extends Sight, Path {
  /** The section of the template that it is in. */
  readonly section: string;
  readonly logicalId: string;
  /** The type of the resource; empty for anything else. */
  readonly type: string;
  /** What names the value: a variable, a property. */
  readonly key: string;
  /** Logical ids that the value refers to as well. */
  readonly references: readonly string[];
}

/** What a caller adds to the properties that are credentials: by type of resource. */
export type MoreProperties = Readonly<Record<string, readonly string[]>>;

const PARAMETER_TYPE_OF_NAMES = /^AWS::SSM::Parameter::|^AWS::EC2::KeyPair/;
const SSM_PARAMETER = 'AWS::SSM::Parameter';
const OTHER_SECTIONS = ['Description', 'Metadata', 'Transform', 'Fn::Transform', 'Conditions', 'Rules'];
/** What tools write for themselves: paths, hashes of assets, reasons of suppressions. */
const OF_TOOLS = new RegExp(`^(?:${[
  'aws:', 'AWS::CloudFormation::(?:Interface|Designer)$', 'cdk_nag$', 'cdk-secretsmanager-patterns:', 'guard$', 'cfn[-_]',
  'checkov$', 'SamResourceId$', 'BuildMethod$',
].join('|')})`);

/** All credentials in a template: of each property the first. */
export function scanTemplate(template: JsonObject, more: MoreProperties, inspector: Inspector): TemplateFinding[] {
  const scan = new TemplateScan(template, more, inspector);
  scan.resources();
  scan.others();
  scan.parameters();
  return scan.findings;
}

class TemplateScan {
  readonly findings: TemplateFinding[] = [];
  private readonly elsewhere = new ValuesElsewhere();

  constructor(
    private readonly template: JsonObject,
    private readonly more: MoreProperties,
    private readonly inspector: Inspector,
  ) {}

  resources(): void {
    for (const [logicalId, resource] of this.section('Resources')) {
      const type = scalarOf(resource.Type);
      const ends = [...propertiesOf(CREDENTIAL_PROPERTIES, type), ...propertiesOf(this.more, type)];
      const look = (leaf: Leaf) => this.add('Resources', logicalId, type, leaf, this.ofResource(type, logicalId, ends, leaf));
      if (isObject(resource.Properties)) {
        visitLeaves(resource.Properties, 'Properties', look);
      }
      if (isObject(resource.Metadata)) {
        for (const part of Object.keys(resource.Metadata).filter((key) => !OF_TOOLS.test(key))) {
          visitLeaves({ [part]: resource.Metadata[part] }, 'Metadata', look);
        }
      }
    }
  }

  /** What else is deployed, or is a default of what is. */
  others(): void {
    for (const [logicalId, output] of this.section('Outputs')) {
      visitLeaves({ Value: output.Value }, logicalId, (leaf) => {
        const named = leaf.key === 'Value' ? { ...leaf, key: logicalId } : leaf;
        this.add('Outputs', logicalId, '', named, this.inspector.inspect(named, false));
      });
    }
    for (const name of ['Mappings', 'Globals']) {
      for (const [key, value] of this.section(name)) {
        visitLeaves(value, key, (leaf) => {
          const use = name === 'Mappings' ? this.elsewhere.inMap(key, leaf.key) : undefined;
          this.add(name, key, '', leaf, this.inspectUsed(leaf, use));
        });
      }
    }
    for (const name of OTHER_SECTIONS) {
      this.ofSection(name);
    }
  }

  /** What is no element of a template: everybody who may describe the stack reads it. */
  private ofSection(name: string): void {
    const section = this.template[name];
    const entries: [string, unknown][] = isObject(section) ? Object.entries(section) : [[name, section]];
    for (const [key, value] of entries.filter(([each]) => !OF_TOOLS.test(each))) {
      visitLeaves({ [key]: value }, key, (leaf) => {
        // Conditions compare with words that stand for no credential: `default`, `generate`.
        const named = leaf.named && (name !== 'Conditions' || looksMade(leaf.text));
        this.add(name, key, '', leaf, this.inspector.inspect({ ...leaf, prose: true, named }, false));
      });
    }
  }

  parameters(): void {
    for (const [logicalId, parameter] of this.section('Parameters')) {
      if (PARAMETER_TYPE_OF_NAMES.test(scalarOf(parameter.Type))) {
        continue;
      }
      const hidden = scalarOf(parameter.NoEcho) === 'true';
      visitLeaves({ Default: parameter.Default }, logicalId, (leaf) => {
        const named = { ...leaf, key: logicalId };
        const use = this.elsewhere.ofParameter(logicalId);
        this.add('Parameters', logicalId, '', named, hidden ? this.inspector.inspect(named, true) : this.inspectUsed(named, use));
      });
    }
  }

  private ofResource(type: string, logicalId: string, ends: readonly string[], leaf: Leaf): Sight | undefined {
    if (type === 'AWS::SecretsManager::Secret' && leaf.names.length === 1 && leaf.names[0] === 'SecretString') {
      this.elsewhere.note(leaf, leaf.text === REFERENCE);
      return this.inspector.inspectSecretString(leaf);
    }
    const property = isCredentialProperty(ends, leaf.names) || isValueSecret(type, leaf);
    this.elsewhere.note(leaf, property);
    // A parameter without a name is called as its resource.
    const named = type === SSM_PARAMETER && leaf.key === 'Value' ? { ...leaf, key: nameFrom(logicalId) } : leaf;
    return this.inspector.inspect(named, property);
  }

  /** What is named here as it is, and as what it becomes elsewhere. */
  private inspectUsed(leaf: Leaf, use: Use | undefined): Sight | undefined {
    return this.inspector.inspect(leaf, use?.ofProperty === true)
      ?? (use && this.inspector.inspect({ ...leaf, key: use.key }, false));
  }

  private add(section: string, logicalId: string, type: string, leaf: Leaf, sight: Sight | undefined): void {
    if (sight) {
      const path = leaf.path();
      const last = this.findings[this.findings.length - 1];
      const again = last?.property === path.property || (leaf.whole && last?.property.startsWith(path.property));
      if (again && last.logicalId === logicalId && last.section === section) {
        return;
      }
      this.findings.push({ ...sight, ...path, section, logicalId, type, key: leaf.key, references: referencesIn(leaf.value) });
    }
  }

  private section(name: string): [string, JsonObject][] {
    const section = this.template[name];
    return isObject(section) ? Object.entries(section).filter((entry): entry is [string, JsonObject] => isObject(entry[1])) : [];
  }
}

/** A template may have a type that is called like something that each object has. */
function propertiesOf(types: MoreProperties, type: string): readonly string[] {
  return Object.prototype.hasOwnProperty.call(types, type) ? types[type] : [];
}

/** Parameters that a request of EventBridge carries are secrets, unless they are marked or look as something else. */
function isValueSecret(type: string, { names, key, value, markedAsSecret }: Leaf): boolean {
  return type === 'AWS::Events::Connection' && names[names.length - 1] === 'Value' && typeof value === 'string'
    && names.some((name) => name.endsWith('HttpParameters'))
    && (markedAsSecret ?? (key === 'Value' || credentialName(key) !== undefined || looksMade(value, 12)));
}

/** The name that a logical id was made from: the AWS CDK appends eight digits. */
function nameFrom(logicalId: string): string {
  return logicalId.replace(/[0-9A-F]{8}$/, '').replace(/(?:Ssm|SSM)?Param(?:eter)?$/, '');
}
