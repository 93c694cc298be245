import { RotationError } from '../core/rotation-error';

/** A name as PostgreSQL reads it back, whatever characters it has. */
export function quoteIdentifier(name: string): string {
  return `"${withoutNul(name).replaceAll('"', '""')}"`;
}

/** A text as PostgreSQL reads it back, whatever `standard_conforming_strings` says. */
export function quoteLiteral(text: string): string {
  const quoted = `'${withoutNul(text).replaceAll("'", "''").replaceAll('\\', '\\\\')}'`;
  return text.includes('\\') ? ` E${quoted}` : quoted;
}

function withoutNul(text: string): string {
  if (text.includes('\0')) {
    throw new RotationError('configuration', 'PostgreSQL does not accept texts with a NUL character');
  }
  return text;
}
