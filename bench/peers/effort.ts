/** How much is asked of each program. Peers are slower by far, so they answer fewer requests in a round. */
export interface Effort {
  readonly rounds: number;
  readonly coldOurs: number;
  readonly coldPeer: number;
  readonly mapsOurs: number;
  readonly mapsPeer: number;
  readonly wrkSeconds: number;
}

export const FULL: Effort = { rounds: 3, coldOurs: 64, coldPeer: 4, mapsOurs: 40, mapsPeer: 4, wrkSeconds: 4 };
export const QUICK: Effort = { rounds: 2, coldOurs: 32, coldPeer: 4, mapsOurs: 10, mapsPeer: 3, wrkSeconds: 2 };
