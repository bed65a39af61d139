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

/** Variables of colours, variants and sizes that nothing here has. */
const unusedVariables = new RegExp(
  [
    '--mantine-color-(pink|grape|violet|blue|cyan|green|lime|yellow)-[\\w-]+',
    '--mantine-color-\\w+-(outline(-hover)?|text)',
    '--mantine-color-(dark|gray|teal|orange)-filled(-hover)?',
    '--mantine-color-(dark-light|(red|teal|orange)-light-hover)[\\w-]*',
    '--mantine-h\\d-[\\w-]+',
    '--mantine-primary-color-\\d',
    '--(button|section)-[\\w-]+-compact-\\w+',
    '--(button|section|input|label|checkbox|radio|psi|cb|loader)-[\\w-]+-(lg|xl)',
    '--mantine-shadow-(xs|sm|lg)',
    '--mantine-breakpoint-\\w+',
  ]
    .map((name) => `${name}:[^;]+;`)
    .join('|'),
  'g',
);

/** Leaves out of the styles of the library what the console has no use for: about a third of them. */
const leanStyles: Plugin = {
  name: 'lean-styles',
  enforce: 'pre',
  transform(code, id) {
    if (!/@mantine.core.styles.[\w-]+\.css$/.test(id)) return null;
    // The scale is always 1.
    const unscaled = code.replace(/calc\((-?[\d.]+rem) \* var\(--mantine-scale\)\)/g, '$1');
    return { code: unscaled.replace(unusedVariables, ''), map: null };
  },
};

export default defineConfig({
  plugins: [leanStyles, react(), compressed],
  build: {
    outDir: '../dist/console',
    emptyOutDir: true,
    // The page's policy allows neither scripts in the page nor files in its styles.
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 1_000,
  },
});
