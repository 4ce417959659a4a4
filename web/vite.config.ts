/// <reference types="vitest/config" />
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { build, defineConfig, type Plugin, type Rolldown } from 'vite';

const OUT = join(import.meta.dirname, '../appliance/static');
const SERVER = 'http://localhost:8080';
const INITIAL_KIB = 100;
/** Of all texts only the English ones of the first screens come at once. */
const LATER = /\/i18n\/(?!(en|index|language)\.ts$)/;
const TEXT = /\.(js|css|html|svg|json|txt)$/;
/** Large, and of use to few at a time: the service worker keeps these once somebody has wanted them. */
const WANTED = 'assets/later-';

/** Builds `/sw.js` after everything else, because it carries the list and the digest of what was built. */
function serviceWorker(): Plugin {
  return {
    name: 'service-worker',
    apply: 'build',
    async closeBundle() {
      // The gallery of building blocks is for whoever works on the app; members never load it.
      const files = readdirSync(OUT, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile() && !entry.name.startsWith('.') && entry.name !== 'sw.js' && !entry.name.startsWith('Gallery-'))
        .map((entry) => relative(OUT, join(entry.parentPath, entry.name)).replaceAll('\\', '/'))
        .sort();
      const digest = createHash('sha256');
      for (const file of files) digest.update(file).update(readFileSync(join(OUT, file)));
      await build({
        configFile: false,
        publicDir: false,
        logLevel: 'warn',
        define: {
          __FILES__: JSON.stringify(files.filter((file) => file !== 'index.html' && !file.startsWith(WANTED)).map((file) => `/${file}`)),
          __VERSION__: JSON.stringify(digest.digest('hex').slice(0, 16)),
        },
        build: {
          outDir: OUT,
          emptyOutDir: false,
          rolldownOptions: {
            input: join(import.meta.dirname, 'src/sw/sw.ts'),
            output: { format: 'iife', entryFileNames: 'sw.js' },
          },
        },
      });
    },
  };
}

/** Lays the same beside each file as the server sends it, pressed as well as it goes; a browser takes one or the other. */
function packed(): Plugin {
  return {
    name: 'packed',
    apply: 'build',
    closeBundle: {
      order: 'post',
      sequential: true,
      handler() {
        for (const entry of readdirSync(OUT, { recursive: true, withFileTypes: true })) {
          if (!entry.isFile() || !TEXT.test(entry.name)) continue;
          const path = join(entry.parentPath, entry.name);
          const body = readFileSync(path);
          const quality = { params: { [constants.BROTLI_PARAM_SIZE_HINT]: body.length } };
          for (const [ending, small] of [['.br', brotliCompressSync(body, quality)], ['.gz', gzipSync(body, { level: 9 })]] as const) {
            if (small.length < body.length) writeFileSync(path + ending, small);
          }
        }
      },
    },
  };
}

