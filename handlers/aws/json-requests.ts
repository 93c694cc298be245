import { parseJsonAnswer } from './json-answer';
import { type AwsService, type CallLimits, SignedRequests } from './signed-requests';
import type { RotationError } from '../core/rotation-error';

/** A service with a JSON API. */
export interface JsonService extends AwsService {
  /** What precedes the action in the header that names it. */
  readonly targetPrefix: string;
  readonly version: '1.0' | '1.1';
  /** The error for an answer that is none of success, by the service's code, without its text. */
  readonly errorOf: (action: string, status: number, code: string | undefined) => RotationError;
}

/** Calls a service by its JSON API. */
export class JsonRequests extends SignedRequests<JsonService> {
  async call(action: string, input: Record<string, unknown>, limits: CallLimits): Promise<Record<string, unknown>> {
    const { targetPrefix, version, errorOf } = this.service;
    return this.send({
      action,
      headers: { 'content-type': `application/x-amz-json-${version}`, 'x-amz-target': `${targetPrefix}.${action}` },
      body: JSON.stringify(input),
      read: (status, text) => {
        const answer = parseJsonAnswer(text);
        if (status === 200 && answer !== undefined) {
          return answer;
        }
        throw errorOf(action, status, codeOfAnswer(answer?.__type));
      },
    }, limits);
  }
}

/** The code in the type of an error, which services write with or without a name space before it. */
function codeOfAnswer(type: unknown): string | undefined {
  return typeof type === 'string' ? type.slice(type.lastIndexOf('#') + 1) : undefined;
}
