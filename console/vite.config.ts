import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';

/** Leaves each script and style compressed as well, so that the service has no work with it. */
const compressed: Plugin = {
  name: 'compressed',
  writeBundle: async ({ dir = '' }, bundle) => {
    for (const name of Object.keys(bundle).filter((each) => /\.(js|css)$/.test(each))) {
      const path = join(dir, name);
      const content = await readFile(path);
      await writeFile(`${path}.br`, await promisify(brotliCompress)(content));
      const level = constants.Z_BEST_COMPRESSION;
      await writeFile(`${path}.gz`, await promisify(gzip)(content, { level }));
    }
  },
};

export default defineConfig({
  plugins: [react(), compressed],
  build: {
    outDir: '../dist/console',
    emptyOutDir: true,
    // The page's policy allows neither scripts in the page nor files in its styles.
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 1_000,
  },
});
