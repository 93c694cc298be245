import { Token } from 'aws-cdk-lib/core';
import type { IConstruct } from 'constructs';
import { ValidationError } from '../../core/errors';
import { shortHash, shortId } from '../../core/inner-path';
import { requireText } from '../../core/validate';

/** Room for a name between the engine's and eight characters that make it unique: 40 in all. */
const MAXIMUM_ID = 40;
const UNIQUE = 8;

/** Id below `home` of a database that has a construct: equal for each target made of that construct. */
export function idOfConstruct(engine: string, database: IConstruct, home = database): string {
  return join(engine, database.node.id, shortId(home, database));
}

/** Id of a database that has only an address. */
export function idOfHost(
  input: { readonly scope: IConstruct; readonly property: string },
  engine: string,
  host: string,
  port: number,
  targetName: string | undefined,
): string {
  requireText(
    { ...input, remedy: 'give a short name that no other database of the app has' },
    targetName,
    { minimum: 1, maximum: 30, pattern: /^[A-Za-z0-9-]+$/, allowed: '1 to 30 letters, digits and hyphens' },
  );
  const unknown = Token.isUnresolved(targetName) || (targetName === undefined && Token.isUnresolved(host));
  if (unknown) {
    throw new ValidationError({
      ...input,
      got: targetName && 'a token',
      allowed: 'a literal name where the host is known only at deployment',
      remedy: 'functions get names that stay the same: give the database one that no other database of the app has',
    });
  }
  if (targetName !== undefined) {
    return `${engine}-${targetName}`;
  }
  const place = `${host.toLowerCase()}:${Token.isUnresolved(port) ? '' : port}`;
  return join(engine, host.toLowerCase(), shortHash(place));
}

function join(engine: string, name: string, unique: string): string {
  const room = MAXIMUM_ID - engine.length - UNIQUE - 2;
  const readable = name.replace(/[^A-Za-z0-9]+/g, '-').replace(/^-/, '').slice(0, room).replace(/-$/, '');
  return [engine, readable, unique].filter((part) => part !== '').join('-');
}
