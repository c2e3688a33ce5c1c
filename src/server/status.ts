/** What a running server knows of its configuration: read by /ready and /metrics, written by reloads. */
export interface ServerStatus {
  /** When the configuration that is served was taken over; null = none was yet. */
  loadedAt: Date | null;
  /** When the file was last found to have mistakes; null = the newest one is served. */
  failedSince: Date | null;
  reloads: number;
  failedReloads: number;
}

export function createStatus(): ServerStatus {
  return { loadedAt: null, failedSince: null, reloads: 0, failedReloads: 0 };
}
