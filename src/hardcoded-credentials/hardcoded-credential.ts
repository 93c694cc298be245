/**
 * A credential that a template holds as a literal. It says where it is and what to do, and nothing of the value.
 */
export interface HardcodedCredential {
  /** Path of the construct, where the template says it; otherwise the logical id. */
  readonly path: string;
  /** Logical id of the resource, the output, the parameter or the mapping. */
  readonly logicalId: string;
  /**
   * The property, as `HardcodedCredentialCheck.acknowledge()` takes it: `Environment.Variables.DB_PASSWORD`. Items of lists are
   * called by their name, where they have one: `ContainerDefinitions[web].Environment[DB_PASSWORD].Value`.
   */
  readonly property: string;
  /** The template file; empty for a template that was given as text. */
  readonly templatePath: string;
  /**
   * What it was recognised by: `credential-property`, `issuer-token`, `credential-name`, `credential-in-text`; or
   * `acknowledgement-without-finding`, for an acknowledgement that fits nothing (any more).
   */
  readonly rule: string;
  /** Why it looks like a credential. */
  readonly reason: string;
  /**
   * Path of the secret of the app that fits best.
   *
   * @default - none of the app's secrets fits
   */
  readonly secretPath?: string;
  /** What to do, with the line of code that does it. */
  readonly fix: string;
}
