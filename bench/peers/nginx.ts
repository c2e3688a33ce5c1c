import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { start, stop } from '../../test/e2e/support/process.ts';
import { freePort } from '../../test/support/freePort.ts';
import type { Server } from '../support/served.ts';
import { answering } from './answering.ts';
import { onPath } from './find.ts';

/** nginx with these files (path from the root -> bytes), 2 processes, without logs; null when it is not installed. */
export async function withNginx<T>(files: ReadonlyMap<string, Uint8Array>, use: (server: Server) => Promise<T>): Promise<T | null> {
  const nginx = onPath('nginx');
  if (nginx === null) return null;
  const folder = await mkdtemp(join(tmpdir(), 'bench-nginx-'));
  for (const [path, bytes] of files) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), bytes);
  }
  const port = await freePort();
  await writeFile(join(folder, 'nginx.conf'), configuration(folder, port));
  const process_ = start(nginx, ['-p', folder, '-c', join(folder, 'nginx.conf')]);
  try {
    const url = `http://127.0.0.1:${port}`;
    await answering(url);
    return await use({ url, process: process_ });
  } finally {
    await stop(process_);
    await rm(folder, { recursive: true, force: true });
  }
}

function configuration(folder: string, port: number): string {
  return `
daemon off;
${process.getuid?.() === 0 ? 'user root;' : ''}
worker_processes 2;
pid ${folder}/nginx.pid;
error_log stderr crit;
events {}
http {
  access_log off;
  sendfile on;
  tcp_nopush on;
  keepalive_requests 1000000;
  open_file_cache max=1000;
  types { image/jpeg jpg jpeg; }
  client_body_temp_path ${folder}/body; proxy_temp_path ${folder}/proxy; fastcgi_temp_path ${folder}/fastcgi;
  uwsgi_temp_path ${folder}/uwsgi; scgi_temp_path ${folder}/scgi;
  server { listen 127.0.0.1:${port}; root ${folder}; }
}
`;
}
