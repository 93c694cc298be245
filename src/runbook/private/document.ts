import type { ApprovalInputs } from './approval';
import { CLEAR, INSPECT, ROLL_BACK_ACTION, START, WAIT } from './scripts';

const SHOW_LABELS = 'ShowLabels';
const CLEAR_PENDING = 'ClearPending';
const RETRY_ROTATION = 'RetryRotation';

/** How long approvers have, and how long a rotation is waited for: a script runs for ten minutes at the most. */
const [APPROVAL_SECONDS, SCRIPT_SECONDS, WAIT_SECONDS] = [3600, 600, 540];

const SECRET = '{{ SecretId }}';
const ACTION = '{{ Action }}';
/** The id of the execution is the token of the rotation that it starts, and so the id of the new version. */
const TOKEN = '{{ automation:EXECUTION_ID }}';

/** What differs between runbooks. */
export interface DocumentFacts {
  readonly roleArn: string;
  readonly approval?: ApprovalInputs;
}

/**
 * The document, as schema 0.3 has it.
 *
 * @see https://docs.aws.amazon.com/systems-manager/latest/userguide/documents-schemas-features.html
 */
export function automationDocument({ roleArn, approval }: DocumentFacts): object {
  return {
    schemaVersion: '0.3',
    description: 'Repairs the rotation of a secret. It reads no value.',
    assumeRole: roleArn,
    parameters: {
      SecretId: {
        type: 'String', description: 'ARN or name of the secret', allowedPattern: '^[A-Za-z0-9/_+=.@!:-]{1,2048}$',
      },
      Action: {
        type: 'String',
        description: `${SHOW_LABELS}: which version has which label. ${CLEAR_PENDING}: gives up the rotation that does not end. `
          + `${RETRY_ROTATION}: gives it up, and starts another. ${ROLL_BACK_ACTION}: brings the value of AWSPREVIOUS back, by a rotation.`,
        allowedValues: [SHOW_LABELS, CLEAR_PENDING, RETRY_ROTATION, ROLL_BACK_ACTION],
        default: SHOW_LABELS,
      },
    },
    outputs: ['LabelsAfterwards.Labels'],
    mainSteps: [
      { name: 'Inspect', ...script(INSPECT, { SecretId: SECRET }), outputs: ['Labels', 'Previous', 'Pending'].map(output) },
      branch('WhetherToChange', SHOW_LABELS, 'LabelsAfterwards', approval ? 'Approve' : 'ClearPending'),
      ...approval ? [{
        name: 'Approve',
        action: 'aws:approve',
        timeoutSeconds: APPROVAL_SECONDS,
        onFailure: 'Abort',
        inputs: { ...approval, Message: `${ACTION} of the secret ${SECRET}, which has {{ Inspect.Labels }}` },
      }] : [],
      { name: 'ClearPending', ...script(CLEAR, { SecretId: SECRET, Pending: '{{ Inspect.Pending }}' }) },
      branch('WhetherToRotate', CLEAR_PENDING, 'LabelsAfterwards', 'StartRotation'),
      {
        name: 'StartRotation',
        ...script(START, { SecretId: SECRET, Action: ACTION, Token: TOKEN, Previous: '{{ Inspect.Previous }}' }),
      },
      { name: 'WaitForRotation', ...script(WAIT, { SecretId: SECRET, Token: TOKEN, Seconds: WAIT_SECONDS }) },
      { name: 'LabelsAfterwards', ...script(INSPECT, { SecretId: SECRET }), outputs: [output('Labels')], isEnd: true },
    ],
  };
}

function script(text: string, payload: object): object {
  return {
    action: 'aws:executeScript',
    timeoutSeconds: SCRIPT_SECONDS,
    onFailure: 'Abort',
    inputs: { Runtime: 'python3.11', Handler: 'handler', InputPayload: payload, Script: text },
  };
}

function output(name: string): object {
  return { Name: name, Selector: `$.Payload.${name}`, Type: 'String' };
}

function branch(name: string, action: string, then: string, otherwise: string): object {
  return {
    name,
    action: 'aws:branch',
    inputs: { Choices: [{ NextStep: then, Variable: ACTION, StringEquals: action }], Default: otherwise },
  };
}
