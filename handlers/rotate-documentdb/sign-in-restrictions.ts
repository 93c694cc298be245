import { BlockList, isIPv6 } from 'node:net';
import type { Document } from 'mongodb';
import type { DocumentdbConnection } from './documentdb-connection';
import { RotationError } from '../core/rotation-error';

/** Addresses from which, and at which, a user may sign in. */
export interface Restriction {
  readonly clientSource?: readonly string[];
  readonly serverAddress?: readonly string[];
}

/** All that a user has. */
export interface Restrictions {
  /** Absent where the server does not tell. */
  readonly restrictions?: readonly Restriction[];
  /** Those of its roles, of which each set has to admit it. */
  readonly inheritedRestrictions: readonly (readonly Restriction[])[];
}

/** As the server calls its connection's other end: an address and a port. */
const PEER = /^\[?(?<address>[0-9a-fA-F:.]+?)\]?:\d+$/;

/** What the server says of a user's restrictions, where it does. */
export function restrictionsOf(
  { authenticationRestrictions: own, inheritedAuthenticationRestrictions: inherited }: Document,
): Restrictions {
  return {
    ...Array.isArray(own) ? { restrictions: own.filter(isRecord) } : {},
    inheritedRestrictions: (Array.isArray(inherited) ? inherited : [])
      .map((set: unknown) => (Array.isArray(set) ? set.filter(isRecord) : [])),
  };
}

/** Throws for a user that may not sign in from where this session comes from, as far as the server tells where that is. */
export async function checkMaySignInFromHere(
  connection: DocumentdbConnection, { restrictions = [], inheritedRestrictions }: Restrictions,
): Promise<void> {
  const sets = [restrictions, ...inheritedRestrictions].filter((set) => set.length > 0);
  if (sets.length === 0) {
    return;
  }
  const { you } = await connection.runIfAllowed({ whatsmyuri: 1 }) ?? {};
  const address = PEER.exec(String(you))?.groups?.address;
  const admits = (set: readonly Restriction[]): boolean =>
    set.some(({ clientSource }) => clientSource === undefined || includes(clientSource, address!));
  if (address !== undefined && !sets.every(admits)) {
    throw new RotationError('configuration', 'the user may not sign in from the address of this function: add the subnets of the '
      + "function to clientSource in the user's authenticationRestrictions, or in those of its roles");
  }
}

export function isRecord(value: unknown): value is Document {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function includes(sources: readonly string[], address: string): boolean {
  const list = new BlockList();
  for (const source of sources) {
    const [net, prefix] = source.split('/');
    const family = isIPv6(net) ? 'ipv6' : 'ipv4';
    if (prefix === undefined) {
      list.addAddress(net, family);
    } else {
      list.addSubnet(net, Number(prefix), family);
    }
  }
  return list.check(address, isIPv6(address) ? 'ipv6' : 'ipv4');
}
