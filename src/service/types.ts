import type { HipsLayer } from '../layer/types.ts';

/** The layers published as HiPS, and how long clients may keep what they get. */
export interface HipsNode {
  /** By the name used in addresses, in the order of the configuration. */
  readonly layers: ReadonlyMap<string, HipsLayer>;
  /** Seconds that clients and proxies may keep a tile, an Allsky, a preview (MapProxy's expires_hours); 259200 by default. */
  readonly tileMaxAgeSeconds: number;
}

/** Everything that can be asked of this server: what config/build.ts makes and the services read. */
export interface Gateway {
  /** Title of the landing page. */
  readonly title: string;
  /** Address under which the world sees this server, without trailing slash; null = taken from each request's Host. */
  readonly publicUrl: string | null;
  /** Believe X-Forwarded-Host and X-Forwarded-Proto: only behind a proxy that sets them. */
  readonly trustProxy: boolean;
  /** null = the HiPS service is not switched on. */
  readonly hips: HipsNode | null;
  /** Closes caches, upstream connections and workers. Called once, after the last reply. */
  close(): Promise<void>;
}
