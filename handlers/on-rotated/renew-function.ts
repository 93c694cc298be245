import type { ActionOutcome } from './action';
import { serviceError } from './service-error';
import { parseJsonAnswer } from '../aws/json-answer';
import type { CallLimits, SignedRequests } from '../aws/signed-requests';

const MAXIMUM_DESCRIPTION = 256;
const MARK = / ?\[secrets [0-9a-f]{16}\]$/;
/** The function is being updated, or was since it was looked at. */
const [CONFLICT, PRECONDITION_FAILED] = [409, 412];

/** The part of a function's configuration that is read; the rest, environment variables included, is not looked at. */
interface FunctionConfiguration {
  readonly description: string;
  readonly revisionId?: string;
}

/**
 * Gives a function another description, so that AWS Lambda serves the next calls with new execution environments.
 *
 * The description is the one part of the configuration that has no effect. It says which versions were current, so that nothing
 * is changed twice for the same.
 */
export async function renewFunction(
  lambda: SignedRequests, functionArn: string, digest: string, limits: CallLimits,
): Promise<ActionOutcome> {
  const path = `/2015-03-31/functions/${functionArn.split(':')[6]}/configuration`;
  const headers = { 'content-type': 'application/json' };
  const found = await lambda.send({
    action: 'GetFunctionConfiguration',
    method: 'GET',
    path,
    headers,
    body: '',
    read: (status, text) => {
      const answer = parseJsonAnswer(text);
      if (status !== 200 || answer === undefined) {
        throw serviceError('AWS Lambda', 'GetFunctionConfiguration', status);
      }
      return configurationIn(answer);
    },
  }, limits);
  const mark = `[secrets ${digest}]`;
  if (found.description.endsWith(mark)) {
    return 'begun';
  }
  const own = found.description.replace(MARK, '').slice(0, MAXIMUM_DESCRIPTION - mark.length - 1);
  return lambda.send({
    action: 'UpdateFunctionConfiguration',
    method: 'PUT',
    path,
    headers,
    // Where somebody else has changed the function meanwhile, theirs stays and is looked at again.
    body: JSON.stringify({ Description: own === '' ? mark : `${own} ${mark}`, RevisionId: found.revisionId }),
    read: (status) => {
      if (status === 200) {
        return 'begun';
      }
      if (status === CONFLICT || status === PRECONDITION_FAILED) {
        return 'busy';
      }
      throw serviceError('AWS Lambda', 'UpdateFunctionConfiguration', status);
    },
  }, limits);
}

function configurationIn({ Description, RevisionId }: Record<string, unknown>): FunctionConfiguration {
  return {
    description: typeof Description === 'string' ? Description : '',
    revisionId: typeof RevisionId === 'string' ? RevisionId : undefined,
  };
}
