/**
 * Options of a `HardcodedCredentialCheck`.
 */
export interface HardcodedCredentialCheckProps {
  /**
   * More properties that are credentials, by type of resource: of custom resources and of types of the registry that no rule
   * knows. A property is the end of a path without positions in lists, as `Users.Pin`; a literal in it is a finding, whatever it
   * looks like.
   *
   * @default - those that the check knows
   */
  readonly credentialProperties?: Record<string, string[]>;
}

/**
 * A finding that is to stay, and why.
 */
export interface HardcodedCredentialAcknowledgement {
  /**
   * The property, as the finding names it: `Environment.Variables.DB_PASSWORD`.
   */
  readonly property: string;
  /**
   * Why it may stay, for those who read the template: 10 to 1,000 characters. It is deployed with the template, so name no value.
   */
  readonly reason: string;
}
