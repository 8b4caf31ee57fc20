import tailwindcss from '@tailwindcss/vite';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';
import { compressedFiles, pagePreload } from './vite-plugins.ts';

const engine = 'http://127.0.0.1:3000';

export default defineConfig({
  plugins: [react(), tailwindcss(), pagePreload(), compressedFiles()],
  build: {
    outDir: 'dist',
    rolldownOptions: {
      // The second page is the frame in which recordings are played.
      input: ['index.html', 'replay.html'],
      output: {
        codeSplitting: {
          // The first view is two files: one that asks, and one that draws. Left alone it becomes eight, and a browser
          // fetches six at a time.
          groups: [
            { name: 'early', test: /src\/(?:main|api\/early|api\/entrance|app\/theme)\.ts$/, priority: 2 },
            { name: 'page', test: /src\/app\/page\.tsx$/, priority: 1 },
          ],
        },
      },
    },
    // Our policy for scripts forbids inline ones, and every browser that runs React 19 preloads modules by itself.
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
  },
  // `npm run dev -w dashboard` beside a running engine.
  server: {
    proxy: {
      '/api': engine,
      '/health': engine,
      '/status': engine,
      '/config': engine,
      '/metrics': engine,
      '/ws': { target: engine, ws: true },
    },
  },
});
