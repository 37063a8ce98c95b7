import { partsOf } from '../arm-id';
import { objectAt, textAt } from '../json';
import type { Json, JsonObject } from '../json';
import { compileQuery } from '../kusto/compile-query';
import type { CompiledQuery } from '../kusto/compile-query';
import { KustoError } from '../kusto/kusto-error';
import type { Row } from '../kusto/scalar';
import { armError } from '../provider';
import type { ArmRequest, ArmResponse, ResourceProvider } from '../provider';
import { visible } from '../resource-store';
import type { Resource } from '../resource-store';
import type { World } from '../world';

const largestPage = 1000;
const largestSkip = 10_000_000;

/** Microsoft.ResourceGraph: queries over all resources of the world, one page at a time. */
export const resourceGraphProvider: ResourceProvider = {
  namespace: 'Microsoft.ResourceGraph',
  routes: { 'POST /providers/Microsoft.ResourceGraph/resources': queryResources },
};

function queryResources({ body }: ArmRequest, world: World): ArmResponse {
  const query = textAt(body, 'query');
  if (query === undefined) return armError(400, 'BadRequest', 'The request body needs a query.');
  const options = objectAt(body, 'options');
  const skip = skipFrom(options);
  const top = topFrom(options);
  if (skip === undefined || top === undefined) return invalidPage;
  try {
    const compiled = compileQuery(query);
    const rows = rowsOf(compiled, subscriptionsOf(body), world);
    const { total, rows: data } = compiled.page(rows, { skip, top, now: world.clock.now() });
    const answer = { totalRecords: total, count: data.length, data, facets: [] };
    return paged(answer, { compiled, next: skip + data.length });
  } catch (error) {
    if (!(error instanceof KustoError)) throw error;
    return invalidQuery(error);
  }
}

function paged(
  answer: { totalRecords: number; count: number; data: readonly JsonObject[] },
  { compiled, next }: { compiled: CompiledQuery; next: number },
): ArmResponse {
  const more = next < answer.totalRecords && answer.count > 0;
  const stable = compiled.columns.includes('id');
  const token = { $skipToken: Buffer.from(JSON.stringify({ skip: next })).toString('base64') };
  return {
    status: 200,
    body: {
      ...answer,
      facets: [],
      resultTruncated: more && !stable ? 'true' : 'false',
      ...(more && stable && token),
    },
    headers: { 'x-ms-user-quota-remaining': '14', 'x-ms-user-quota-resets-after': '00:00:05' },
  };
}

/** Undefined for a token or a number that is not one of ours. */
function skipFrom(options: JsonObject): number | undefined {
  const token = options['$skipToken'];
  if (token === undefined) return wholeNumber(options['$skip'] ?? 0, largestSkip);
  try {
    const text = Buffer.from(typeof token === 'string' ? token : '', 'base64').toString();
    return wholeNumber(objectAt(JSON.parse(text) as Json)['skip'], largestSkip);
  } catch {
    return undefined; // not JSON: not our token
  }
}

function topFrom(options: JsonObject): number | undefined {
  const top = wholeNumber(options['$top'] ?? 100, largestPage);
  return top === 0 ? undefined : top;
}

function wholeNumber(value: Json | undefined, most: number): number | undefined {
  const valid = typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= most;
  return valid ? value : undefined;
}

/** Lower-cased ids of the subscriptions asked for; undefined for all, as a management group means here. */
function subscriptionsOf(body: Json | undefined): ReadonlySet<string> | undefined {
  const asked = objectAt(body)['subscriptions'];
  if (!Array.isArray(asked) || asked.length === 0) return undefined;
  return new Set(asked.map((id: Json) => JSON.stringify(id).slice(1, -1).toLowerCase()));
}

type Table = (world: World) => Iterable<Resource>;

const containers = ['Microsoft.Resources/subscriptions', 'Microsoft.Resources/resourceGroups'];
const extensions: Readonly<Record<string, readonly string[]>> = {
  authorizationresources: [
    'Microsoft.Authorization/roleAssignments',
    'Microsoft.Authorization/denyAssignments',
  ],
  policyresources: ['Microsoft.Authorization/policyAssignments'],
  resourcecontainers: containers,
};

function tableFor(name: string): Table {
  const types = extensions[name];
  if (types) return ({ resources }) => types.flatMap((type) => [...resources.ofType(type)]);
  if (name !== 'resources') return () => [];
  return ({ resources }) => resources.tracked();
}

function* rowsOf(
  { table }: CompiledQuery,
  subscriptions: ReadonlySet<string> | undefined,
  world: World,
): Generator<Row> {
  for (const resource of tableFor(table)(world)) {
    const row = rowOf(resource, world.tenantId);
    if (subscriptions === undefined || subscriptions.has(row.subscriptionId)) yield row;
  }
}

type GraphRow = Row & { readonly subscriptionId: string };

/** Resources are values that never change, so their rows are made once. */
const rows = new WeakMap<Resource, GraphRow>();

function rowOf(resource: Resource, tenantId: string): GraphRow {
  const known = rows.get(resource);
  if (known) return known;
  const { subscriptionId = '', resourceGroup = '', type } = partsOf(resource.id);
  const row = {
    ...visible(resource),
    type: tableType(type),
    resourceGroup: resourceGroup.toLowerCase(),
    subscriptionId: subscriptionId.toLowerCase(),
    tenantId,
  };
  rows.set(resource, row);
  return row;
}

/** Resource Graph knows resource groups by another type than ARM. */
function tableType(type: string): string {
  return type === 'Microsoft.Resources/resourceGroups'
    ? 'microsoft.resources/subscriptions/resourcegroups'
    : type.toLowerCase();
}

const invalidPage = armError(
  400,
  'BadRequest',
  'The paging options are invalid: $top is 1 to 1000, and $skipToken comes from the answer before.',
);

/** The code of the mistake is in the details, as Resource Graph has it. */
function invalidQuery({ code, message, position }: KustoError): ArmResponse {
  const details = [
    { code: 'InvalidQuery', message: 'Query is invalid.' },
    { code, message, ...position },
  ];
  return {
    status: 400,
    body: { error: { code: 'BadRequest', message: 'Please provide a valid query.', details } },
  };
}
