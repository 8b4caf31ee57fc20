import tailwindcss from '@tailwindcss/vite';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

const engine = 'http://127.0.0.1:3000';

export default defineConfig({
  plugins: [react(), tailwindcss()],
  build: {
    outDir: 'dist',
    // The second page is the frame in which recordings are played.
    rollupOptions: { input: ['index.html', 'replay.html'] },
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
