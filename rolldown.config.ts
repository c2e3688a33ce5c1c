import { defineConfig } from 'rolldown';

/**
 * The published package: few files instead of four hundred, which Node finds, reads and links one by one. Packages stay where npm puts
 * them, and are loaded as they are. Maps tell `node --enable-source-maps` where in src/ a line came from; the names in them are kept.
 */
const SRC = `${import.meta.dirname}/src/`;

export default defineConfig({
  // What Node starts: the command, and the threads.
  input: { 'cli/main': 'src/cli/main.ts', 'worker/paint': 'src/worker/paint.ts', 'io/source/gdalThread': 'src/io/source/gdalThread.ts' },
  platform: 'node',
  transform: { target: 'node24' },
  logLevel: 'warn',
  external: (id) => /^[a-z]|^@(?!oxc-project\/)/.test(id), // the bundler's own helpers come along
  plugins: [
    {
      // Whoever looks for a file beside itself (a thread, web/, package.json) finds it from where it would lie unbundled.
      name: 'own places',
      transform(code, id) {
        if (!id.startsWith(SRC) || !code.includes('import.meta.url')) return null;
        const place = `new URL('../${id.slice(SRC.length).replace(/\.ts$/, '.js')}', import.meta.url).href`;
        return { code: code.replaceAll('import.meta.url', place), map: null }; // lines stay where they are
      },
    },
  ],
  output: { dir: 'dist', format: 'esm', chunkFileNames: 'chunk/[name].js', sourcemap: true, sourcemapExcludeSources: true },
});
