/** The form in which an issuer makes its credentials. */
export interface IssuerToken {
  /** Whose credential it is, as people call it. */
  readonly issuer: string;
  /** How it begins, or what else every one of them has: most texts have nothing of the kind, and are not looked at further. */
  readonly hint: string;
  readonly form: RegExp;
}

/**
 * A form that its issuer documents or that its products check, in November 2026. A form is there only if its letters alone say
 * whose it is: what looks like any random text is found by its name instead.
 */
export const token = (issuer: string, form: RegExp, hint = beginningOf(form)): IssuerToken =>
  ({ issuer, hint, form: new RegExp(form, `${form.flags}g`) });

/** The letters that a form begins with, after the beginning of a word. */
function beginningOf(form: RegExp): string {
  return /^\\b((?:[\w-]|\\\.)+)(?=[[(])/.exec(form.source)![1];
}
