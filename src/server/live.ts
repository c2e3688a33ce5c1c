import type { IncomingMessage, ServerResponse } from 'node:http';
import type { FastifyInstance } from 'fastify';
import { mountBelow } from '../service/publicAddress.ts';
import { createTileShortcut } from '../service/tileShortcut.ts';
import type { Gateway } from '../service/types.ts';
import { createApp, type AppOptions } from './app.ts';
import { createGate } from './gate.ts';

/** A gateway that answers requests, whoever listens for them. */
export interface Live {
  readonly gateway: Gateway;
  readonly app: FastifyInstance;
  /** @param takesShort false while the server stops: then answers must end their connections, which the short way does not */
  handle(request: IncomingMessage, response: ServerResponse, takesShort: boolean): void;
  /** Resolves when no request is under way. */
  idle(): Promise<void>;
}

export async function createLive(gateway: Gateway, options: AppOptions): Promise<Live> {
  const app = createApp(gateway, options);
  const gate = gateway.access === null ? null : createGate(gateway, gateway.access, options);
  if (gate !== null) app.addHook('onClose', () => gate.close());
  await app.ready();
  const shortcut = gateway.hips === null || gate !== null ? () => false : createTileShortcut(gateway.hips);
  let underWay = 0;
  let waiting: (() => void)[] = [];
  return {
    gateway,
    app,
    handle(request, response, takesShort) {
      if (gateway.trustProxy) mountBelow(request);
      if (takesShort && shortcut(request, response)) {
        options.metrics?.countShort();
        options.accessLog?.short(request.url ?? '');
        return;
      }
      underWay++;
      response.once('close', () => {
        underWay--;
        if (underWay > 0) return;
        for (const resolve of waiting) resolve();
        waiting = [];
      });
      if (gate === null) app.routing(request, response);
      else void gate.handle(request, response);
    },
    idle: () => (underWay === 0 ? Promise.resolve() : new Promise((resolve) => void waiting.push(resolve))),
  };
}
