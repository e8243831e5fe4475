/**
 * Where an async generator returns a promise instead of what it becomes. WebKit hands that on as it is, where the language
 * (and every other engine) awaits it; TypeScript does not tell the two apart.
 */
import { parseSync } from 'vite';

/** A node of a syntax tree, as far as it is looked at. */
type Node = { readonly type: string } & Readonly<Record<string, unknown>>;

const isNode = (value: unknown): value is Node => typeof (value as Node | null)?.type === 'string';
const isFunction = ({ type }: Node): boolean => /Function/.test(type) && type !== 'TSFunctionType';
const nameOf = (node: unknown): string | undefined => (node as { name?: string } | null)?.name;

function childrenOf(node: Node): Node[] {
  return Object.values(node).flatMap((value) => (Array.isArray(value) ? value : [value]).filter(isNode));
}

function* nodesOf(node: Node, enters: (child: Node) => boolean = () => true): Generator<Node> {
  yield node;
  for (const child of childrenOf(node)) if (enters(child)) yield* nodesOf(child, enters);
}

const parsed = (file: string, text: string): Node => parseSync(file, text).program as unknown as Node;

/** The functions of a file, by name, that return a promise. */
export function promisingIn(file: string, text: string): string[] {
  const promises = (made: unknown): boolean =>
    isNode(made) &&
    isFunction(made) &&
    !made.generator &&
    (made.async === true || /^: ?Promise</.test(textOf(made.returnType, text)));
  return [...nodesOf(parsed(file, text))].flatMap((node) => {
    const made = node.type === 'VariableDeclarator' ? node.init : node;
    const name = nameOf(node.id);
    return name !== undefined && promises(made) ? [name] : [];
  });
}

const textOf = (node: unknown, text: string): string => {
  const { start, end } = (node ?? {}) as { start?: number; end?: number };
  return text.slice(start ?? 0, end ?? 0);
};

/** What the async generators of a file return that is a promise: calls of functions that are named, or of `Promise` itself. */
export function promisesReturned(file: string, text: string, promising: ReadonlySet<string>): string[] {
  const generators = [...nodesOf(parsed(file, text))].filter(
    (node) => isFunction(node) && node.async === true && node.generator === true && isNode(node.body),
  );
  return generators
    .flatMap((each) => [...nodesOf(each.body as Node, (child) => !isFunction(child))])
    .filter(({ type }) => type === 'ReturnStatement')
    .flatMap(({ argument }) => (isNode(argument) ? lastOf(argument) : []))
    .filter(({ type, callee }) => {
      if (!isNode(callee)) return false;
      const of = callee.type === 'MemberExpression' ? nameOf(callee.object) : nameOf(callee);
      return type === 'NewExpression' ? of === 'Promise' : of === 'Promise' || promising.has(of ?? '');
    })
    .map((call) => textOf(call, text));
}

/** The expressions of which one is the value. */
function lastOf(node: Node): Node[] {
  const parts = { ConditionalExpression: ['consequent', 'alternate'], LogicalExpression: ['left', 'right'] }[
    node.type
  ];
  return parts ? parts.flatMap((part) => lastOf(node[part] as Node)) : [node];
}
