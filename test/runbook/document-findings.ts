type Fields = Record<string, any>;

/**
 * What documents of schema 0.3 may have.
 *
 * @see https://docs.aws.amazon.com/systems-manager/latest/userguide/automation-actions.html
 */
const DOCUMENT = ['schemaVersion', 'description', 'assumeRole', 'parameters', 'mainSteps', 'outputs', 'files', 'variables'];
const PARAMETER = [
  'type', 'description', 'default', 'allowedValues', 'allowedPattern', 'displayType', 'minItems', 'maxItems', 'minChars',
  'maxChars',
];
const STEP = [
  'name', 'action', 'description', 'inputs', 'outputs', 'maxAttempts', 'timeoutSeconds', 'onFailure', 'onCancel', 'nextStep',
  'isEnd', 'isCritical',
];
/** Inputs of the actions that the runbook uses: those that have to be there, and others. */
const ACTIONS: Record<string, { required: string[]; optional: string[] }> = {
  'aws:approve': { required: ['Approvers'], optional: ['NotificationArn', 'Message', 'MinRequiredApprovals'] },
  'aws:branch': { required: ['Choices'], optional: ['Default'] },
  'aws:executeScript': { required: ['Runtime', 'Handler', 'Script'], optional: ['InputPayload', 'Attachment'] },
};
const TYPES = ['String', 'StringList', 'Boolean', 'Integer', 'MapList', 'StringMap'];
const LONGEST_SCRIPT_SECONDS = 600;

/** Where a document is not as the documentation of AWS Systems Manager has it. */
export function documentFindings(document: Fields): string[] {
  const steps = document.mainSteps as Fields[];
  const names = steps.map(({ name }) => String(name));
  const findings: string[] = [];
  const check = (fine: boolean, finding: string): unknown => fine || findings.push(finding);
  const known = (fields: object, allowed: string[], of: string): void =>
    Object.keys(fields).forEach((key) => check(allowed.includes(key), `${of} has ${key}`));
  known(document, DOCUMENT, 'the document');
  check(document.schemaVersion === '0.3', 'the schema is another one');
  for (const [name, parameter] of Object.entries<Fields>(document.parameters as Fields)) {
    known(parameter, PARAMETER, name);
    check(TYPES.includes(parameter.type as string), `${name} has no type`);
    check(parameter.default === undefined || parameter.allowedValues.includes(parameter.default), `${name} may not be its default`);
  }
  check(new Set(names).size === names.length, 'two steps have one name');
  const available = new Set(['automation:EXECUTION_ID', ...Object.keys(document.parameters as Fields)]);
  for (const step of steps) {
    const { required, optional } = ACTIONS[step.action as string];
    known(step, STEP, step.name as string);
    known(step.inputs as Fields, [...required, ...optional], `${step.name}.inputs`);
    required.forEach((name) => check(name in step.inputs, `${step.name} lacks ${name}`));
    check(/^\w{3,128}$/.test(step.name as string), `${step.name} is no name`);
    check(step.action !== 'aws:executeScript' || step.timeoutSeconds <= LONGEST_SCRIPT_SECONDS, `${step.name} runs too long`);
    const targets = [step.inputs.Default, ...(step.inputs.Choices as Fields[] ?? []).map(({ NextStep }) => NextStep as unknown)];
    targets.filter((target) => target !== undefined)
      .forEach((target) => check(names.indexOf(target as string) > names.indexOf(step.name as string), `${step.name} goes nowhere`));
    for (const [, name] of JSON.stringify(step).matchAll(/\{\{ ([^ ]+) \}\}/g)) {
      check(available.has(name), `${step.name} refers to ${name}`);
    }
    for (const { Name, Selector, Type, ...rest } of step.outputs as Fields[] ?? []) {
      check(TYPES.includes(Type as string) && /^\$\.Payload\.\w+$/.test(Selector as string), `${step.name}.${Name} selects nothing`);
      known(rest, [], `${step.name}.${Name}`);
      available.add(`${step.name}.${Name}`);
    }
  }
  (document.outputs as string[]).forEach((name) => check(available.has(name), `the output ${name} is of no step`));
  return findings;
}
