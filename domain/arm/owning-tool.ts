const tools: readonly (readonly [pattern: RegExp, name: string])[] = [
  [/terraform/i, 'Terraform'],
  [/opentofu/i, 'OpenTofu'],
  [/pulumi/i, 'Pulumi'],
  [/crossplane/i, 'Crossplane'],
  [/cluster-?api|\bcapz\b/i, 'Cluster API'],
];
const names = [
  'managedby',
  'createdby',
  'provisionedby',
  'provisioner',
  'iac',
  'deployedby',
  'tool',
];

/**
 * The infrastructure tool that a tag of the resource names, by the custom of tags such as
 * `managed-by: terraform`. Azure itself does not know who keeps a resource.
 */
export function owningTool(tags: Readonly<Record<string, unknown>>): string | undefined {
  for (const [name, value] of Object.entries(tags)) {
    if (typeof value !== 'string' || !isAboutOwner(name)) continue;
    const found = tools.find(([pattern]) => pattern.test(value));
    if (found) return found[1];
  }
  return undefined;
}

function isAboutOwner(name: string): boolean {
  return names.includes(name.toLowerCase().replace(/[-_.: ]/g, ''));
}
