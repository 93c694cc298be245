import { defaultRightChanges, defaultRightsOf } from './default-rights';
import { rightsOnObjectsOf, without } from './owned-objects';
import type { RedshiftConnection } from './redshift-connection';
import { ALTERNATES_GROUP, findUser, type RedshiftUser } from './redshift-users';
import { type Right, rightChanges } from './right';
import { limitChanges } from './user-limits';
import { rightsOf } from './user-rights';
import { quoteIdentifier } from '../postgresql-protocol/quoting';

export interface AlternateStatements {
  /** In one transaction. */
  readonly together: string[];
  /** Each by itself. */
  readonly alone: string[];
}

/** Statements after which the alternate user may do what its base may, and no more, and each may use what the other has made. */
export async function alternateStatements(
  connection: RedshiftConnection,
  base: string,
  alternate: string,
): Promise<AlternateStatements> {
  const baseUser = (await findUser(connection, base))!;
  const alternateUser = (await findUser(connection, alternate))!;
  const [ofBase, ofAlternate] = [await rightsOf(connection, base), await rightsOf(connection, alternate)];
  const [ownedByBase, ownedByAlternate] = [
    await rightsOnObjectsOf(connection, base),
    await rightsOnObjectsOf(connection, alternate),
  ];
  const defaults = await defaultRightsOf(connection, base, alternate);
  const wanted = [...without(ofBase, [...ownedByBase, ...ownedByAlternate]), ...ownedByBase];
  const rights = rightChanges(alternate, without(ofAlternate, ownedByAlternate), wanted);
  return {
    together: [
      ...limitChanges(alternate, alternateUser, baseUser),
      ...membershipChanges(alternate, alternateUser, baseUser),
      ...rights.together,
      ...rightChanges(base, ofBase, [...ofBase, ...missing(ownedByAlternate, ofBase)]).together,
      ...defaultRightChanges(defaults, base, alternate),
    ],
    alone: rights.alone,
  };
}

function missing(wanted: readonly Right[], own: readonly Right[]): Right[] {
  return wanted.filter((right) => !own.some(({ privilege, on }) => privilege === right.privilege && on === right.on));
}

/** Statements that put a user into the groups of another one and give it its roles. */
function membershipChanges(username: string, own: RedshiftUser, wanted: RedshiftUser): string[] {
  const name = quoteIdentifier(username);
  const group = (text: string, verb: string): string => `ALTER GROUP ${quoteIdentifier(text)} ${verb} USER ${name}`;
  const formerRole = (role: string) => own.roles.find((other) => other.role === role);
  return [
    ...own.groups.filter((text) => text !== ALTERNATES_GROUP && !wanted.groups.includes(text)).map((text) => group(text, 'DROP')),
    ...wanted.groups.filter((text) => !own.groups.includes(text)).map((text) => group(text, 'ADD')),
    ...own.roles.filter(({ role, option }) => !wanted.roles.some((other) => other.role === role && (other.option || !option)))
      .map(({ role }) => `REVOKE ROLE ${quoteIdentifier(role)} FROM ${name}`),
    ...wanted.roles.filter(({ role, option }) => formerRole(role)?.option !== option)
      .map(({ role, option }) => `GRANT ROLE ${quoteIdentifier(role)} TO ${name}${option ? ' WITH ADMIN OPTION' : ''}`),
  ];
}