/** What a browser must load before it can show anything: what the page asks for, and what that imports. */
function initialScripts(): Set<string> {
  const page = readFileSync(join(OUT, 'index.html'), 'utf8');
  const found = new Set([...page.matchAll(/"\/(assets\/[^"]+\.js)"/g)].map(([, name]) => name ?? ''));
  for (const name of found) {
    const code = readFileSync(join(OUT, name), 'utf8');
    for (const [, needed] of code.matchAll(/\b(?:from|import)\s*["'`]\.\/([^"'`]+\.js)/g)) found.add(`assets/${needed}`);
  }
  return found;
}

/** Fails the build when that has grown too large. */
function budget(): Plugin {
  return {
    name: 'budget',
    apply: 'build',
    generateBundle(_options, bundle) {
      const chunks = new Map(Object.values(bundle).flatMap((file) => (file.type === 'chunk' ? [[file.fileName, file]] : [])));
      const initial = new Set([...chunks.values()].filter((chunk) => chunk.isEntry).map((chunk) => chunk.fileName));
      for (const name of initial) for (const needed of chunks.get(name)?.imports ?? []) initial.add(needed);
      const early = [...initial].flatMap((name) => chunks.get(name)?.moduleIds ?? []).filter((id) => LATER.test(id));
      if (early.length) this.error(`texts that load later are in the initial bundle: ${early.join(', ')}`);
    },
    // As it is sent: the last that a bundler does is to list what comes later in the first script.
    closeBundle() {
      const bytes = [...initialScripts()].reduce((sum, name) => sum + gzipSync(readFileSync(join(OUT, name)), { level: 9 }).length, 0);
      const told = `${(bytes / 1024).toFixed(1)} of ${INITIAL_KIB} KiB of initial JavaScript (gzip)`;
      if (bytes > INITIAL_KIB * 1024) this.error(`${told}: load something lazily.`);
      this.info(told);
    },
  };
}

function chunkFileNames({ moduleIds }: { moduleIds: readonly string[] }): string {
  return moduleIds.some((id) => /\/emojis\/\w+\.txt/.test(id)) ? `${WANTED}[name]-[hash].js` : 'assets/[name]-[hash].js';
}

const first = new Set<string>();
const door = new Set<string>();

/** All that these need, themselves included. */
function reached(begin: string, modules: Rolldown.ChunkingContext, into: Set<string>): void {
  into.add(join(import.meta.dirname, begin).replaceAll('\\', '/'));
  for (const known of into) for (const needed of modules.getModuleInfo(known)?.importedIds ?? []) into.add(needed);
}

/** What the first screen imports goes into one file: each that is cut off for somebody's later use asks for a request
 * of its own and packs worse. */
function firstChunk(id: string, modules: Rolldown.ChunkingContext): string | null {
  if (!first.size) reached('src/main.ts', modules, first);
  return first.has(id) ? 'first' : null;
}

/** So does what the door adds to it, for which strangers wait, and what members get right after their first screen;
 * what others use of both as well is a file for all. */
const SOON = [
  'features/alerts/Alerts.svelte',
  'features/credits/Received.svelte',
  'features/moderation/Waiting.svelte',
  'features/support/WaitingForHelp.svelte',
  'features/messages/keys.ts',
  'features/messages/MessageTools.svelte',
  'local/ahead.ts',
];
const soon = new Set<string>();
/** Later style sheets are listed in the first script, so what goes together is one file: the small parts that many pages
 * are made of, and what serves one occasion. */
const TOGETHER: readonly (readonly [name: string, parts: RegExp])[] = [
  ['pieces', /\/src\/ui\/(?!Crop|Qr|Emoji)\w+\.svelte/],
  ['writing', /\/src\/features\/messages\/(pen|CompletionList|FormatBar|formats|marks)\b/],
  ['welcome', /\/src\/(features\/welcome|app\/FirstSteps)/],
];

function nextChunk(id: string, modules: Rolldown.ChunkingContext): string | null {
  if (!door.size) {
    reached('src/features/auth/Gate.svelte', modules, door);
    for (const each of SOON) reached(`src/${each}`, modules, soon);
  }
  if (first.has(id)) return null;
  if (!(door.has(id) || soon.has(id))) return TOGETHER.find(([, parts]) => parts.test(id))?.[0] ?? null;
  if (door.has(id) && soon.has(id)) return 'blocks';
  if (door.has(id)) return /\/src\/(ui|lib)\//.test(id) ? 'blocks' : 'door';
  return 'soon';
}

export default defineConfig({
  plugins: [svelte({ configFile: false }), budget(), serviceWorker(), packed()],
  build: {
    outDir: OUT,
    emptyOutDir: true,
    target: 'es2022',
    // The first script would have to list them. Style sheets must be there before what they dress; scripts find each other.
    modulePreload: { polyfill: false, resolveDependencies: (_file, needed) => needed.filter((file) => file.endsWith('.css')) },
    assetsInlineLimit: 0,
    rolldownOptions: { output: { chunkFileNames, codeSplitting: { groups: [{ name: firstChunk, priority: 2 }, { name: nextChunk, priority: 1 }] } } },
  },
  server: {
    // The server wants requests from its own origin only, so the proxy speaks as that.
    proxy: {
      '/api': { target: SERVER, ws: true, changeOrigin: true, headers: { origin: SERVER } },
      // The server makes it: it speaks of the community.
      '/manifest.webmanifest': SERVER,
    },
  },
  test: { environment: 'node', include: ['src/**/*.test.ts'], restoreMocks: true, unstubGlobals: true },
});
