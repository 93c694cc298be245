export type FaultEffect =
  /** Closes the connection without an answer. */
  | { readonly kind: 'drop' }
  | { readonly kind: 'delay'; readonly milliseconds: number }
  | { readonly kind: 'error'; readonly name: 'ThrottlingException' | 'InternalServiceError' | 'AccessDeniedException' }
  /** Runs something, and then goes on. */
  | { readonly kind: 'meanwhile'; readonly callback: () => Promise<void> }
  /** Runs something, such as killing the caller, and then closes the connection. */
  | { readonly kind: 'interrupt'; readonly callback: () => void | Promise<void> };

export interface Fault {
  /** @default any action */
  readonly action?: string;
  /** The call it begins with, counted from when the fault is set. @default 1 */
  readonly nth?: number;
  /** How many calls in a row; clients retry. @default 1 */
  readonly times?: number;
  /** Before the call reaches the server, or after the server has done it. @default 'before' */
  readonly when?: 'before' | 'after';
  readonly effect: FaultEffect;
}

/** Which of the planned faults strike which call. */
export class CallFaults {
  private planned: { fault: Fault; seen: number }[] = [];

  add(fault: Fault): void {
    this.planned.push({ fault, seen: 0 });
  }

  clear(): void {
    this.planned = [];
  }

  /** Counts the call and returns the faults that strike it. */
  strike(action: string): Fault[] {
    return this.planned.filter((plan) => {
      const { nth = 1, times = 1 } = plan.fault;
      if (plan.fault.action !== undefined && plan.fault.action !== action) {
        return false;
      }
      plan.seen += 1;
      return plan.seen >= nth && plan.seen < nth + times;
    }).map(({ fault }) => fault);
  }
}
