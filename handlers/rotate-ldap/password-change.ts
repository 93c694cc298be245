import { type LdapRequest, modifyRequest, passwordModifyRequest } from './ldap-requests';

/** How a directory is told a new password. */
export interface PasswordChange {
  /** Whether the directory says in attributes of a user what its password policy makes of it, as OpenLDAP does. */
  readonly showsPolicy: boolean;
  /** As the user itself, who proves it with the former one. */
  own(user: string, former: string, next: string): LdapRequest;
  /** As an administrator. */
  reset(user: string, next: string): LdapRequest;
}

/** An operation of its own, with which a server stores passwords by its own rules: OpenLDAP and most others. */
export const PASSWORD_MODIFY: PasswordChange = {
  own: (user, former, next) => passwordModifyRequest({ user, former, next }),
  reset: (user, next) => passwordModifyRequest({ user, next }),
  showsPolicy: true,
};

/**
 * The attribute of Active Directory, which takes passwords over TLS alone: in quotation marks, in UTF-16.
 *
 * @see https://learn.microsoft.com/openspecs/windows_protocols/ms-adts/6e803168-f140-4d23-b2d3-c3a8ab5917d2
 */
export const UNICODE_PWD: PasswordChange = {
  own: (user, former, next) => modifyRequest(user, [
    { change: 'delete', attribute: 'unicodePwd', value: quoted(former) },
    { change: 'add', attribute: 'unicodePwd', value: quoted(next) },
  ]),
  reset: (user, next) => modifyRequest(user, [{ change: 'replace', attribute: 'unicodePwd', value: quoted(next) }]),
  showsPolicy: false,
};

function quoted(password: string): Buffer {
  return Buffer.from(`"${password}"`, 'utf16le');
}
