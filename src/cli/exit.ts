/** Exit codes of every command. */
export const EXIT = Object.freeze({ done: 0, failed: 1, usage: 2 } as const);

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];
