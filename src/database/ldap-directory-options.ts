import type { ISecurityGroup } from 'aws-cdk-lib/aws-ec2';
import type { RotationNetwork } from '../network/rotation-network';
import type { CharacterTypeOptions } from '../password/character-type-options';

/**
 * Where a directory is, and what the passwords that rotations make look like. All objects of one directory must say the same.
 */
export interface LdapDirectoryOptions extends CharacterTypeOptions {
  /**
   * DNS name or IP address of a server that takes changes: no read-only replica.
   *
   * An IP address needs `tlsServerName`; a name that is known only at deployment needs `targetName`.
   */
  readonly host: string;

  /**
   * Port of LDAPS, 1 to 65535: TLS from the first byte on. StartTLS at port 389 is not used.
   *
   * @default 636
   */
  readonly port?: number;

  /**
   * Name that the server's certificate must carry. Required where the host is an IP address, useful where it is an alias.
   *
   * @default - the host
   */
  readonly tlsServerName?: string;

  /**
   * Certificates of the authorities that may have signed the server's certificate, in PEM text: public certificates only, at most
   * 2,400 characters, since they travel in the function's environment. That is room for one root.
   *
   * @default - the public authorities that come with Node.js
   */
  readonly certificateAuthorities?: string;

  /**
   * Where the rotation functions of the directory run.
   *
   * @default - the network of the secret; else the platform's default network; else, without security groups, outside any VPC
   */
  readonly network?: RotationNetwork;

  /**
   * Security groups of the directory's servers. The functions are let in by rules that are added to them.
   *
   * @default - none: the directory is not in a VPC, or the network's own security group reaches it
   */
  readonly securityGroups?: ISecurityGroup[];

  /**
   * Length of the passwords that rotations make, in characters: 8 to 128, for Active Directory to 127. What the directory's own
   * policy asks for is not known here: a password that it does not take fails the rotation before anything is changed.
   *
   * @default 32
   */
  readonly passwordLength?: number;

  /**
   * Characters that the passwords which rotations make must not contain. At least 16 of the printable ASCII characters must be
   * left.
   *
   * @default - those that break URLs and shells: colon, slash, at sign, quotation marks and backslash
   */
  readonly excludeCharacters?: string;

  /**
   * Name of the directory in construct ids and function names: unique in the app, 1 to 30 letters, digits and hyphens.
   *
   * Another name replaces the rotation functions of the directory.
   *
   * @default - made of host and port; required where the host is known only at deployment
   */
  readonly targetName?: string;
}
