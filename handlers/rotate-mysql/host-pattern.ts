import { BlockList, isIP } from 'node:net';

const NETWORK = /^([\d.]+)\/([\d.]+)$/;
/** Texts that only addresses can match: `10.%`, `2001:db8:%`. */
const OF_ADDRESSES = /^[\d.:a-f%_]+$/i;
const DIGITS_OF_IPV4 = 32;

/**
 * Whether the host of an account admits a client that the server knows by an address or a name; `undefined` where what is known
 * does not tell.
 *
 * The server compares both the name and the address of a client, and shows only the name where it has one.
 *
 * @param knowsPrefixes whether the server reads `10.0.0.0/8`, not only `10.0.0.0/255.0.0.0`
 * @see https://dev.mysql.com/doc/refman/8.4/en/account-names.html
 */
export function admits(pattern: string, client: string, knowsPrefixes: boolean): boolean | undefined {
  const [, network, mask] = NETWORK.exec(pattern) ?? [];
  const ofAddresses = network !== undefined || (OF_ADDRESSES.test(pattern) && !/^[%_]+$/.test(pattern));
  if (ofAddresses && isIP(client) === 0) {
    return undefined;
  }
  if (network === undefined) {
    return likeness(pattern).test(client);
  }
  if (!knowsPrefixes && isIP(mask) === 0) {
    return false;
  }
  return isIP(client) === 4 && contains(network, mask, client);
}

/** Whether the server tries accounts for one host before those for another: the later the first wildcard, the sooner. */
export function comesBefore(host: string, other: string): boolean {
  return rank(host) > rank(other);
}

function rank(host: string): number {
  const wildcard = host.replace(/\\./gs, '..').search(/[%_]/);
  return wildcard < 0 && host !== '' ? Infinity : wildcard;
}

function contains(network: string, mask: string, address: string): boolean {
  const length = isIP(mask) === 0 ? Number(mask) : lengthOf(mask);
  if (isIP(network) === 0 || !(length >= 0 && length <= DIGITS_OF_IPV4)) {
    return false;
  }
  const block = new BlockList();
  block.addSubnet(network, length);
  return block.check(address);
}

/** How many digits a netmask leaves. */
function lengthOf(mask: string): number {
  return [...mask.split('.').map((part) => Number(part).toString(2)).join('')].filter((digit) => digit === '1').length;
}

/** `%` and `_` as in `LIKE`, whose backslash takes their meaning away. */
function likeness(pattern: string): RegExp {
  const source = pattern.replace(/\\?[^]/g, (found) => {
    const character = found.at(-1)!;
    const wild = found.length === 1 ? { '%': '.*', '_': '.' }[character] : undefined;
    return wild ?? character.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');
  });
  return new RegExp(`^${source}$`, 'is');
}
