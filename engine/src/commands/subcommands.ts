import type { Command } from 'commander';
import type { CommandIo } from './command-io.ts';

export interface Subcommand {
  readonly name: string;
  readonly alias?: string;
  readonly does: string;
  /** A line of a shell; a test holds it to what the command takes. */
  readonly example: string;
  readonly load: () => Promise<(io: CommandIo) => Command>;
}

/** Each subcommand's file is loaded only when it is asked for: `cerberus assess` does not wait for the web server's code. */
export const subcommands: readonly Subcommand[] = [
  {
    name: 'up',
    does: 'start everything in one process (what `npm start` runs)',
    example: 'cerberus up --config /etc/cerberusmesh.ini --port 8080',
    load: async () => (await import('./up.ts')).upCommand,
  },
  {
    name: 'ingest',
    does: 'one of many machines: read sources, hand their lines to the workers',
    example: 'REDIS_URL=redis://192.0.2.30:6379 cerberus ingest',
    load: async () => (await import('./role.ts')).ingestCommand,
  },
  {
    name: 'worker',
    does: 'one of many machines: assess, decide and store what ingests hand over',
    example: 'REDIS_URL=redis://192.0.2.30:6379 cerberus worker',
    load: async () => (await import('./role.ts')).workerCommand,
  },
  {
    name: 'serve',
    does: 'one of many machines: the page and the API',
    example: 'REDIS_URL=redis://192.0.2.30:6379 cerberus serve --port 3000',
    load: async () => (await import('./role.ts')).serveCommand,
  },
  {
    name: 'replay',
    does: 'store Cowrie logs exactly once: plain, .gz, .bz2',
    example: 'cerberus replay cowrie.json.2026-*.gz --json',
    load: async () => (await import('./replay.ts')).replayCommand,
  },
  {
    name: 'search',
    does: 'find events, sessions or attackers, as the dashboard does',
    example: "cerberus search 'severity:HIGH wget after:7d' --csv",
    load: async () => (await import('./search.ts')).searchCommand,
  },
  {
    name: 'sensor',
    does: 'beside a honeypot: ship its log to a hub elsewhere, and do what that orders',
    example: 'cerberus sensor --invitation /run/secrets/invitation',
    load: async () => (await import('./sensor.ts')).sensorCommand,
  },
  {
    name: 'sensors',
    does: 'at the hub: invite, list and revoke sensors',
    example: 'cerberus sensors invite north-1 --hub https://hub.example.org:7443',
    load: async () => (await import('./sensors.ts')).sensorsCommand,
  },
  {
    name: 'migrate',
    does: 'bring the database to this version',
    example: 'DATABASE_URL=postgresql://honeynet@192.0.2.20/honeynet cerberus migrate',
    load: async () => (await import('./migrate.ts')).migrateCommand,
  },
  {
    name: 'backup',
    does: 'keep the whole state in one sealed file, while the engine runs',
    example: 'cerberus backup /var/backups/mesh-1',
    load: async () => (await import('./backup.ts')).backupCommand,
  },
  {
    name: 'restore',
    does: 'put a backup into an empty place',
    example: 'CERBERUS_DATA_DIR=/srv/new cerberus restore /var/backups/mesh-1',
    load: async () => (await import('./restore.ts')).restoreCommand,
  },
  {
    name: 'prepare',
    does: 'make a Cowrie ready for adaptations, or undo that',
    example: 'cerberus prepare /home/cowrie/cowrie --dry-run',
    load: async () => (await import('./prepare.ts')).prepareCommand,
  },
  {
    name: 'persona',
    does: 'say which machine a prepared Cowrie is, and where it contradicts itself',
    example: 'cerberus persona /home/cowrie/cowrie',
    load: async () => (await import('./persona.ts')).personaCommand,
  },
  {
    name: 'probe',
    does: 'visit a honeypot as an attacker would, and say what is seen',
    example: 'cerberus probe 127.0.0.1:2222',
    load: async () => (await import('./probe.ts')).probeCommand,
  },
  {
    name: 'detect',
    does: 'say what gives a honeypot away, ours or a Cowrie',
    example: 'cerberus detect 127.0.0.1:2222 127.0.0.1:2223',
    load: async () => (await import('./detect.ts')).detectCommand,
  },
  {
    name: 'decoy',
    does: 'run our own decoy alone: SSH, Telnet and HTTP',
    example: 'CERBERUS_DECOY_HOST=0.0.0.0 cerberus decoy',
    load: async () => (await import('./decoy.ts')).decoyCommand,
  },
  {
    name: 'rollback',
    does: 'take an adaptation back, byte for byte',
    example: 'cerberus rollback 42',
    load: async () => (await import('./rollback.ts')).rollbackCommand,
  },
  {
    name: 'assess',
    does: 'assess sessions given as JSONL on standard input',
    example: 'cerberus assess < sessions.jsonl > assessed.jsonl',
    load: async () => (await import('./assess.ts')).assessCommand,
  },
  {
    name: 'ml',
    does: 'serve the models over HTTP: POST /classify, GET /health, POST /train',
    example: 'CERBERUS_ML_PORT=8001 cerberus ml --no-database',
    load: async () => (await import('./ml.ts')).mlCommand,
  },
  {
    name: 'train',
    does: 'train a new version of the models from stored events and feedback',
    example: 'cerberus train --days 30 --no-promote',
    load: async () => (await import('./train.ts')).trainCommand,
  },
  {
    name: 'models',
    does: 'list, show, promote and roll back model versions; assess stored events again',
    example: 'cerberus models reassess --days 30',
    load: async () => (await import('./models.ts')).modelsCommand,
  },
  {
    name: 'feedback',
    does: 'say what an event really was, as training learns it; list what was said',
    example: 'cerberus feedback give 01939d5e-0000-7000-8000-000000000000 corrected --severity HIGH',
    load: async () => (await import('./feedback.ts')).feedbackCommand,
  },
  {
    name: 'eval',
    does: 'measure the models on labelled JSONL',
    example: 'cerberus eval severity rated.jsonl',
    load: async () => (await import('./eval.ts')).evalCommand,
  },
  {
    name: 'token',
    does: 'make, list and revoke API tokens',
    example: 'cerberus token create prometheus --role viewer',
    load: async () => (await import('./token.ts')).tokenCommand,
  },
  {
    name: 'users',
    alias: 'user',
    does: 'say who may sign in: list, add, reset, disable, enable',
    example: 'cerberus users add ada --role operator',
    load: async () => (await import('./users.ts')).usersCommand,
  },
  {
    name: 'actions',
    does: 'list, explain, request and undo actions',
    example: 'cerberus actions explain rotate_key',
    load: async () => (await import('./actions.ts')).actionsCommand,
  },
  {
    name: 'policy',
    does: 'check a decision policy, or ask it about the past',
    example: 'cerberus policy dry-run my-policy.json --from 2026-11-15',
    load: async () => (await import('./policy.ts')).policyCommand,
  },
  {
    name: 'explain',
    does: 'say why something was decided, or not done',
    example: 'cerberus explain 42',
    load: async () => (await import('./explain.ts')).explainCommand,
  },
  {
    name: 'kill-switch',
    does: 'stop all that the engine does by itself, and undo what stands',
    example: 'cerberus kill-switch on',
    load: async () => (await import('./kill-switch.ts')).killSwitchCommand,
  },
  {
    name: 'audit',
    does: 'verify or export the audit log',
    example: 'cerberus audit verify',
    load: async () => (await import('./audit.ts')).auditCommand,
  },
  {
    name: 'export',
    does: 'write what other programs take from us: the block feed, indicators as STIX, MISP or CSV',
    example: 'cerberus export stix --days 7 > indicators.json',
    load: async () => (await import('./export.ts')).exportCommand,
  },
  {
    name: 'doctor',
    does: 'find what is wrong, and say the fix in one line each',
    example: 'cerberus doctor --json',
    load: async () => (await import('./doctor.ts')).doctorCommand,
  },
  {
    name: 'simulate',
    does: 'attack a honeypot of yours as recorded, and check that all of it is seen, answered and shown',
    example: 'cerberus simulate --ssh-port 2200 --telnet-port 0 --http-port 0',
    load: async () => (await import('./simulate.ts')).simulateCommand,
  },
  {
    name: 'secret',
    does: 'make a master key, seal a secret for the configuration',
    example: 'cerberus secret seal OPENAI_API_KEY < key.txt',
    load: async () => (await import('./secret.ts')).secretCommand,
  },
];
