import type { LabelSet } from '@opsroom/contracts';
import {
  FunctionError,
  GoStruct,
  prometheusFunctions,
  type QueryElement,
  stringMap,
  Template,
  TemplateError,
} from '@opsroom/templates';

/** What Prometheus declares before every template of a rule. */
const VARIABLES = ['$labels', '$externalLabels', '$externalURL', '$value'];

/** What templates of rules may ask of the world. */
export interface TemplateWorld {
  readonly externalLabels: LabelSet;
  readonly externalUrl: string;
  /** Evaluates at the time of the rule's evaluation. */
  readonly query: (expression: string) => readonly QueryElement[];
  readonly nowMs: number;
}

const CACHE_LIMIT = 2_000;
const parsed = new Map<string, Template>();
const names = prometheusFunctions({ query: () => [], nowMs: 0, externalUrl: '' });

function parse(name: string, text: string): Template {
  const key = `${name}\n${text}`;
  const known = parsed.get(key);
  if (known) return known;
  const template = Template.parse(name, text, names, VARIABLES);
  if (parsed.size >= CACHE_LIMIT) parsed.clear();
  parsed.set(key, template);
  return template;
}

/** What is wrong with a template's text; undefined when it can be read. */
export function templateProblem(name: string, text: string): string | undefined {
  if (!text.includes('{{')) return undefined;
  try {
    parse(name, text);
    return undefined;
  } catch (error) {
    if (error instanceof TemplateError) return error.message;
    throw error;
  }
}

/** Whatever is wrong with a query within a template is the template's error. */
function asked<T>(query: () => T): T {
  try {
    return query();
  } catch (error) {
    throw new FunctionError(error instanceof Error ? error.message : String(error));
  }
}

/** A function that expands templates for one element of a rule's result. What fails prints as Prometheus prints it. */
export function expander(
  world: TemplateWorld,
  labels: LabelSet,
  value: number,
): (name: string, text: string) => string {
  const functions = prometheusFunctions({ ...world, query: (text) => asked(() => world.query(text)) });
  const $labels = stringMap(labels);
  const $externalLabels = stringMap(world.externalLabels);
  const variables = { $labels, $externalLabels, $externalURL: world.externalUrl, $value: value };
  const dot = new GoStruct('struct', {
    Labels: $labels,
    ExternalLabels: $externalLabels,
    ExternalURL: world.externalUrl,
    Value: value,
  });
  return (name, text) => {
    if (!text.includes('{{')) return text;
    try {
      return parse(name, text).run(dot, functions, variables);
    } catch (error) {
      if (error instanceof TemplateError || error instanceof FunctionError)
        return `<error expanding template: ${error.message}>`;
      throw error;
    }
  };
}
