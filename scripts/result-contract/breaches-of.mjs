import { parseSync, Visitor } from 'oxc-parser';

/**
 * A function returns an expected failure as a Result of core/result.ts, not as a string. This object has the two rules of that contract.
 */
export const contract = {
  'string-or-value': 'a return type must not join string with another type; return a Result (core/result.ts)',
  'string-as-error': 'a function whose name describes a failure must not return string | undefined; return a Result',
};

/**
 * Returns the functions of a source file that break the Result contract.
 *
 * Checks signatures in every form: function, arrow function, method, getter, and function type. `Promise<T>` counts as `T`. Literal types,
 * null and undefined do not count as another type, so `string | null` and `'a' | 'b'` pass.
 *
 * @param {string} file name of the file, such as `core/random.ts`, from which the syntax follows.
 * @param {string} source
 * @returns {{ rule: keyof typeof contract, name: string, line: number }[]} in the order of the file; `line` counts from 1.
 * @throws {Error} if the file has a syntax error.
 */
export function breachesOf(file, source) {
  const { program, errors } = parseSync(file, source);
  if (errors.length > 0) throw new Error(`${file}: ${errors[0].message}`);
  const breaches = [];
  for (const { name, returnType, start } of signaturesOf(program)) {
    const members = membersOf(returnType);
    if (!members.some(isString)) continue;
    const line = source.slice(0, start).split('\n').length;
    if (members.some(isOtherType)) breaches.push({ rule: 'string-or-value', name, line });
    else if (members.some(isUndefined) && announcesFailure(name))
      breaches.push({ rule: 'string-as-error', name, line });
  }
  return breaches.toSorted((one, other) => one.line - other.line);
}

/** Returns the functions of a program: each with the syntax node of its return type, and the name by which the code calls the function. */
function signaturesOf(program) {
  const signatures = [];
  const names = new Map();
  const named = (name, value) => {
    if (value !== null && value !== undefined) names.set(value, textOf(name));
  };
  const add = (node) => {
    const returnType = node.returnType?.typeAnnotation;
    if (returnType !== undefined) {
      signatures.push({ name: names.get(node) ?? textOf(node.id ?? node.key), returnType, start: node.start });
    }
  };
  const typed = (node) => named(node.id ?? node.key, node.typeAnnotation?.typeAnnotation);
  new Visitor({
    VariableDeclarator: (node) => {
      named(node.id, node.init);
      named(node.id, node.id.typeAnnotation?.typeAnnotation);
    },
    Property: (node) => named(node.key, node.value),
    PropertyDefinition: (node) => {
      named(node.key, node.value);
      typed(node);
    },
    TSPropertySignature: typed,
    TSTypeAliasDeclaration: (node) => named(node.id, node.typeAnnotation),
    MethodDefinition: (node) => named(node.key, node.value),
    TSAbstractMethodDefinition: (node) => named(node.key, node.value),
    FunctionDeclaration: add,
    FunctionExpression: add,
    ArrowFunctionExpression: add,
    TSDeclareFunction: add,
    TSEmptyBodyFunctionExpression: add,
    TSMethodSignature: add,
    TSCallSignatureDeclaration: add,
    TSFunctionType: add,
  }).visit(program);
  return signatures;
}

function textOf(node) {
  return node?.name ?? (typeof node?.value === 'string' ? node.value : '(no name)');
}

/** Returns the members of a union as a flat list. The content of a promise replaces the promise. */
function membersOf(type) {
  if (type.type === 'TSUnionType') return type.types.flatMap(membersOf);
  if (type.type === 'TSParenthesizedType') return membersOf(type.typeAnnotation);
  const [inner] = type.typeArguments?.params ?? [];
  const isPromise = type.type === 'TSTypeReference' && type.typeName.name === 'Promise' && inner !== undefined;
  return isPromise ? membersOf(inner) : [type];
}

function isString({ type }) {
  return type === 'TSStringKeyword';
}

function isUndefined({ type }) {
  return type === 'TSUndefinedKeyword' || type === 'TSNullKeyword' || type === 'TSVoidKeyword';
}

function isOtherType(member) {
  return !isString(member) && !isUndefined(member) && member.type !== 'TSLiteralType';
}

/** Returns true for names such as `portProblem`, `problemOf` and `whyNotStored`, and false for `defaultName`. */
function announcesFailure(name) {
  const humps = name.split(/(?=[A-Z])/).map((hump) => hump.toLowerCase().replace(/s$/, ''));
  return /^whyNot/.test(name) || humps.some((hump) => failureHumps.has(hump));
}

const failureHumps = new Set(['problem', 'mistake', 'trouble', 'refusal', 'fault', 'failure', 'error', 'sentence']);
