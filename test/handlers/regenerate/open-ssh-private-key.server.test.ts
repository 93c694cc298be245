import { execFileSync } from 'node:child_process';
import { createPrivateKey } from 'node:crypto';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { openSshPrivateKey } from '../../../handlers/regenerate/open-ssh-private-key';
import { sshKeyParts } from '../../../handlers/regenerate/ssh-key-parts';
import { Installation } from '../../servers/installation';
import { requireServer } from '../../servers/require-server';
import { KEYS } from '../support/ssh-keys';

const NAMES = Object.keys(KEYS);

/**
 * Says of each key in a JSON array what cryptography, which is not ours, makes of it: its private key, and whether the public
 * line is the same key.
 */
const READ_KEYS = `
import json, sys
from cryptography.hazmat.primitives import serialization as s
answers = []
for private, public in json.load(sys.stdin):
    key = s.load_ssh_private_key(private.encode(), password=None)
    line = s.load_ssh_public_key(public.encode())
    spki = lambda k: k.public_bytes(s.Encoding.DER, s.PublicFormat.SubjectPublicKeyInfo)
    pem = key.private_bytes(s.Encoding.PEM, s.PrivateFormat.PKCS8, s.NoEncryption()).decode()
    answers.append([pem, spki(key.public_key()) == spki(line)])
print(json.dumps(answers))`;

requireServer('secrets-manager')('others read it', () => {
  test('cryptography, in Python', () => {
    const keys = NAMES.map((name) => KEYS[name]());
    const lines = keys.map((key, index) => `${NAMES[index]} ${sshKeyParts(key).publicKey.toString('base64')} deploy@example.com`);
    const pairs = keys.map((key, index) => [openSshPrivateKey(key, 'deploy@example.com'), lines[index]]);
    const answers = JSON.parse(
      execFileSync(Installation.python, ['-c', READ_KEYS], { input: JSON.stringify(pairs), encoding: 'utf8' }),
    ) as [string, boolean][];
    const read = answers.map(([pem, same], index) => [NAMES[index], createPrivateKey(pem).equals(keys[index]), same]);
    expect(read).toEqual(NAMES.map((name) => [name, true, true]));
  });
});

const SSH_KEYGEN = '/usr/bin/ssh-keygen';

(existsSync(SSH_KEYGEN) ? test : test.skip).each(NAMES)('%s: OpenSSH itself reads it, where it is installed', (name) => {
  const directory = mkdtempSync(path.join(tmpdir(), 'ssh-'));
  const key = KEYS[name]();
  const file = path.join(directory, 'key');
  writeFileSync(file, openSshPrivateKey(key, 'deploy@example.com'), { mode: 0o600 });
  const line = execFileSync(SSH_KEYGEN, ['-y', '-f', file], { encoding: 'utf8' }).trim();
  rmSync(directory, { recursive: true });
  expect(line).toBe(`${name} ${sshKeyParts(key).publicKey.toString('base64')} deploy@example.com`);
});
