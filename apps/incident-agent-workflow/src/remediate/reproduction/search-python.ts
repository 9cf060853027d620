/** The same search as search-javascript.ts for Python, where every function of a file can be called from outside. */
import type { SearchOrder } from './search-javascript.ts';

/** The whole program: reads its order from its first argument, prints one line of JSON `{found, note}`. */
export function pythonSearch(order: SearchOrder): string {
  return `${PROGRAM}\nmain(json.loads(${JSON.stringify(JSON.stringify(order))}))\n`;
}

const PROGRAM = String.raw`
import asyncio, collections.abc, importlib, inspect, json, os, re, sys, time, traceback, types, typing
from collections import deque

MISSED = []

class Thing:
    def __init__(self, path, members):
        self.__dict__['_path'] = path
        self.__dict__.update(members)
    def __getattr__(self, name):
        if name.startswith('__'):
            raise AttributeError(name)
        MISSED.append((self.__dict__['_path'], name))
        raise AttributeError("'Thing' object has no attribute '%s'" % name)
    def __enter__(self):
        return self
    def __exit__(self, *_):
        return None

class Record(dict):
    def __init__(self, path, members):
        super().__init__(members)
        self.path = path
    def __missing__(self, key):
        if isinstance(key, str):
            MISSED.append((self.path, key))
        raise KeyError(key)
    def get(self, key, default=None):
        if key not in self and isinstance(key, str):
            MISSED.append((self.path, key))
        return super().get(key, default)

def build(shape, path):
    if isinstance(shape, list):
        return [build(item, path + [index]) for index, item in enumerate(shape)]
    if isinstance(shape, dict):
        if '$undefined' in shape:
            return None
        if '$made' in shape:
            maker = getattr(importlib.import_module(shape['$made']['module']), shape['$made']['name'])
            return maker(*[build(item, path + ['values', index]) for index, item in enumerate(shape['values'])])
        if '$call' in shape:
            return lambda *_, **__: build(shape['$call'], path + ['$call'])
        members = {key: build(item, path + [key]) for key, item in shape.items() if key != '$thing'}
        return Thing(path, members) if '$thing' in shape else Record(path, members)
    return shape

def thing(**members):
    return {'$thing': True, **members}

def with_value(shape, path, value):
    if not path:
        return value
    key, rest = path[0], path[1:]
    if isinstance(shape, list) and isinstance(key, int):
        return [with_value(item, rest, value) if index == key else item for index, item in enumerate(shape)]
    if isinstance(shape, dict):
        return {**shape, key: with_value(shape.get(key), rest, value)}
    return shape

def paths_of(shape, path):
    found = [path]
    members = enumerate(shape) if isinstance(shape, list) else shape.items() if isinstance(shape, dict) else []
    for key, item in members:
        if key not in ('$thing', '$undefined', '$made'):
            found += paths_of(item, path + [key])
    if isinstance(shape, dict) and '$made' in shape:
        # What is handed to a maker stays a list.
        found = [one for one in found if one != path + ['values']]
    return found

PLAIN = {int: 1, float: 1.5, str: 'x', bool: False, bytes: None, object: 'x'}

def typed(hint, depth):
    """A value as the annotation asks for it; classes of the service are made by themselves."""
    if hint in PLAIN:
        return PLAIN[hint]
    origin, parts = typing.get_origin(hint), typing.get_args(hint)
    if origin in (typing.Union, getattr(types, 'UnionType', None)):
        return typed(parts[0], depth)
    if origin is dict or hint is dict or origin is collections.abc.Mapping:
        return {'x': typed(parts[1], depth)} if len(parts) == 2 else {}
    if isinstance(origin or hint, type) and issubclass(origin or hint, collections.abc.Iterable) and not inspect.isclass(hint):
        return [typed(parts[0], depth)] if parts else []
    if origin is collections.abc.Callable:
        return {'$call': None}
    if inspect.isclass(hint) and depth > 0 and own(hint):
        return {'$made': {'module': hint.__module__, 'name': hint.__name__, 'isClass': True},
                'values': typed_values(hint.__init__, asked_for(hint), depth - 1)}
    return None

def own(kind):
    """A class of the service, at the top of its module."""
    file = getattr(sys.modules.get(kind.__module__), '__file__', None) or ''
    return file.startswith(os.getcwd() + os.sep) and kind.__qualname__ == kind.__name__ and not inspect.isabstract(kind) and not getattr(kind, '_is_protocol', False)

def typed_values(function, parameters, depth):
    try:
        hints = typing.get_type_hints(function)
    except Exception:
        hints = {}
    return [typed(hints.get(one.name), depth) for one in parameters]

def changes(values, missed, words):
    pool = [None, thing(), {}, [], '', 0, {'$call': None}, {'$call': thing()}, {'$call': []}, {'$call': {}}, [None], [{}],
            [thing()], 'x', -1, 1, 1.5, True, {'$call': ''}, {'$call': 0}, {'x': None}] + words[:6]
    paths = [path + [name] for path, name in reversed(missed)]
    for index, value in enumerate(values):
        paths += paths_of(value, [index])
    for value in pool:
        for path in paths[:40]:
            yield with_value(values, path, value)

def module_of(path):
    folder, name = os.path.split(path)
    parts = [] if name == '__init__.py' else [name[:-3]]
    while folder and os.path.exists(os.path.join(folder, '__init__.py')):
        folder, package = os.path.split(folder)
        parts.insert(0, package)
    root = os.path.abspath(folder or '.')
    if root not in sys.path:
        sys.path.insert(0, root)
    return importlib.import_module('.'.join(parts))

def callables(module, wanted):
    found = []
    bare = wanted.split('.')[-1] if wanted else None
    for name, value in vars(module).items():
        if getattr(value, '__module__', None) != module.__name__:
            continue
        if inspect.isfunction(value) and (bare is None or name == bare):
            found.append((name, value))
        elif inspect.isclass(value):
            for method, body in vars(value).items():
                plain = body.__func__ if isinstance(body, (staticmethod, classmethod)) else body
                if inspect.isfunction(plain) and method == bare:
                    found.append((name + '.' + method, plain))
    return found[:8]

def asked_for(function):
    kinds = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
    return [one for one in inspect.signature(function).parameters.values() if one.kind in kinds and one.default is one.empty]

def masked(text):
    return re.sub(r"'[^'\n]*'|\"[^\"\n]*\"|\d+(?:\.\d+)?", '~', text.split('\n')[0])

def same_message(message, wanted, name):
    if message == wanted:
        return True
    # What a KeyError or AttributeError misses is its point, not a value.
    if name in ('KeyError', 'AttributeError', 'NameError', 'ImportError'):
        tail = re.findall(r"'([^']*)'", wanted)[-1:]
        mine = re.findall(r"'([^']*)'", message)[-1:]
        return tail == mine and masked(message) == masked(wanted)
    return masked(message) == masked(wanted)


def attempt(function, values, order):
    MISSED.clear()
    try:
        answer = function(*[build(value, [index]) for index, value in enumerate(values)])
        if inspect.iscoroutine(answer):
            asyncio.run(asyncio.wait_for(answer, 0.2))
        elif inspect.isgenerator(answer):
            for index, _ in enumerate(answer):
                if index > 50:
                    break
        return 'returned', order['goal'] == 'returns', False, list(MISSED)
    except BaseException as error:
        places = traceback.extract_tb(error.__traceback__)
        near = any(one.filename.replace(os.sep, '/').endswith(order['path']) and one.lineno == order['line'] for one in places)
        last = places[-1] if places else None
        name = type(error).__name__
        full = type(error).__module__ + '.' + name
        seen = near and order['type'] in (name, full) and same_message(str(error), order['message'], name)
        where = '%s:%s' % (last.filename, last.lineno) if last else ''
        return '%s: %s %s' % (name, error, where), near, seen, list(MISSED)

def search(function, order, end):
    asked = asked_for(function)
    hot = deque([seed['values'] for seed in order['seeds']] or [typed_values(function, asked, 3), [None] * len(asked)])
    cold, found, seen, calls = deque(), [], set(), 0
    tried = {json.dumps(values) for values in hot}
    while (hot or cold) and calls < 20000 and time.monotonic() < end:
        values = hot.popleft() if hot else cold.popleft()
        calls += 1
        outcome, near, is_seen, missed = attempt(function, values, order)
        if is_seen if order['goal'] == 'fails' else outcome == 'returned':
            found.append(values)
            if len(found) >= order['wanted']:
                break
            if order['goal'] == 'fails':
                continue
        kind = outcome + '|' + json.dumps(missed)
        if order['seedsOnly'] or (kind in seen and outcome != 'returned'):
            continue
        seen.add(kind)
        for following in changes(values, missed, order['words']):
            key = json.dumps(following)
            if key in tried or len(key) > 4000:
                continue
            tried.add(key)
            (hot if near else cold).append(following)
    return found, calls

def main(order):
    end = time.monotonic() + order['milliseconds'] / 1000
    note = 'none of the functions of the stack trace can be called'
    result = {'found': [], 'note': note}
    for call in order['seeds'][:1] or order['calls']:
        try:
            module = module_of(call['module'])
        except BaseException as error:
            result['note'] = '%s cannot be loaded by itself: %s: %s' % (call['module'], type(error).__name__, error)
            continue
        for name, function in callables(module, call['name']):
            found, calls = search(function, order, end)
            if found:
                result = {'found': [{'module': call['module'], 'name': name, 'via': 'named', 'values': values} for values in found], 'note': ''}
                break
            done = 'did not fail as in the incident' if order['goal'] == 'fails' else 'did not return'
            result['note'] = '%d calls with made-up values %s' % (calls, done)
        if result['found']:
            break
    sys.stdout.write('\n' + json.dumps(result) + '\n')
    sys.stdout.flush()
    os._exit(0)
`;
