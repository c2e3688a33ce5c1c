import type { FastifyInstance } from 'fastify';
import { formatFolderPage } from './pages/folder.ts';
import { sendPage } from './sendPage.ts';

/** One of several gateways that are served below an address. */
export interface FolderEntry {
  /** The part of the address. */
  readonly name: string;
  /** null = is not told to everybody. */
  readonly title: string | null;
  /** False = there is nothing but mistakes. */
  readonly isServed: boolean;
}

/** What the page needs to know. */
export interface FolderOptions {
  readonly title: string;
  /** What is there at this moment; null = the list is for nobody. */
  readonly folder: () => readonly FolderEntry[] | null;
}

/** A list that changes while the server runs is looked at anew each time. */
const NOT_KEPT = 'no-cache';

/** Fastify plugin: the page at `/` above several gateways. */
export async function serveFolder(app: FastifyInstance, { title, folder }: FolderOptions): Promise<void> {
  app.route({ method: ['GET', 'HEAD'], url: '/', handler: (request, reply) => sendPage(request, reply, formatFolderPage({ title, entries: folder() }), NOT_KEPT) });
}
