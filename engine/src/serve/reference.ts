import { z } from 'zod';

/** As much of an OpenAPI document as the reference shows. */
const OpenApi = z.object({
  info: z.object({ title: z.string(), version: z.string(), description: z.string().optional() }),
  paths: z.record(
    z.string(),
    z.record(
      z.string(),
      z.object({
        tags: z.array(z.string()).default(['other']),
        summary: z.string().default(''),
        'x-role': z.string().nullish(),
        parameters: z
          .array(
            z.object({
              name: z.string(),
              in: z.string(),
              description: z.string().optional(),
              schema: z
                .object({ default: z.unknown().optional(), enum: z.array(z.unknown()).optional() })
                .loose()
                .optional(),
            }),
          )
          .default([]),
        requestBody: z.unknown().optional(),
      }),
    ),
  ),
});

type Operation = z.output<typeof OpenApi>['paths'][string][string];

/** The API as a page of plain HTML: no script, no foreign asset, made from the same document as `openapi.json`. */
export function renderReference(document: unknown): string {
  const { info, paths } = OpenApi.parse(document);
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
  );
  const sections = Map.groupBy(operations, ({ operation }) => operation.tags[0] ?? 'other');
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(info.title)} API ${escapeHtml(info.version)}</title>
<link rel="icon" href="/icon.svg"><link rel="stylesheet" href="/reference.css"></head><body><main>
<h1>${escapeHtml(info.title)} API <small>${escapeHtml(info.version)}</small></h1>
<p>${escapeHtml(info.description ?? '')} Send a token with every request:
<code>Authorization: Bearer cm_…</code>; make one with <code>cerberus token create</code>.
The same as a document: <a href="/api/openapi.json">openapi.json</a>. The page of this engine: <a href="/">/</a>.
Live messages: WebSocket <code>/ws</code>, subprotocol <code>cerberus.v1</code>.</p>
${[...sections].map(([name, members]) => `<h2>${escapeHtml(name)}</h2>${members.map(renderOperation).join('')}`).join('\n')}
</main></body></html>`;
}

function renderOperation({ path, method, operation }: { path: string; method: string; operation: Operation }): string {
  const rows = operation.parameters.map(
    (parameter) =>
      `<tr><td><code>${escapeHtml(parameter.name)}</code></td><td>${escapeHtml(parameter.in)}</td>` +
      `<td>${escapeHtml([parameter.description, ...valuesOf(parameter.schema)].filter(Boolean).join('. '))}</td></tr>`,
  );
  return `<section><h3><code>${escapeHtml(method.toUpperCase())} ${escapeHtml(path)}</code> <small>${escapeHtml(operation['x-role'] ?? '')}</small></h3>
<p>${escapeHtml(operation.summary)}.</p>
${rows.length > 0 ? `<table>${rows.join('')}</table>` : ''}
${operation.requestBody === undefined ? '' : `<pre>${escapeHtml(JSON.stringify(operation.requestBody, null, 1))}</pre>`}</section>`;
}

function valuesOf(schema: { default?: unknown; enum?: unknown[] | undefined } | undefined): string[] {
  return [
    ...(schema?.enum === undefined ? [] : [`One of ${schema.enum.join(', ')}`]),
    ...(schema?.default === undefined ? [] : [`Default ${String(schema.default)}`]),
  ];
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
