import type { TextRule } from './validate';

/** A label of DNS: what namespaces are called, and objects that have to be part of an address. */
export const KUBERNETES_LABEL: TextRule = {
  minimum: 1,
  maximum: 63,
  pattern: /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/,
  allowed: 'lower case letters, digits and -, with a letter or digit at both ends, at most 63 characters',
};

/** A name of DNS: what most objects may be called. */
export const KUBERNETES_NAME: TextRule = {
  minimum: 1,
  maximum: 253,
  pattern: /^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/,
  allowed: 'lower case letters, digits, - and ., with a letter or digit at both ends, at most 253 characters',
};
