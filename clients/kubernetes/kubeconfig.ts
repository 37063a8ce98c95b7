import * as z from 'zod';

/** How a cluster is reached, as its kubeconfig says. */
export interface Kubeconfig {
  readonly server: string;
  /** Certificate of the authority that vouches for the server. */
  readonly authority: string;
  /** Name to check the server's certificate for, where it is not the one in the address. */
  readonly serverName?: string;
  /** `entra`: the file leaves it to a login program. Otherwise the local account's own proofs. */
  readonly login: 'entra' | LocalLogin;
}

export interface LocalLogin {
  readonly certificate?: string;
  readonly key?: string;
  readonly token?: string;
}

const File = z.object({
  'current-context': z.string(),
  clusters: z.array(
    z.object({
      name: z.string(),
      cluster: z.object({
        server: z.url({ protocol: /^https$/ }),
        'certificate-authority-data': z.base64(),
        'tls-server-name': z.string().optional(),
      }),
    }),
  ),
  contexts: z.array(
    z.object({ name: z.string(), context: z.object({ cluster: z.string(), user: z.string() }) }),
  ),
  users: z.array(
    z.object({
      name: z.string(),
      user: z.object({
        exec: z.unknown().optional(),
        'auth-provider': z.unknown().optional(),
        'client-certificate-data': z.base64().optional(),
        'client-key-data': z.base64().optional(),
        token: z.string().optional(),
      }),
    }),
  ),
});

/**
 * Reads what the current context of a kubeconfig of AKS names. Nothing in it is run: of a login program only its
 * presence counts.
 *
 * @throws Error that quotes nothing of the file.
 */
export async function readKubeconfig(text: string): Promise<Kubeconfig> {
  const { parse } = await import('./yaml');
  const parsed = File.safeParse(plainly(() => parse(text) as unknown));
  if (!parsed.success) throw new Error('the kubeconfig of the cluster is not as expected');
  const { clusters, contexts, users, ...file } = parsed.data;
  const context = contexts.find(({ name }) => name === file['current-context'])?.context;
  const cluster = clusters.find(({ name }) => name === context?.cluster)?.cluster;
  const user = users.find(({ name }) => name === context?.user)?.user;
  if (cluster === undefined || user === undefined) {
    throw new Error('the kubeconfig of the cluster names no cluster or no user');
  }
  const serverName = cluster['tls-server-name'];
  const byProgram = user.exec !== undefined || user['auth-provider'] !== undefined;
  return {
    server: cluster.server.replace(/\/+$/, ''),
    authority: decoded(cluster['certificate-authority-data']),
    ...(serverName !== undefined && { serverName }),
    login: byProgram ? 'entra' : localLogin(user),
  };
}

type User = z.infer<typeof File>['users'][number]['user'];

function localLogin({ token, ...user }: User): LocalLogin {
  const certificate = user['client-certificate-data'];
  const key = user['client-key-data'];
  return {
    ...(certificate !== undefined && { certificate: decoded(certificate) }),
    ...(key !== undefined && { key: decoded(key) }),
    ...(token !== undefined && { token }),
  };
}

/** A parser's error quotes the line it stands at, which may hold a key. */
function plainly(parse: () => unknown): unknown {
  try {
    return parse();
  } catch {
    return undefined;
  }
}

function decoded(base64: string): string {
  return Buffer.from(base64, 'base64').toString();
}
