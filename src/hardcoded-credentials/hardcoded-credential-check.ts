import type {
  IPolicyValidationContextBeta1, IPolicyValidationPluginBeta1, PolicyValidationPluginReportBeta1, PolicyViolationBeta1,
} from 'aws-cdk-lib/core';
import type { CloudAssembly } from 'aws-cdk-lib/cx-api';
import { type IConstruct, RootConstruct } from 'constructs';
import type { HardcodedCredential } from './hardcoded-credential';
import type { HardcodedCredentialAcknowledgement, HardcodedCredentialCheckProps } from './hardcoded-credential-check-props';
import { writeAcknowledgement } from './private/acknowledgements';
import { type Credential, credentialsIn, RULES } from './private/credentials';
import { parseTemplate, readTemplates } from './private/template-files';
import { requireArguments } from '../core/require-shape';

/**
 * Finds credentials that an app's templates hold as literals, whatever constructs have made them: in environments of functions
 * and containers, in the properties of CloudFormation that are credentials, in user data, commands, connection strings,
 * definitions of state machines, parameters and outputs. Of each it says which secret of the app to use instead, and the line
 * that does it.
 *
 * As a plugin of the AWS CDK it fails the synthesis: `new App({ policyValidationBeta1: [new HardcodedCredentialCheck()] })`, or
 * with versions that have it `Validations.of(app).addPlugins(new HardcodedCredentialCheck())`. As a library it
 * returns what it finds.
 *
 * No report holds a value, or a part of one.
 *
 * @see https://docs.aws.amazon.com/secretsmanager/latest/userguide/hardcoded.html
 *
 * @example
 * import { HardcodedCredentialCheck } from 'cdk-secretsmanager-patterns';
 *
 * new App({ policyValidationBeta1: [new HardcodedCredentialCheck()] });
 */
export class HardcodedCredentialCheck implements IPolicyValidationPluginBeta1 {
  /**
   * Lets a finding stay: it is not reported any more. The reason is written into the template's metadata, beside the resource
   * or, for outputs and parameters, of the whole template.
   *
   * An acknowledgement that fits no finding is reported itself, so that none outlives what it was for.
   *
   * @param scope the construct that the finding names, or one whose default child it is.
   * @param acknowledgement what may stay, and why.
   * @throws if the property or the reason is empty, or the construct is no element of a template.
   */
  static acknowledge(scope: IConstruct, acknowledgement: HardcodedCredentialAcknowledgement): void {
    writeAcknowledgement(scope, acknowledgement);
  }

  /** Name of the plugin, in reports of the AWS CDK. */
  readonly name = 'HardcodedCredentialCheck';
  /** Names of the rules, in reports of the AWS CDK. */
  readonly ruleIds?: string[] = RULES;
  private readonly properties: Readonly<Record<string, readonly string[]>>;

  /**
   * A check with the rules that this version has.
   *
   * @param props more properties that are credentials.
   */
  constructor(props: HardcodedCredentialCheckProps = {}) {
    requireArguments(new RootConstruct('HardcodedCredentialCheck'), 'HardcodedCredentialCheck', [props]);
    this.properties = props.credentialProperties ?? {};
  }

  /**
   * Checks the templates of an app while it is synthesised: the AWS CDK calls it.
   *
   * @param context the templates; those of nested stacks are found from them.
   * @throws if a file is no template.
   */
  validate(context: IPolicyValidationContextBeta1): PolicyValidationPluginReportBeta1 {
    const violations = this.inFiles(context.templatePaths).map(violationOf);
    return { success: violations.length === 0, violations };
  }

  /**
   * What is hardcoded in a synthesised app, in those of its stages too. Findings that are acknowledged are not among them.
   *
   * @param assembly what `app.synth()` returns.
   * @throws if a file is no template.
   */
  findInAssembly(assembly: CloudAssembly): HardcodedCredential[] {
    return this.inFiles(assembly.stacksRecursively.map(({ templateFullPath }) => templateFullPath)).map(({ finding }) => finding);
  }

  /**
   * What is hardcoded in one template, of the AWS CDK or not: without the templates of stacks that are nested in it.
   *
   * @param template a CloudFormation template in JSON.
   * @throws if it is no template in JSON.
   */
  findInTemplate(template: string): HardcodedCredential[] {
    return credentialsIn([{ path: '', content: parseTemplate(template, '') }], this.properties).map(({ finding }) => finding);
  }

  private inFiles(paths: readonly string[]): Credential[] {
    return credentialsIn(readTemplates(paths), this.properties);
  }
}

function violationOf({ finding, location }: Credential): PolicyViolationBeta1 {
  return {
    ruleName: finding.rule,
    description: `[${finding.path}] ${finding.property}: ${finding.reason}`,
    fix: finding.fix,
    severity: 'high',
    violatingResources: [{ resourceLogicalId: finding.logicalId, templatePath: finding.templatePath, locations: [location] }],
  };
}
