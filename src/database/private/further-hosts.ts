import type { IConstruct } from 'constructs';
import { checkHost } from './database-checks';
import type { EngineFacts } from './database-facts';
import { ConflictError, ValidationError } from '../../core/errors';

interface FurtherHosts {
  readonly engine: EngineFacts;
  readonly furtherHosts?: readonly string[];
  readonly tlsServerName?: string;
}

/** The function asks one after the other. */
const MAXIMUM_FURTHER_HOSTS = 20;

/** Refuses servers beside the host that cannot be, or that the engine does not need. */
export function checkFurtherHosts(
  scope: IConstruct,
  property: string,
  { engine, furtherHosts = [], tlsServerName }: FurtherHosts,
): void {
  if (furtherHosts.length > 0 && !engine.furtherHosts) {
    throw new ConflictError(
      scope,
      `\`${property}\` is for Redis and Valkey, and the engine is '${engine.name}', whose servers share their users`,
      'leave it out, and give the writer as host',
    );
  }
  if (furtherHosts.length > MAXIMUM_FURTHER_HOSTS || new Set(furtherHosts).size < furtherHosts.length) {
    throw new ValidationError({
      scope,
      property,
      got: `${furtherHosts.length} hosts`,
      allowed: `at most ${MAXIMUM_FURTHER_HOSTS} different ones`,
      remedy: 'name each server once; with more of them, load the file of users from where you deploy it and rotate otherwise',
    });
  }
  furtherHosts.forEach((host) => checkHost(scope, property, host, tlsServerName));
}
