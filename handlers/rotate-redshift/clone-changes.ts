import { defaultRightChanges, defaultRightsOf } from './default-rights';
import { rightsOnObjectsOf, without } from './owned-objects';
import type { RedshiftConnection } from './redshift-connection';
import { CLONES_GROUP, findUser, type RedshiftUser } from './redshift-users';
import { type Right, rightChanges } from './right';
import { limitChanges } from './user-limits';
import { rightsOf } from './user-rights';
import { quoteIdentifier } from '../postgresql-protocol/quoting';

export interface CloneChanges {
  /** In one transaction. */
  readonly together: string[];
  /** Each by itself. */
  readonly alone: string[];
}

/** Statements after which the clone may do what its base may, and no more, and each may use what the other has made. */
export async function cloneChanges(connection: RedshiftConnection, base: string, clone: string): Promise<CloneChanges> {
  const baseUser = (await findUser(connection, base))!;
  const cloneUser = (await findUser(connection, clone))!;
  const [ofBase, ofClone] = [await rightsOf(connection, base), await rightsOf(connection, clone)];
  const [ownedByBase, ownedByClone] = [await rightsOnObjectsOf(connection, base), await rightsOnObjectsOf(connection, clone)];
  const defaults = await defaultRightsOf(connection, base, clone);
  const wanted = [...without(ofBase, [...ownedByBase, ...ownedByClone]), ...ownedByBase];
  const rights = rightChanges(clone, without(ofClone, ownedByClone), wanted);
  return {
    together: [
      ...limitChanges(clone, cloneUser, baseUser),
      ...membershipChanges(clone, cloneUser, baseUser),
      ...rights.together,
      ...rightChanges(base, ofBase, [...ofBase, ...missing(ownedByClone, ofBase)]).together,
      ...defaultRightChanges(defaults, base, clone),
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
    ...own.groups.filter((text) => text !== CLONES_GROUP && !wanted.groups.includes(text)).map((text) => group(text, 'DROP')),
    ...wanted.groups.filter((text) => !own.groups.includes(text)).map((text) => group(text, 'ADD')),
    ...own.roles.filter(({ role, option }) => !wanted.roles.some((other) => other.role === role && (other.option || !option)))
      .map(({ role }) => `REVOKE ROLE ${quoteIdentifier(role)} FROM ${name}`),
    ...wanted.roles.filter(({ role, option }) => formerRole(role)?.option !== option)
      .map(({ role, option }) => `GRANT ROLE ${quoteIdentifier(role)} TO ${name}${option ? ' WITH ADMIN OPTION' : ''}`),
  ];
}
