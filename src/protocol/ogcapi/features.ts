/** Which parts of the service are there. */
export interface OgcFeatures {
  readonly maps: boolean;
  readonly tiles: boolean;
  /** Whether there is a map of the whole dataset. */
  readonly dataset: boolean;
}
