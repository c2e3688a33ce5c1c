import { type DestinationStream, type LevelWithSilent, type Logger, pino } from 'pino';

/** Standard error. */
const STDERR = 2;

/** The process's logger: JSON, one line per event, to standard error unless a test gives another destination. */
export function createLogger(level: LevelWithSilent, destination: DestinationStream = pino.destination(STDERR)): Logger {
  return pino({ level, base: null }, destination);
}
