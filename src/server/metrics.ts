import type { FastifyInstance, onResponseHookHandler } from 'fastify';
import type { ServerStatus } from './status.ts';

/** Answers of one service with one status. */
interface Count {
  requests: number;
  seconds: number;
}

/** What is counted while the process lives; reloads of the configuration do not reset it. */
export interface Metrics {
  /** @param service the first part of the address, 'other' where nothing is */
  count(service: string, status: number, seconds: number): void;
  /** A tile that went straight out of memory. */
  countShort(): void;
  readonly counted: { readonly answers: ReadonlyMap<string, Readonly<Count>>; readonly short: number };
}

/** What there is to tell of one configuration. */
export interface Measured {
  /** Its name where a folder is served: a label of its samples. null = there is one only. */
  readonly config: string | null;
  readonly metrics: Metrics;
  /** null = nothing is configured here: the addresses above those of a folder's configurations. */
  readonly status: ServerStatus | null;
}

export function createMetrics(): Metrics {
  const answers = new Map<string, Count>();
  let short = 0;
  return {
    count(service, status, seconds) {
      const labels = `service="${service}",code="${status}"`;
      const count = answers.get(labels) ?? { requests: 0, seconds: 0 };
      count.requests += 1;
      count.seconds += seconds;
      answers.set(labels, count);
    },
    countShort() {
      short += 1;
    },
    get counted() {
      return { answers, short };
    },
  };
}

type Sample = readonly [labels: string, value: number];

/** In the text format of Prometheus 0.0.4. */
export function formatMetrics(all: readonly Measured[]): string {
  const memory = process.memoryUsage();
  const cpu = process.cpuUsage();
  const each = (samplesOf: (one: Measured) => readonly Sample[]): readonly Sample[] => all.flatMap((one) => samplesOf(one).map(([labels, value]): Sample => [labelled(one.config, labels), value]));
  const answers = (valueOf: (count: Readonly<Count>) => number): readonly Sample[] =>
    each(({ metrics }) => [...metrics.counted.answers].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([labels, count]): Sample => [labels, valueOf(count)]));
  const states = (samplesOf: (status: ServerStatus) => readonly Sample[]): readonly Sample[] => each(({ status }) => (status === null ? [] : samplesOf(status)));
  return [
    family('hips_gateway_requests_total', 'counter', 'Answered requests, without the tiles that went straight out of memory.', answers(({ requests }) => requests)),
    family('hips_gateway_request_seconds_total', 'counter', 'Time from request to answer, seconds.', answers(({ seconds }) => seconds)),
    family('hips_gateway_memory_tiles_total', 'counter', 'HiPS tiles that went straight out of memory.', each(({ metrics }) => [['', metrics.counted.short]])),
    family('hips_gateway_config_loaded_timestamp_seconds', 'gauge', 'When the configuration that is served was taken over.', states(({ loadedAt }) => (loadedAt === null ? [] : [['', loadedAt.getTime() / 1000]]))),
    family('hips_gateway_config_failed', 'gauge', '1 while the configuration file has mistakes and the one before is served, if there was one.', states(({ failedSince }) => [['', failedSince === null ? 0 : 1]])),
    family('hips_gateway_config_reloads_total', 'counter', 'Reloads of the configuration.', states(({ reloads, failedReloads }) => [['result="done"', reloads], ['result="failed"', failedReloads]])),
    family('process_resident_memory_bytes', 'gauge', 'Resident memory.', [['', memory.rss]]),
    family('process_cpu_seconds_total', 'counter', 'Processor time.', [['', (cpu.user + cpu.system) / 1e6]]),
    family('process_start_time_seconds', 'gauge', 'When the process started.', [['', Date.now() / 1000 - process.uptime()]]),
    family('nodejs_heap_size_used_bytes', 'gauge', 'JavaScript heap in use.', [['', memory.heapUsed]]),
    family('nodejs_external_memory_bytes', 'gauge', 'Memory outside of that heap.', [['', memory.external]]),
  ].join('');
}

function labelled(config: string | null, labels: string): string {
  return [...(config === null ? [] : [`config="${config}"`]), ...(labels === '' ? [] : [labels])].join(',');
}

function family(name: string, type: 'counter' | 'gauge', help: string, samples: readonly Sample[]): string {
  const lines = samples.map(([labels, value]) => `${name}${labels === '' ? '' : `{${labels}}`} ${value}\n`);
  return `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n${lines.join('')}`;
}

/** Known first parts of addresses: others would let clients make as many series as they like. */
const SERVICES: ReadonlySet<string> = new Set(['hips', 'service', 'wms', 'wmts', 'tiles', 'tms', 'ogcapi', 'kml', 'demo', 'files', 'health', 'ready', 'metrics', 'admin']);

/** Fastify hook onResponse: counts what the application answers. */
export function countAnswers(metrics: Metrics): onResponseHookHandler {
  return (request, reply, done) => {
    const first = request.url.split(/[/?]/, 2)[1] ?? '';
    metrics.count(first === '' ? 'landing' : SERVICES.has(first) ? first : 'other', reply.statusCode, reply.elapsedTime / 1000);
    done();
  };
}

/** Fastify plugin: /metrics, for Prometheus. */
export async function serveMetrics(app: FastifyInstance, { measured }: { readonly measured: () => readonly Measured[] }): Promise<void> {
  app.route({
    method: ['GET', 'HEAD'],
    url: '/metrics',
    handler: (_request, reply) => reply.headers({ 'content-type': 'text/plain; version=0.0.4; charset=utf-8', 'cache-control': 'no-store' }).send(formatMetrics(measured())),
  });
}
