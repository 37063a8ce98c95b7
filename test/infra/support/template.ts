export type Properties = Readonly<Record<string, unknown>>;

/** Of a compiled template. What depends on parameters is an expression in it. */
export interface TemplateResource {
  readonly type: string;
  readonly existing?: boolean;
  readonly name?: string;
  readonly properties?: Properties;
}

/** What the compiler makes of a Bicep file. */
export interface Template {
  readonly $schema: string;
  readonly resources?: Readonly<Record<string, TemplateResource>> | readonly TemplateResource[];
  readonly outputs?: Readonly<Record<string, unknown>>;
  readonly variables?: Properties;
}

/** What a template makes or changes, without its modules. */
export function resourcesOf({ resources = [] }: Template): readonly TemplateResource[] {
  return Object.values(resources).filter(
    ({ type, existing }) => existing !== true && type !== 'Microsoft.Resources/deployments',
  );
}
