// Who may import whom. Read as: a file in `key` may import its own folder and the folders listed.
const mayImport = {
  domain: [],
  telemetry: ['domain'], // spans and meters; export.ts, which sends them, is loaded on demand
  clients: ['domain', 'telemetry'],
  activities: ['domain', 'telemetry', 'clients'],
  orchestrations: ['domain', 'activities'], // activities: types only, see below
  settings: ['domain'], // what a deployment sets
  functions: ['domain', 'settings', 'telemetry'], // functions/app.ts and functions/index.ts put the parts together
  host: [], // loads the app by path, as the Functions host does
  simulator: [], // an oracle that shares no code with what it judges
  cli: [], // starts host and simulator by path and talks to the app over HTTP
  doctor: ['domain', 'clients', 'activities', 'settings'], // a look at an installation; changes nothing
  inspect: ['domain'], // a look at a saved cluster: no server, nothing asked of Azure
  scripts: [], // tools of this repository; nothing of the product
};

const composition = '^functions/(app|index)\\.ts$';
const folders = Object.keys(mayImport).join('|');

const layering = Object.entries(mayImport).map(([folder, allowed]) => ({
  name: `${folder}-may-import-${[...allowed, 'itself'].join('-')}`,
  severity: 'error',
  from: { path: `^${folder}/`, pathNot: composition },
  to: { path: `^(${folders}|test)/`, pathNot: `^(${[folder, ...allowed].join('|')})/` },
}));

module.exports = {
  forbidden: [
    ...layering,
    {
      name: 'composition-root-stays-in-the-product',
      severity: 'error',
      from: { path: composition },
      to: { path: '^(host|simulator|cli|scripts|test)/' },
    },
    {
      name: 'orchestrations-see-activities-as-types',
      comment: 'an activity must be unreachable from replayed code except through the engine',
      severity: 'error',
      from: { path: '^orchestrations/' },
      to: { path: '^activities/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'azure-sdk-in-clients-and-activities',
      severity: 'error',
      from: { path: `^(${folders})/`, pathNot: '^(clients|activities)/' },
      to: { path: 'node_modules/@azure/(arm-|identity|core-|data-)' },
    },
    {
      name: 'functions-runtime-at-the-edges',
      comment: 'host/ runs the app, it never imports the runtime that the app brings along',
      severity: 'error',
      from: { path: '^(domain|clients|simulator|host|cli)/' },
      to: { path: 'node_modules/(durable-functions|@azure/functions)/' },
    },
    {
      name: 'durable-functions-behind-the-typed-surface',
      severity: 'error',
      from: { path: '^orchestrations/', pathNot: '^orchestrations/workflow\\.ts$' },
      to: { path: 'node_modules/durable-functions/' },
    },
    {
      name: 'domain-needs-zod-only',
      severity: 'error',
      from: { path: '^domain/' },
      to: { path: 'node_modules/', pathNot: 'node_modules/zod/' },
    },
    {
      name: 'telemetry-sdk-behind-the-exporter',
      comment: 'everything else speaks to the API, which does nothing until an exporter is set up',
      severity: 'error',
      from: { path: `^(${folders})/`, pathNot: '^telemetry/export\\.ts$' },
      to: { path: 'node_modules/@opentelemetry/(?!api/)' },
    },
    {
      name: 'telemetry-api-behind-spans-and-meters',
      severity: 'error',
      from: { path: `^(${folders})/`, pathNot: '^telemetry/' },
      to: { path: 'node_modules/@opentelemetry/' },
    },
    {
      name: 'no-io-in-replayed-code',
      comment: 'node:crypto is allowed for hashes; ESLint forbids randomUUID',
      severity: 'error',
      from: { path: '^(domain|orchestrations)/' },
      to: { dependencyTypes: ['core'], pathNot: '^(node:)?crypto$' },
    },
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'no-orphans',
      severity: 'error',
      from: { orphan: true, pathNot: '\\.c?m?js$|test-d|^test/' },
      to: {},
    },
    { name: 'everything-resolves', severity: 'error', from: {}, to: { couldNotResolve: true } },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(dist|coverage|test/data|test/bench/peer)/' }, // the peer has its own packages
    tsPreCompilationDeps: 'specify',
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { conditionNames: ['import', 'require', 'node', 'types'] },
  },
};
