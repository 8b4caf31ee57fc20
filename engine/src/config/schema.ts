import { z } from 'zod';
import * as value from './values.ts';

/** What is known of a setting besides its type. */
export interface SettingNotes {
  /** The environment variable that sets it. */
  readonly env: string;
  readonly help: string;
  /** A value that works, for the message about one that does not. */
  readonly example: string;
  /** `path`: relative ones start at the INI file's folder, or at the working directory. `secret`: may be a file or sealed. */
  readonly treat?: 'path' | 'secret';
  /** Only by environment: a key must not lie beside what it locks. */
  readonly environmentOnly?: true;
  /** Accepted because the product's descriptions name it; nothing reads it until its issue is done. */
  readonly notUsedYet?: true;
}

/** One schema object each: notes of a second setting on the same object would replace the first's, hence `clone`. */
export const settingNotes = z.registry<SettingNotes>();

/**
 * Every setting there is. `http.corsOrigin` is `[http] cors_origin` in config.ini; its variable stands in the notes.
 * Names and defaults of the two descriptions are kept; what they do not name starts with CERBERUS_.
 */
export const ConfigSchema = z.strictObject({
  agent: z.strictObject({
    threshold: value.share.default(0.7).register(settingNotes, {
      env: 'CERBERUS_THRESHOLD',
      help: 'Confidence from 0 to 1 that an automatic action needs.',
      example: '0.7',
    }),
    autoAction: value.yesOrNo.default(true).register(settingNotes, {
      env: 'CERBERUS_AUTO_ACTION',
      help: 'Whether decisions are carried out, or only recorded.',
      example: 'true',
    }),
    maxEvents: value.wholeNumber(1, 1000).default(100).register(settingNotes, {
      env: 'CERBERUS_MAX_EVENTS',
      help: 'Events that GET /events gives when no limit is asked for; at most 1000.',
      example: '100',
    }),
    killSwitch: value.yesOrNo.clone().default(false).register(settingNotes, {
      env: 'CERBERUS_KILL_SWITCH',
      help: 'Do nothing at all by itself; `cerberus kill-switch on` also undoes what stands.',
      example: 'false',
    }),
    policyFile: value.path.nullable().default(null).register(settingNotes, {
      env: 'CERBERUS_POLICY_FILE',
      help: 'Your own decision policy; by default policy/decisions/default.json. `cerberus policy check FILE` checks one.',
      example: '/etc/cerberusmesh/policy.json',
      treat: 'path',
    }),
    controlShare: value.share.clone().default(0.1).register(settingNotes, {
      env: 'CERBERUS_CONTROL_SHARE',
      help: 'Share of attackers, from 0 to 1, that get no adaptation, so that its effect can be told. Loopback is not among them.',
      example: '0.1',
    }),
    dryRun: value.yesOrNo.default(false).register(settingNotes, {
      env: 'CERBERUS_DRY_RUN',
      help: 'Record what would be done and touch nothing; the same as --dry-run.',
      example: 'false',
    }),
  }),
  adaptation: z.strictObject({
    enabled: value.yesOrNo.default(true).register(settingNotes, {
      env: 'ENABLE_AUTO_ADAPTATION',
      help: 'Whether a prepared Cowrie is changed by itself; one that was not prepared never is.',
      example: 'true',
    }),
    highSeverityThreshold: value.share.default(0.7).register(settingNotes, {
      env: 'HIGH_SEVERITY_THRESHOLD',
      help: 'Threat score from 0 to 1 that a HIGH event needs to change a honeypot.',
      example: '0.7',
    }),
    cooldownSeconds: value.wholeNumber(0, 86_400).default(300).register(settingNotes, {
      env: 'ADAPTATION_COOLDOWN_SECONDS',
      help: 'Seconds between two adaptations of the same honeypot.',
      example: '300',
    }),
  }),
  cowrie: z.strictObject({
    logPath: value.path.default('/home/cowrie/cowrie/var/log/cowrie/cowrie.json').register(settingNotes, {
      env: 'COWRIE_LOG_PATH',
      help: "Cowrie's JSON log, which is read as it grows.",
      example: '/home/cowrie/cowrie/var/log/cowrie/cowrie.json',
      treat: 'path',
    }),
    dir: value.path.nullable().default(null).register(settingNotes, {
      env: 'CERBERUS_COWRIE_DIR',
      help: "Cowrie's state folder, as `cerberus prepare` takes it; by default told from the log's path.",
      example: '/home/cowrie/cowrie',
      treat: 'path',
    }),
    configPath: value.path.default('/home/cowrie/cowrie/etc/cowrie.cfg').register(settingNotes, {
      env: 'COWRIE_CONFIG_PATH',
      help: "Cowrie's configuration file.",
      example: '/home/cowrie/cowrie/etc/cowrie.cfg',
      treat: 'path',
      notUsedYet: true,
    }),
    honeyfilesPath: value.path.default('/home/cowrie/cowrie/honeyfs').register(settingNotes, {
      env: 'COWRIE_HONEYFILES_PATH',
      help: 'Folder of the files that attackers may read.',
      example: '/home/cowrie/cowrie/honeyfs',
      treat: 'path',
      notUsedYet: true,
    }),
    restartCommand: value.text.default('sudo systemctl restart cowrie').register(settingNotes, {
      env: 'COWRIE_RESTART_COMMAND',
      help: 'Restarts Cowrie. Run for another persona where our plugin is not in it, and only while nobody is there.',
      example: 'sudo systemctl restart cowrie',
    }),
    host: value.text.default('127.0.0.1').register(settingNotes, {
      env: 'CERBERUS_COWRIE_HOST',
      help: 'Where the probe reaches Cowrie over SSH.',
      example: '127.0.0.1',
    }),
    port: value.wholeNumber(1, 65_535).default(2222).register(settingNotes, {
      env: 'CERBERUS_COWRIE_PORT',
      help: 'Port at which the probe reaches Cowrie over SSH.',
      example: '2222',
    }),
    timezone: value.timezone.default('UTC').register(settingNotes, {
      env: 'CERBERUS_TIMEZONE',
      help: "The zone of Cowrie's time stamps: a Cowrie started without TZ=UTC writes local time and calls it Z.",
      example: 'Europe/Berlin',
    }),
  }),
  launch: z.strictObject({
    driver: value.decoyDriver.nullable().default(null).register(settingNotes, {
      env: 'CERBERUS_LAUNCH_DRIVER',
      help: 'What launch_decoy uses where the policy names nothing: cowrie, container, ec2 or decoy. Without it none is launched.',
      example: 'cowrie',
    }),
    max: value.wholeNumber(0, 100).default(3).register(settingNotes, {
      env: 'CERBERUS_LAUNCH_MAX',
      help: 'So many launched decoys may stand at a time.',
      example: '3',
    }),
    host: value.text.default('127.0.0.1').register(settingNotes, {
      env: 'CERBERUS_LAUNCH_HOST',
      help: 'Address that launched decoys listen on; 0.0.0.0 shows them to everybody.',
      example: '127.0.0.1',
    }),
    ports: value.portRange.prefault('2300-2399').register(settingNotes, {
      env: 'CERBERUS_LAUNCH_PORTS',
      help: 'Ports that launched decoys may take.',
      example: '2300-2399',
    }),
    dir: value.path.nullable().default(null).register(settingNotes, {
      env: 'CERBERUS_LAUNCH_DIR',
      help: "Folder of launched decoys, which their own user must be able to enter; by default in the data folder, root's in /var/lib/cerberusmesh.",
      example: '/srv/decoys',
      treat: 'path',
    }),
    python: value.path.nullable().default(null).register(settingNotes, {
      env: 'CERBERUS_LAUNCH_PYTHON',
      help: 'The Python of a virtual environment in which Cowrie is installed, for the driver cowrie; every user must be able to run it where root starts this.',
      example: '/opt/cowrie-env/bin/python',
      treat: 'path',
    }),
    socket: value.path.nullable().default(null).register(settingNotes, {
      env: 'CERBERUS_LAUNCH_SOCKET',
      help: "The container engine's socket (Docker's or podman's), for the driver container.",
      example: '/var/run/docker.sock',
      treat: 'path',
    }),
    image: value.text.default('cowrie/cowrie:latest').register(settingNotes, {
      env: 'CERBERUS_LAUNCH_IMAGE',
      help: 'The image for the driver container; it must be there already, nothing is pulled.',
      example: 'cowrie/cowrie:latest',
    }),
    limitContainers: value.yesOrNo.default(true).register(settingNotes, {
      env: 'CERBERUS_LAUNCH_LIMITS',
      help: 'Limit memory (512 MB) and processes of containers; switch it off where the engine has no cgroups.',
      example: 'true',
    }),
    ami: value.text.nullable().default(null).register(settingNotes, {
      env: 'CERBERUS_LAUNCH_AMI',
      help: 'A Debian image of your region, for the driver ec2.',
      example: 'ami-0123456789abcdef0',
    }),
    instanceType: value.text.default('t3.micro').register(settingNotes, {
      env: 'CERBERUS_LAUNCH_INSTANCE_TYPE',
      help: 'The type of the machines of the driver ec2.',
      example: 't3.micro',
    }),
    subnet: value.text.nullable().default(null).register(settingNotes, {
      env: 'CERBERUS_LAUNCH_SUBNET',
      help: 'The subnet of the machines of the driver ec2; by default the one of your region.',
      example: 'subnet-0123456789abcdef0',
    }),
  }),
  keys: z.strictObject({
    command: value.path.nullable().default(null).register(settingNotes, {
      env: 'CERBERUS_KEY_COMMAND',
      help: 'A program that is given each new private key of a managed host on standard input, with name, user, host and port as arguments, before the old key is removed.',
      example: '/usr/local/bin/take-new-key',
      treat: 'path',
    }),
  }),
  decoy: z.strictObject({
    enabled: value.yesOrNo.default(true).register(settingNotes, {
      env: 'CERBERUS_DECOY',
      help: 'Whether our own decoy is started with everything else.',
      example: 'true',
    }),
    host: value.text.default('127.0.0.1').register(settingNotes, {
      env: 'CERBERUS_DECOY_HOST',
      help: 'Address on which the decoy waits for attackers.',
      example: '127.0.0.1',
    }),
    sshPort: value.wholeNumber(0, 65_535).default(2222).register(settingNotes, {
      env: 'CERBERUS_DECOY_SSH_PORT',
      help: 'Port of the SSH decoy; 0 takes any free one, and so does a port that is taken.',
      example: '2222',
    }),
    proxies: value.networks.clone().default([]).register(settingNotes, {
      env: 'CERBERUS_DECOY_PROXIES',
      help: "Networks of proxies before the decoys that tell the client's address by the PROXY protocol (1 or 2); each of theirs must.",
      example: '192.0.2.10/32',
    }),
    telnetPort: value.wholeNumber(0, 65_535).default(2323).register(settingNotes, {
      env: 'CERBERUS_DECOY_TELNET_PORT',
      help: 'Port of the Telnet decoy; the same rules.',
      example: '2323',
    }),
    httpPort: value.wholeNumber(0, 65_535).default(8088).register(settingNotes, {
      env: 'CERBERUS_DECOY_HTTP_PORT',
      help: 'Port of the HTTP decoy; the same rules.',
      example: '8088',
    }),
    persona: value.text.default('ubuntu-web').register(settingNotes, {
      env: 'CERBERUS_DECOY_PERSONA',
      help: 'The kind of machine that the decoy is: a file of policy/personas.',
      example: 'ubuntu-web',
    }),
    fetches: value.yesOrNo.default(false).register(settingNotes, {
      env: 'CERBERUS_DECOY_FETCHES',
      help: 'Whether files that visitors fetch by wget or curl are fetched and kept: never from private networks, 8 MB and 20 s at most, 30 a minute. It shows the address of this machine to whoever serves them.',
      example: 'false',
    }),
    worldDays: value.wholeNumber(1, 3650).default(30).register(settingNotes, {
      env: 'CERBERUS_DECOY_WORLD_DAYS',
      help: 'What an attacker left in the decoy is forgotten when he has not come for so many days.',
      example: '30',
    }),
    worldsMb: value.wholeNumber(16, 1_000_000).default(1024).register(settingNotes, {
      env: 'CERBERUS_DECOY_WORLDS_MB',
      help: 'Room in the database for what attackers left in the decoy; beyond it the longest unvisited is forgotten.',
      example: '1024',
    }),
  }),
  http: z.strictObject({
    host: value.text.default('127.0.0.1').register(settingNotes, {
      env: 'CERBERUS_HOST',
      help: 'Address to listen on. The API asks for a token on every address; there is no switch for that.',
      example: '127.0.0.1',
    }),
    port: value.wholeNumber(0, 65_535).default(3000).register(settingNotes, {
      env: 'PORT',
      help: 'Port to listen on; 0 takes any free one.',
      example: '3000',
    }),
    allowedHosts: value.hostNames.default([]).register(settingNotes, {
      env: 'CERBERUS_ALLOWED_HOSTS',
      help: 'Further names under which a server on loopback answers, such as the one of a proxy before it; by commas.',
      example: 'honeynet.example.org',
    }),
    publicUrl: value.httpUrl.nullable().default(null).register(settingNotes, {
      env: 'CERBERUS_PUBLIC_URL',
      help: 'The address under which people reach this server, for links in notices; by default its own.',
      example: 'https://honeynet.example.org',
    }),
    corsOrigin: value.origin.default('http://localhost:3001').register(settingNotes, {
      env: 'CERBERUS_CORS_ORIGIN',
      help: 'The one other site whose pages may call the API.',
      example: 'http://localhost:3001',
    }),
    rateLimitMax: value.wholeNumber(1, 1_000_000).default(100).register(settingNotes, {
      env: 'CERBERUS_RATE_LIMIT_MAX',
      help: 'Requests that an address may send without a token in one window.',
      example: '100',
    }),
    rateLimitWindowSeconds: value.wholeNumber(1, 86_400).default(900).register(settingNotes, {
      env: 'CERBERUS_RATE_LIMIT_WINDOW_SECONDS',
      help: 'Length of that window.',
      example: '900',
    }),
    tokenRateLimitMax: value.wholeNumber(1, 1_000_000).default(6000).register(settingNotes, {
      env: 'CERBERUS_TOKEN_RATE_LIMIT_MAX',
      help: 'Requests that one token may send in the same window.',
      example: '6000',
    }),
  }),
  mesh: z.strictObject({
    hubHost: value.text.clone().default('127.0.0.1').register(settingNotes, {
      env: 'CERBERUS_HUB_HOST',
      help: 'Address at which sensors on other machines come in, over TLS with a certificate of our own.',
      example: '0.0.0.0',
    }),
    hubPort: value.wholeNumber(0, 65_535).nullable().default(null).register(settingNotes, {
      env: 'CERBERUS_HUB_PORT',
      help: 'Its port; without it there is no hub. 0 takes any free one.',
      example: '7443',
    }),
    silentSeconds: value.wholeNumber(10, 86_400).default(120).register(settingNotes, {
      env: 'CERBERUS_SENSOR_SILENT_SECONDS',
      help: 'A sensor that was not heard of for so long is told of as silent.',
      example: '120',
    }),
    quietHours: value.wholeNumber(1, 8_760).default(24).register(settingNotes, {
      env: 'CERBERUS_SENSOR_QUIET_HOURS',
      help: 'A sensor that is there and has sent no event for so long is told of too.',
      example: '24',
    }),
    spoolMb: value.wholeNumber(1, 1_000_000).default(256).register(settingNotes, {
      env: 'CERBERUS_SPOOL_MB',
      help: "Of `cerberus sensor`: megabytes kept on its disk while the hub is away. When they are full, Cowrie's log waits.",
      example: '256',
    }),
  }),
  oidc: z.strictObject({
    issuer: value.httpUrl.clone().nullable().default(null).register(settingNotes, {
      env: 'CERBERUS_OIDC_ISSUER',
      help: 'An OpenID provider at which people sign in; CERBERUS_PUBLIC_URL must be the address they reach us under.',
      example: 'https://login.example.org/realms/main',
    }),
    clientId: value.text.nullable().default(null).register(settingNotes, {
      env: 'CERBERUS_OIDC_CLIENT_ID',
      help: 'Our name at the provider, whose redirect address is <public url>/api/sign-in/sso/callback.',
      example: 'cerberusmesh',
    }),
    clientSecret: value.secret.clone().nullable().default(null).register(settingNotes, {
      env: 'CERBERUS_OIDC_CLIENT_SECRET',
      help: 'Our secret at the provider.',
      example: 'what-the-provider-gave',
      treat: 'secret',
    }),
    label: value.text.clone().default('single sign-on').register(settingNotes, {
      env: 'CERBERUS_OIDC_LABEL',
      help: 'What the button on the sign-in page says.',
      example: 'Example Inc.',
    }),
    roleClaim: value.text.clone().default('groups').register(settingNotes, {
      env: 'CERBERUS_OIDC_ROLE_CLAIM',
      help: 'The claim whose values make a role.',
      example: 'groups',
    }),
    admins: value.names.default([]).register(settingNotes, {
      env: 'CERBERUS_OIDC_ADMINS',
      help: 'Values of that claim that make an admin, separated by commas.',
      example: 'honeynet-admins',
    }),
    operators: value.names.clone().default([]).register(settingNotes, {
      env: 'CERBERUS_OIDC_OPERATORS',
      help: 'Values that make an operator.',
      example: 'soc',
    }),
    viewers: value.names.clone().default([]).register(settingNotes, {
      env: 'CERBERUS_OIDC_VIEWERS',
      help: 'Values that make a viewer; * is everybody whom the provider lets in.',
      example: '*',
    }),
  }),
  tracing: z.strictObject({
    otlpUrl: value.httpUrl.clone().nullable().default(null).register(settingNotes, {
      env: 'CERBERUS_OTLP_URL',
      help: 'Where traces from line to action are sent by OTLP over HTTP; without it none are made.',
      example: 'http://127.0.0.1:4318/v1/traces',
    }),
  }),
  database: z.strictObject({
    url: value.databaseUrl.nullable().default(null).register(settingNotes, {
      env: 'DATABASE_URL',
      help: 'A PostgreSQL server from version 13; without it the embedded one is started.',
      example: 'postgresql://honeynet:password@localhost:5432/honeynet',
      treat: 'secret',
    }),
    retentionDays: value.wholeNumber(1, 36_500).nullable().default(null).register(settingNotes, {
      env: 'CERBERUS_RETENTION_DAYS',
      help: 'Days after which events are removed, in whole months; by default they are kept, old logs that were replayed included.',
      example: '90',
    }),
    retentionMb: value.wholeNumber(64, 1_000_000_000).nullable().default(null).register(settingNotes, {
      env: 'CERBERUS_RETENTION_MB',
      help: 'Megabytes that events may take in the database, their indexes included; beyond it the oldest months are removed, the present one never.',
      example: '50000',
    }),
    diskFreeMb: value.wholeNumber(64, 1_000_000_000).nullable().default(null).register(settingNotes, {
      env: 'CERBERUS_DISK_FREE_MB',
      help: "Megabytes that have to stay free on the database's disk, where it is this machine's; below it the oldest month of events is removed.",
      example: '2000',
    }),
    archiveDir: value.path.nullable().default(null).register(settingNotes, {
      env: 'CERBERUS_ARCHIVE_DIR',
      help: 'Folder into which removed months go as compressed files, which `cerberus replay` reads back; without it they are gone.',
      example: '/var/lib/cerberusmesh/archive',
      treat: 'path',
    }),
  }),
  artifacts: z.strictObject({
    fileBytesMax: value
      .wholeNumber(1, 64 * 1024 * 1024)
      .default(16 * 1024 * 1024)
      .register(settingNotes, {
        env: 'CERBERUS_ARTIFACT_BYTES',
        help: 'Recordings and files of attackers that have more bytes are not brought in; their hashes are.',
        example: '16777216',
      }),
    bytesMax: value
      .wholeNumber(0, 1_000_000_000_000)
      .default(1024 * 1024 * 1024)
      .register(settingNotes, {
        env: 'CERBERUS_ARTIFACTS_BYTES',
        help: 'Bytes that all of them may take, compressed and sealed; those that were brought in longest ago make room. 0 keeps none.',
        example: '1073741824',
      }),
  }),
  enrichment: z.strictObject({
    ownNetworks: value.networks.default([]).register(settingNotes, {
      env: 'CERBERUS_OWN_NETWORKS',
      help: 'Your own networks with names, so that an attacker from inside is called that; by commas.',
      example: 'office=198.51.100.0/24, lab=2001:db8:5::/48',
    }),
    cityDatabase: value.path.nullable().default(null).register(settingNotes, {
      env: 'CERBERUS_CITY_DATABASE',
      help: 'A MaxMind DB file with cities that you have a licence for; without it countries are told, and no cities.',
      example: '/var/lib/GeoIP/GeoLite2-City.mmdb',
      treat: 'path',
    }),
  }),
  reputation: z.strictObject({
    abuseIpdbKey: value.secret.nullable().default(null).register(settingNotes, {
      env: 'ABUSEIPDB_API_KEY',
      help: "Key for AbuseIPDB; without it nothing is asked there. Attackers' addresses are sent to it.",
      example: 'the key of your AbuseIPDB account',
      treat: 'secret',
    }),
    greyNoiseKey: value.secret.clone().nullable().default(null).register(settingNotes, {
      env: 'GREYNOISE_API_KEY',
      help: "Key for GreyNoise's community API; without it nothing is asked there.",
      example: 'the key of your GreyNoise account',
      treat: 'secret',
    }),
    listUrl: value.httpUrl.nullable().default(null).register(settingNotes, {
      env: 'CERBERUS_ADDRESS_LIST_URL',
      help: 'A list of bad addresses and networks, one a line, fetched whole every six hours.',
      example: 'https://lists.example.org/bad-addresses.txt',
    }),
    virusTotalKey: value.secret.clone().nullable().default(null).register(settingNotes, {
      env: 'VIRUSTOTAL_API_KEY',
      help: "Key for VirusTotal; without it nothing is asked there. Hashes of attackers' files are sent to it, never the files.",
      example: 'the key of your VirusTotal account',
      treat: 'secret',
    }),
    hashListUrl: value.httpUrl.clone().nullable().default(null).register(settingNotes, {
      env: 'CERBERUS_HASH_LIST_URL',
      help: 'A list of SHA-256 of bad files, one a line, fetched whole every six hours.',
      example: 'https://lists.example.org/bad-files.txt',
    }),
    dailyMax: value.wholeNumber(1, 1_000_000).default(500).register(settingNotes, {
      env: 'CERBERUS_REPUTATION_DAILY_MAX',
      help: 'Questions to each provider in a day (UTC); counted in the database, so a restart does not forget.',
      example: '500',
    }),
  }),
  state: z.strictObject({
    dir: value.path.clone().register(settingNotes, {
      env: 'CERBERUS_DATA_DIR',
      help: 'Folder of the embedded database, keys and logs.',
      example: '/var/lib/cerberusmesh',
      treat: 'path',
    }),
    masterKey: value.masterKey.nullable().default(null).register(settingNotes, {
      env: 'CERBERUS_MASTER_KEY',
      help: 'Opens sealed values (enc:v1:…); made by `cerberus secret key`.',
      example: 'the line that `cerberus secret key` prints',
      treat: 'secret',
      environmentOnly: true,
    }),
  }),
  simulate: z.strictObject({
    targets: value.networks.default([]).register(settingNotes, {
      env: 'CERBERUS_SIMULATE_TARGETS',
      help: 'Networks of yours that `cerberus simulate` may attack and `cerberus detect` may visit, besides loopback.',
      example: 'lab=198.51.100.0/28',
    }),
    token: value.secret.clone().nullable().default(null).register(settingNotes, {
      env: 'CERBERUS_API_TOKEN',
      help: 'The token with which `cerberus simulate` asks what was seen; the role viewer is enough.',
      example: 'the output of `cerberus token create simulate --role viewer`',
      treat: 'secret',
    }),
  }),
  log: z.strictObject({
    level: value.logLevel.default('info').register(settingNotes, {
      env: 'CERBERUS_LOG_LEVEL',
      help: 'DEBUG, INFO, WARNING or ERROR; --debug is the same as DEBUG.',
      example: 'INFO',
    }),
    file: value.path.clone().register(settingNotes, {
      env: 'CERBERUS_LOG_FILE',
      help: 'The rotated log file; by default logs/cerberus.log in the data folder.',
      example: '/var/log/cerberusmesh/cerberus.log',
      treat: 'path',
    }),
  }),
  llm: z.strictObject({
    provider: value.llmProvider.default('openai').register(settingNotes, {
      env: 'CERBERUS_LLM_PROVIDER',
      help: 'openai, anthropic, or openai-compatible for any server of that kind, such as Ollama or vLLM.',
      example: 'openai-compatible',
    }),
    baseUrl: value.httpUrl.clone().nullable().default(null).register(settingNotes, {
      env: 'CERBERUS_LLM_BASE_URL',
      help: "Address of the language model's API; by default the provider's own. openai-compatible needs it.",
      example: 'http://127.0.0.1:11434/v1',
    }),
    apiKey: value.secret.nullable().default(null).register(settingNotes, {
      env: 'OPENAI_API_KEY',
      help: 'Key of the language model; without it (and without an address) no model is asked.',
      example: 'sk-…',
      treat: 'secret',
    }),
    model: value.text.default('gpt-4').register(settingNotes, {
      env: 'CERBERUS_LLM_MODEL',
      help: 'Name of the language model.',
      example: 'gpt-4',
    }),
    temperature: value.number(0, 2).default(0.2).register(settingNotes, {
      env: 'CERBERUS_LLM_TEMP',
      help: 'Temperature of the language model.',
      example: '0.2',
    }),
    timeoutSeconds: value.wholeNumber(1, 50).default(45).register(settingNotes, {
      env: 'CERBERUS_LLM_TIMEOUT_SECONDS',
      help: 'How long one answer of the language model may take.',
      example: '45',
    }),
    requestsPerHour: value.wholeNumber(0, 1_000_000).default(60).register(settingNotes, {
      env: 'CERBERUS_LLM_REQUESTS_PER_HOUR',
      help: 'Requests to the language model in one hour, over all processes.',
      example: '60',
    }),
    requestsPerDay: value.wholeNumber(0, 1_000_000).default(500).register(settingNotes, {
      env: 'CERBERUS_LLM_REQUESTS_PER_DAY',
      help: 'Requests to the language model in 24 hours.',
      example: '500',
    }),
    tokensPerHour: value.wholeNumber(0, 1_000_000_000).default(400_000).register(settingNotes, {
      env: 'CERBERUS_LLM_TOKENS_PER_HOUR',
      help: 'Tokens, of questions and answers, in one hour.',
      example: '400000',
    }),
    tokensPerDay: value.wholeNumber(0, 1_000_000_000).default(3_000_000).register(settingNotes, {
      env: 'CERBERUS_LLM_TOKENS_PER_DAY',
      help: 'Tokens, of questions and answers, in 24 hours.',
      example: '3000000',
    }),
  }),
  notify: z.strictObject({
    webhookUrl: value.httpUrl.clone().nullable().default(null).register(settingNotes, {
      env: 'CERBERUS_WEBHOOK_URL',
      help: 'Notices are posted here as JSON, signed with CERBERUS_WEBHOOK_SECRET, without which nothing is posted.',
      example: 'https://hooks.example.org/cerberus',
    }),
    webhookSecret: value.secret.clone().nullable().default(null).register(settingNotes, {
      env: 'CERBERUS_WEBHOOK_SECRET',
      help: 'Signs what is posted to the webhook.',
      example: 'a long random text',
      treat: 'secret',
    }),
    slackUrl: value.secretHttpUrl.nullable().default(null).register(settingNotes, {
      env: 'CERBERUS_SLACK_URL',
      help: "Slack's incoming webhook, whose address is its secret.",
      example: 'https://hooks.slack.example/services/T000/B000/XXXX',
      treat: 'secret',
    }),
    smtpUrl: value.smtpUrl.nullable().default(null).register(settingNotes, {
      env: 'CERBERUS_SMTP_URL',
      help: 'The mail server that takes notices.',
      example: 'smtps://user:password@mail.example.org:465',
      treat: 'secret',
    }),
    mailFrom: value.text.clone().default('CerberusMesh <cerberusmesh@localhost>').register(settingNotes, {
      env: 'CERBERUS_MAIL_FROM',
      help: 'Sender of the mails.',
      example: 'CerberusMesh <honeynet@example.org>',
    }),
    mailTo: value.mailAddresses.default([]).register(settingNotes, {
      env: 'CERBERUS_MAIL_TO',
      help: 'Who gets the mails, by commas; without it none are sent.',
      example: 'soc@example.org, oncall@example.org',
    }),
    pagerdutyKey: value.secret.clone().nullable().default(null).register(settingNotes, {
      env: 'CERBERUS_PAGERDUTY_KEY',
      help: "Routing key of PagerDuty's Events API v2.",
      example: 'the 32 characters of the integration',
      treat: 'secret',
    }),
    pagerdutyUrl: value.httpUrl.clone().default('https://events.pagerduty.com/v2/enqueue').register(settingNotes, {
      env: 'CERBERUS_PAGERDUTY_URL',
      help: "Address of PagerDuty's Events API v2, or of what speaks it.",
      example: 'https://events.eu.pagerduty.com/v2/enqueue',
    }),
    syslogUrl: value.syslogUrl.nullable().default(null).register(settingNotes, {
      env: 'CERBERUS_SYSLOG_URL',
      help: 'Notices go here as CEF over syslog: udp, tcp or tls.',
      example: 'tls://siem.example.org:6514',
    }),
    threatScoreMin: value.share.clone().default(0).register(settingNotes, {
      env: 'CERBERUS_NOTIFY_THREAT_SCORE',
      help: 'Threat score from 0 to 1 below which nobody is told, whatever the policy escalates.',
      example: '0.9',
    }),
    ignore: value.networks.clone().default([]).register(settingNotes, {
      env: 'CERBERUS_NOTIFY_IGNORE',
      help: 'Networks of attackers that nobody is told about, by commas.',
      example: 'scanner=198.51.100.0/24',
    }),
    dedupSeconds: value.wholeNumber(0, 604_800).default(3600).register(settingNotes, {
      env: 'CERBERUS_NOTIFY_DEDUP_SECONDS',
      help: 'Seconds in which a campaign, or an attacker without one, is told about once.',
      example: '3600',
    }),
    perHourMax: value.wholeNumber(1, 10_000).default(20).register(settingNotes, {
      env: 'CERBERUS_NOTIFY_PER_HOUR',
      help: 'Single notices of a channel in an hour; what is beyond is told in digests.',
      example: '20',
    }),
    digestMinutes: value.wholeNumber(1, 1440).default(15).register(settingNotes, {
      env: 'CERBERUS_NOTIFY_DIGEST_MINUTES',
      help: 'Minutes between two digests in a flood.',
      example: '15',
    }),
  }),
  firewall: z.strictObject({
    hosts: value.firewallHosts.default([]).register(settingNotes, {
      env: 'CERBERUS_LOCK_DOWN_HOSTS',
      help: 'Hosts whose nftables block what is locked down: local, or user@host:port#SHA256:… by commas. Empty: only the feed.',
      example: 'local, root@192.0.2.10:22#SHA256:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU',
    }),
    key: value.secret.clone().nullable().default(null).register(settingNotes, {
      env: 'CERBERUS_LOCK_DOWN_KEY',
      help: 'The private SSH key for those hosts.',
      example: 'the text of an OpenSSH private key',
      treat: 'secret',
    }),
    command: value.text.clone().default('nft').register(settingNotes, {
      env: 'CERBERUS_LOCK_DOWN_COMMAND',
      help: 'How nft is called there.',
      example: 'sudo -n nft',
    }),
  }),
  aws: z.strictObject({
    accessKeyId: value.secret.nullable().default(null).register(settingNotes, {
      env: 'AWS_ACCESS_KEY_ID',
      help: "Key id for EC2 and CloudWatch Logs; without it the SDK's own chain, such as a role of the machine.",
      example: 'AKIA…',
      treat: 'secret',
    }),
    secretAccessKey: value.secret.nullable().default(null).register(settingNotes, {
      env: 'AWS_SECRET_ACCESS_KEY',
      help: 'The secret to that key id.',
      example: 'the 40 characters that AWS showed once',
      treat: 'secret',
    }),
    region: value.text.default('us-east-1').register(settingNotes, {
      env: 'AWS_DEFAULT_REGION',
      help: 'Region of EC2 and CloudWatch Logs.',
      example: 'us-east-1',
    }),
    endpointUrl: value.httpUrl.nullable().default(null).register(settingNotes, {
      env: 'AWS_ENDPOINT_URL',
      help: 'Another place that speaks AWS, such as a test server.',
      example: 'http://localhost:5000',
    }),
  }),
  cloudwatch: z.strictObject({
    groups: value.names.default([]).register(settingNotes, {
      env: 'CERBERUS_CLOUDWATCH_GROUPS',
      help: 'Log groups of CloudWatch Logs that are followed, by commas; one of CloudTrail tells of planted AWS keys.',
      example: '/honeypot/cowrie, aws-cloudtrail-logs',
    }),
    filter: value.text.clone().nullable().default(null).register(settingNotes, {
      env: 'CERBERUS_CLOUDWATCH_FILTER',
      help: "A filter pattern in CloudWatch's language, for all of them.",
      example: '{ $.userIdentity.accessKeyId = "AKIA*" }',
    }),
    pollSeconds: value.wholeNumber(1, 3600).default(10).register(settingNotes, {
      env: 'CERBERUS_CLOUDWATCH_POLL_SECONDS',
      help: 'Seconds between two looks.',
      example: '10',
    }),
    overlapSeconds: value.wholeNumber(0, 86_400).default(300).register(settingNotes, {
      env: 'CERBERUS_CLOUDWATCH_OVERLAP_SECONDS',
      help: 'How far a look goes back before the last one, for events that AWS shows late.',
      example: '300',
    }),
  }),
  listen: z.strictObject({
    socketlog: value.hostAndPort.nullable().default(null).register(settingNotes, {
      env: 'CERBERUS_SOCKETLOG_LISTEN',
      help: "Where Cowrie's output_socketlog is awaited: JSON lines over TCP.",
      example: '127.0.0.1:9000',
    }),
    syslog: value.hostAndPort.clone().nullable().default(null).register(settingNotes, {
      env: 'CERBERUS_SYSLOG_LISTEN',
      help: 'Where syslog is awaited, over UDP and TCP: of a Cowrie, or of anything else.',
      example: '127.0.0.1:5514',
    }),
    from: value.networks.clone().default([]).register(settingNotes, {
      env: 'CERBERUS_LISTEN_FROM',
      help: 'Networks that may send to these two besides this machine; beyond loopback they are refused without it.',
      example: 'honeypots=10.20.0.0/24',
    }),
  }),
  plugins: z.strictObject({
    dir: value.path.clone().nullable().default(null).register(settingNotes, {
      env: 'CERBERUS_PLUGINS_DIR',
      help: 'Folder of your own sources and actions, a file each; docs/plugins.md.',
      example: '/etc/cerberusmesh/plugins',
      treat: 'path',
    }),
  }),
  queue: z.strictObject({
    url: value.redisUrl.nullable().default(null).register(settingNotes, {
      env: 'CERBERUS_REDIS_LOG_URL',
      help: "The Redis (6.2 or newer) that Cowrie's output_redis writes to; rediss:// for TLS.",
      example: 'redis://:password@192.0.2.20:6379/0',
      treat: 'secret',
    }),
    key: value.text.clone().default('cowrie').register(settingNotes, {
      env: 'CERBERUS_REDIS_LOG_KEY',
      help: "Cowrie's keyname: of the list, or of the channel.",
      example: 'cowrie',
    }),
    method: value.redisMethod.default('lpush').register(settingNotes, {
      env: 'CERBERUS_REDIS_LOG_METHOD',
      help: "Cowrie's send_method: lpush, rpush or publish. With publish, what is said while we are away is lost.",
      example: 'lpush',
    }),
  }),
  redis: z.strictObject({
    url: value.redisUrl.clone().nullable().default(null).register(settingNotes, {
      env: 'REDIS_URL',
      help: 'Redis (6.2 or newer) between the roles, and for answers that engines share; rediss:// for TLS. `cerberus up` needs none.',
      example: 'rediss://:password@192.0.2.30:6379/1',
      treat: 'secret',
    }),
    key: value.masterKey.clone().nullable().default(null).register(settingNotes, {
      env: 'CERBERUS_REDIS_KEY',
      help: 'What we put into Redis is sealed under this (AES-256-GCM); the same for every role.',
      example: 'the output of `openssl rand -hex 32`',
      treat: 'secret',
    }),
    partitions: value.wholeNumber(1, 256).default(16).register(settingNotes, {
      env: 'CERBERUS_PARTITIONS',
      help: 'Streams that sessions are spread over, and so the most workers that have work; the same for every role.',
      example: '16',
    }),
    host: value.text.default('localhost').register(settingNotes, {
      env: 'REDIS_HOST',
      help: 'Redis, for more than one machine.',
      example: 'localhost',
      notUsedYet: true,
    }),
    port: value.wholeNumber(1, 65_535).default(6379).register(settingNotes, {
      env: 'REDIS_PORT',
      help: 'Port of Redis.',
      example: '6379',
      notUsedYet: true,
    }),
    db: value.wholeNumber(0, 1_000).default(1).register(settingNotes, {
      env: 'REDIS_DB',
      help: 'Database number in Redis.',
      example: '1',
      notUsedYet: true,
    }),
  }),
  ml: z.strictObject({
    serviceUrl: value.httpUrl.nullable().default(null).register(settingNotes, {
      env: 'ML_SERVICE_URL',
      help: 'A `cerberus ml` that assesses instead of this process; while it is away, events wait for it as UNKNOWN.',
      example: 'http://localhost:8001',
    }),
    timeoutSeconds: value.number(0.1, 120).default(5).register(settingNotes, {
      env: 'CERBERUS_ML_TIMEOUT_SECONDS',
      help: 'How long a batch waits for that service before its events are stored without an assessment.',
      example: '5',
    }),
    host: value.text.default('127.0.0.1').register(settingNotes, {
      env: 'CERBERUS_ML_HOST',
      help: 'Address that `cerberus ml` listens on; any but loopback needs the token.',
      example: '127.0.0.1',
    }),
    port: value.wholeNumber(0, 65_535).default(8001).register(settingNotes, {
      env: 'CERBERUS_ML_PORT',
      help: 'Port that `cerberus ml` listens on; 0 takes any free one.',
      example: '8001',
    }),
    token: value.secret.nullable().default(null).register(settingNotes, {
      env: 'CERBERUS_ML_TOKEN',
      help: 'Shared by `cerberus ml` and those who ask it.',
      example: 'the output of `openssl rand -hex 32`',
      treat: 'secret',
    }),
  }),
});

export type Settings = z.output<typeof ConfigSchema>;
