import { GatewayError } from '../errors.ts';

/** Calendar steps and milliseconds of an ISO 8601 duration. */
interface Duration {
  readonly months: number;
  readonly ms: number;
}

/** More would be a slip of the pen: a year in steps of an hour has 8760. */
const MOST_INSTANTS = 100_000;

const DURATION = /^P(?=.)(?:([\d.]+)Y)?(?:([\d.]+)M)?(?:([\d.]+)W)?(?:([\d.]+)D)?(?:T(?=.)(?:([\d.]+)H)?(?:([\d.]+)M)?(?:([\d.]+)S)?)?$/;
const INSTANT = /^\d{4}(?:-\d{2}(?:-\d{2}(?:T\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?)?)?)?$/;
const HOUR = 3_600_000;

/**
 * The instants that an ISO 8601 interval with a step holds, both ends included: 'start/end/step', 'start/step' (two instants) and
 * 'step/end'; itself where the text is one instant. They are written as the start is: days stay days, instants end in Z, with
 * fractions of a second as MapProxy writes them, to the microsecond.
 * @throws GatewayError INVALID_PARAMETER for what is none of them, or holds too many
 */
export function instantsOf(text: string): readonly string[] {
  const parts = text.trim().split('/');
  const steps = parts.filter((part) => part.startsWith('P'));
  const ends = parts.filter((part) => !part.startsWith('P'));
  if (parts.length === 1 && ends.length === 1) return [written(instant(ends[0]!, text), isDay(ends[0]!))];
  const [step] = steps;
  if (step === undefined || steps.length > 1 || ends.length === 0 || parts.length > 3 || ends.length !== parts.length - 1 || (parts.length === 3 && !parts[2]!.startsWith('P'))) throw wrong(text);
  const duration = durationOf(step, text);
  const [first, last] = endsOf(parts, ends.map((end) => instant(end, text)), duration);
  if (last < first) throw wrong(text);
  return counted(first, last, duration, ends.every(isDay) && duration.ms % (24 * HOUR) === 0, text);
}

function endsOf(parts: readonly string[], [a, b]: readonly number[], duration: Duration): readonly [number, number] {
  if (b !== undefined) return [a!, b];
  return parts[0]!.startsWith('P') ? [moved(a!, duration, -1), a!] : [a!, moved(a!, duration, 1)];
}

function counted(first: number, last: number, duration: Duration, days: boolean, text: string): readonly string[] {
  const found: string[] = [];
  for (let at = first; at <= last; at = moved(first, duration, found.length)) {
    if (found.length === MOST_INSTANTS) throw new GatewayError('INVALID_PARAMETER', `'${text}' holds more than ${MOST_INSTANTS} instants`);
    found.push(written(at, days));
  }
  return found;
}

/** So many steps later; a month is as long as the calendar says, and ends where the shorter month does. */
function moved(from: number, { months, ms }: Duration, steps: number): number {
  const start = new Date(from);
  const day = start.getUTCDate();
  const month = new Date(from);
  month.setUTCDate(1);
  month.setUTCMonth(month.getUTCMonth() + months * steps);
  const days = new Date(Date.UTC(month.getUTCFullYear(), month.getUTCMonth() + 1, 0)).getUTCDate();
  month.setUTCDate(Math.min(day, days));
  return month.getTime() + ms * steps;
}

function durationOf(step: string, text: string): Duration {
  const found = DURATION.exec(step);
  if (found === null) throw wrong(text);
  const [years = 0, months = 0, weeks = 0, days = 0, hours = 0, minutes = 0, seconds = 0] = found.slice(1).map((part) => (part === undefined ? 0 : Number(part)));
  const duration = { months: years * 12 + months, ms: Math.round((((weeks * 7 + days) * 24 + hours) * 60 + minutes) * 60_000 + seconds * 1000) };
  if (!Number.isInteger(duration.months) || !(duration.ms >= 0) || duration.months + duration.ms === 0) throw wrong(text);
  return duration;
}

function isDay(text: string): boolean {
  return !text.includes('T');
}

/** Without a zone UTC is meant. */
function instant(text: string, all: string): number {
  const zoned = isDay(text) || /(?:Z|[+-]\d{2}:?\d{2})$/.test(text) ? text : `${text}Z`;
  const at = INSTANT.test(text) ? Date.parse(zoned) : Number.NaN;
  if (Number.isNaN(at)) throw wrong(all);
  return at;
}

function written(at: number, day: boolean): string {
  const text = new Date(at).toISOString();
  if (day) return text.slice(0, 10);
  return text.endsWith('.000Z') ? `${text.slice(0, -5)}Z` : `${text.slice(0, -1)}000Z`;
}

function wrong(text: string): GatewayError {
  return new GatewayError('INVALID_PARAMETER', `'${text}' is no time: expected an instant '2020-03-25T12:00:00Z', or an interval with a step '2020-03-25/2020-04-25/P1D'`);
}
