import { type AwsService, type CallLimits, SignedRequests, type SignedRequestsOptions } from './signed-requests';
import { XmlElement } from './xml-element';
import type { RotationError } from '../core/rotation-error';

/** A service with a query API: fields of a form there, XML back. */
export interface QueryService extends AwsService {
  /** Version of its API. */
  readonly version: string;
  /** The error for an answer that is none of success, by the service's code, without its text. */
  readonly errorOf: (action: string, status: number, code: string | undefined) => RotationError;
}

/** Calls a service by its query API. */
export class QueryRequests {
  private readonly requests: SignedRequests;

  constructor(private readonly service: QueryService, options: SignedRequestsOptions) {
    this.requests = new SignedRequests(service, options);
  }

  /** The result of an action. */
  async call(action: string, parameters: Record<string, string>, limits: CallLimits): Promise<XmlElement> {
    return this.send(action, parameters, limits, false, (response) => response.find(`${action}Result`));
  }

  /** The result of an action that would make another thing if it were done twice. */
  async callOnce(action: string, parameters: Record<string, string>, limits: CallLimits): Promise<XmlElement> {
    return this.send(action, parameters, limits, true, (response) => response.find(`${action}Result`));
  }

  /** An action without a result. */
  async command(action: string, parameters: Record<string, string>, limits: CallLimits): Promise<void> {
    await this.send(action, parameters, limits, false, (response) => response);
  }

  private async send(
    action: string, parameters: Record<string, string>, limits: CallLimits, once: boolean,
    resultOf: (response: XmlElement) => XmlElement | undefined,
  ): Promise<XmlElement> {
    return this.requests.send({
      action,
      headers: { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' },
      body: new URLSearchParams({ Action: action, Version: this.service.version, ...parameters }).toString(),
      once,
      read: (status, text) => {
        const document = XmlElement.parse(text);
        const result = document?.name === `${action}Response` ? resultOf(document) : undefined;
        if (status === 200 && result) {
          return result;
        }
        throw this.service.errorOf(action, status, document?.find('Error', 'Code')?.text);
      },
    }, limits);
  }
}
