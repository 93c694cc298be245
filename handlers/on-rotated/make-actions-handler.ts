import { ActionsFacts } from './actions-facts';
import { actAfterRotation, type ActionReport } from './after-rotation';
import { consumerActions } from './consumer-actions';
import { CurrentVersionsOf } from './current-versions';
import { ParameterMemory } from './memory';
import { dueActions } from './rotated-messages';
import { Services } from './services';
import type { PutOff } from '../../src/contract/rotated-action';
import type { CallLimits } from '../aws/signed-requests';
import { type Clock, systemClock } from '../core/clock';
import { Deadline } from '../core/deadline';
import { RotationError } from '../core/rotation-error';
import { printable } from '../core/step-log';
import type { Variables } from '../deployment/function-facts';

/** Kept for the messages after the last action, and for the last line of the log. */
const RESERVE = 10_000;

export interface ActionsHandlerOptions {
  /** @default the process's own */
  readonly variables?: Variables;
  /** URL of all services. @default those of the Region */
  readonly endpoint?: string;
  /** @default the system's */
  readonly clock?: Clock;
  /** @default the console */
  readonly write?: (line: string) => void;
}

/** What the handler uses of the Lambda context. */
export interface ActionsContext {
  getRemainingTimeInMillis(): number;
}

/** Makes the function that acts after rotations: Lambda calls it with messages of its queue, one batch after the other. */
export function makeActionsHandler(
  options: ActionsHandlerOptions = {},
): (event: unknown, context: ActionsContext) => Promise<void> {
  const clock = options.clock ?? systemClock;
  const write = options.write ?? ((line) => console.log(line));
  const facts = new ActionsFacts(options.variables ?? process.env);
  let services: Services | undefined;

  return async (event, context) => {
    try {
      const { region, credentials } = facts.deployment;
      services ??= new Services({ region, credentials, clock, endpoint: options.endpoint });
      const remaining = context.getRemainingTimeInMillis();
      const limits = { deadline: new Deadline(clock, remaining - RESERVE), patient: false };
      const { actions } = facts;
      const reports = await actAfterRotation(dueActions(event, actions), {
        actions: consumerActions(services),
        memory: new ParameterMemory(services, facts.memory, new Set(actions.map(({ id }) => id))),
        current: new CurrentVersionsOf(services, limits),
        clock,
        limits,
      });
      reports.forEach((report) => write(lineOf(report)));
      await sendOn(reports, services, { ...limits, deadline: new Deadline(clock, RESERVE) });
    } catch (thrown) {
      const error = RotationError.from(thrown);
      write(JSON.stringify({ level: 'ERROR', outcome: 'failed', ...textOf(error) }));
      throw error;
    }
  };

  /** Puts off what has to wait, and hands on what failed. Where that fails, the queue delivers the whole batch again. */
  async function sendOn(reports: readonly ActionReport[], { queues }: Services, limits: CallLimits): Promise<void> {
    const waiting = reports.filter(({ outcome }) => outcome === 'putOff');
    if (waiting.length > 0) {
      const again = Object.fromEntries(waiting.map(({ facts: { id }, since }) => [id, since]));
      const message: PutOff = { again, sentAt: clock.now() };
      await send(queues, facts.queue, message, limits);
    }
    for (const { facts: { id, action, target, secrets }, error } of reports.filter(({ outcome }) => outcome === 'failed')) {
      // Without the time: the same failure within five minutes is one message.
      await send(queues, facts.failures, { id, action, target, secrets, ...textOf(error!) }, limits);
    }
  }
}

async function send(queues: Services['queues'], url: string, message: object, limits: CallLimits): Promise<void> {
  await queues.call('SendMessage', { QueueUrl: url, MessageBody: JSON.stringify(message), MessageGroupId: 'all' }, limits);
}

function lineOf({ facts: { id, action }, outcome, milliseconds, error }: ActionReport): string {
  const level = outcome === 'failed' ? 'ERROR' : error ? 'WARN' : 'INFO';
  return JSON.stringify({
    level, consumer: id, action, outcome, durationMs: Math.round(milliseconds), ...error && textOf(error),
  });
}

function textOf({ errorClass, code, message }: RotationError): object {
  return { errorClass, errorCode: code, message: printable(message) };
}
