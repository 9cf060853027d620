/**
 * Looks for a call that fails as the incident did, in Java: methods of the stack trace are called by reflection with
 * values that their types allow. Every value knows the source text that makes it, so what was found can be written down
 * as a test. The same calls are thought of each time, so that those that failed can be tried on the mended code.
 */
import { type CompiledOrder, plainLiteral } from './compiled-order.ts';

/** Of the classes, those that may stand where an interface is asked for. */
export function javaSearch(order: CompiledOrder, classes: readonly string[]): string {
  const owners = order.calls.map(({ owner, name }) => `${owner ?? ''} ${name}`);
  return PROGRAM.replace(
    '//ORDER//',
    () => `static final String TYPE = ${plainLiteral(order.type)}, MESSAGE = ${plainLiteral(order.message)}, FILE = ${plainLiteral(order.file)};
  static final int LINE = ${order.line}, WANTED = ${order.wanted};
  static final long MILLISECONDS = ${order.milliseconds};
  static final boolean WANTS_FAILURE = ${order.goal === 'fails'};
  static final List<String> CALLS = ${listOf(owners)}, WORDS = ${listOf(order.words)};
  ${methodOf('seeds', order.seeds)}
  ${methodOf('classes', classes)}`,
  );
}

function listOf(values: readonly string[]): string {
  return `List.of(${values.map(plainLiteral).join(', ')})`;
}

/** What may be long has a method of its own: one may hold 64 kB. */
function methodOf(name: string, values: readonly string[]): string {
  const lines = values.map((value) => `    all.add(${plainLiteral(value)});\n`);
  return `static List<String> ${name}() {\n    var all = new ArrayList<String>();\n${lines.join('')}    return all;\n  }`;
}

const PROGRAM = String.raw`
import java.lang.reflect.*;
import java.util.*;
import java.util.concurrent.*;

public final class IncidentSearch {
  //ORDER//

  interface Make { Object make() throws Throwable; }
  /** Statements that must have run before, the expression, and how it is made. */
  record Value(String before, String source, Make made) {
    Value(String source, Make made) { this("", source, made); }
  }

  static final String[] CLASSES = classes().toArray(String[]::new);
  static final List<String> found = Collections.synchronizedList(new ArrayList<>());
  static volatile int tried = 0;
  static volatile String note = "none of the methods of the stack trace can be called";

  public static void main(String[] none) throws Exception {
    var wanted = new HashSet<>(seeds());
    for (var call : CALLS) {
      long end = System.nanoTime() + MILLISECONDS * 1_000_000 / CALLS.size();
      int already = found.size();
      for (var value : calls(call.split(" ")[0], call.split(" ")[1])) {
        if (System.nanoTime() > end || found.size() - already >= WANTED) break;
        var source = value.before() + value.source();
        if (!wanted.isEmpty() && !wanted.contains(source)) continue;
        tried += 1;
        if (tryIt(value)) found.add(source);
        note = tried + " calls with made-up values " + (WANTS_FAILURE ? "did not fail as in the incident" : "did not return");
      }
    }
    var list = new StringJoiner(",", "[", "]");
    for (var one : found) list.add(quoted(one));
    System.out.println("\n{\"found\":" + list + ",\"note\":" + quoted(found.isEmpty() ? note : "") + "}");
    System.out.flush();
    Runtime.getRuntime().halt(0);
  }

  static boolean tryIt(Value value) throws Exception {
    var outcome = new CompletableFuture<Boolean>();
    var thread = new Thread(() -> {
      try {
        value.made().make();
        outcome.complete(!WANTS_FAILURE);
      } catch (Throwable thrown) {
        outcome.complete(WANTS_FAILURE && isSeen(thrown, 0));
      }
    });
    thread.setDaemon(true);
    thread.start();
    try {
      return outcome.get(500, TimeUnit.MILLISECONDS);
    } catch (TimeoutException hung) {
      return false;
    }
  }

  static boolean isSeen(Throwable thrown, int depth) {
    if (thrown == null || depth > 5) return false;
    var type = thrown.getClass();
    boolean isThere = Arrays.stream(thrown.getStackTrace()).limit(12)
      .anyMatch((frame) -> FILE.equals(frame.getFileName()) && frame.getLineNumber() == LINE);
    boolean isIt = TYPE.equals(type.getSimpleName()) || TYPE.equals(type.getName());
    if (isThere && isIt && masked(thrown.getMessage()).equals(masked(MESSAGE))) return true;
    return isSeen(thrown.getCause(), depth + 1);
  }

  static String masked(String text) {
    var first = text == null ? "" : text.split("\n", 2)[0].strip();
    return first.replaceAll("\"[^\"\n]*\"|'[^'\n]*'|\\d+(?:\\.\\d+)?", "~");
  }

  static List<Value> calls(String owner, String name) {
    var all = new ArrayList<Value>();
    Class<?> type;
    try {
      type = Class.forName(owner);
    } catch (Throwable missing) {
      note = owner + " cannot be loaded by itself: " + missing;
      return all;
    }
    if (name.equals("<init>")) {
      for (var one : type.getDeclaredConstructors()) all.addAll(invoked(one, null, 3, 400));
      return all;
    }
    for (var method : sorted(type.getDeclaredMethods())) {
      if (!method.getName().equals(name) || method.isSynthetic() || isHidden(method)) continue;
      if (Modifier.isStatic(method.getModifiers())) all.addAll(invoked(method, null, 3, 600));
      else for (var self : receivers(type)) all.addAll(invoked(method, self, 3, 120));
    }
    return all;
  }

  /** New ones, and ones that one other method has changed. */
  static List<Value> receivers(Class<?> type) {
    var fresh = new ArrayList<Value>();
    for (var value : values(type, 3)) if (!value.source().equals("null")) fresh.add(named(type, value));
    var all = new ArrayList<>(fresh);
    for (var method : sorted(type.getDeclaredMethods())) {
      if (Modifier.isStatic(method.getModifiers()) || method.isSynthetic() || isHidden(method) || method.getParameterCount() == 0) continue;
      for (var self : fresh.subList(0, Math.min(2, fresh.size())))
        for (var call : invoked(method, self, 2, 4))
          all.add(new Value(call.before() + call.source() + ";\n", "self", () -> {
            var object = self.made().make();
            invoke(method, object, ((Called) call.made()).values);
            return object;
          }));
    }
    return all;
  }

  static Value named(Class<?> type, Value value) {
    return new Value(type.getCanonicalName() + " self = " + value.source() + ";\n", "self", value.made());
  }

  static Method[] sorted(Method[] methods) {
    Arrays.sort(methods, Comparator.comparing(Method::toGenericString));
    return methods;
  }

  static boolean isHidden(Member member) {
    var owner = member.getDeclaringClass();
    return Modifier.isPrivate(member.getModifiers()) || owner.getCanonicalName() == null
      || (owner.isMemberClass() && Modifier.isPrivate(owner.getModifiers()));
  }

  /** A call that can be made again with values of its own. */
  static final class Called implements Make {
    final Executable made; final Value self; final List<Value> values;
    Called(Executable made, Value self, List<Value> values) { this.made = made; this.self = self; this.values = values; }
    public Object make() throws Throwable { return invoke(made, self == null ? null : self.made().make(), values); }
  }

  static Object invoke(Executable made, Object self, List<Value> values) throws Throwable {
    var objects = new Object[values.size()];
    for (int index = 0; index < objects.length; index += 1) objects[index] = values.get(index).made().make();
    try {
      made.setAccessible(true);
      return made instanceof Constructor<?> one ? one.newInstance(objects) : ((Method) made).invoke(self, objects);
    } catch (InvocationTargetException wrapped) {
      throw wrapped.getCause();
    }
  }

  static List<Value> invoked(Executable made, Value self, int depth, int most) {
    if (isHidden(made) || (made instanceof Constructor<?> && Modifier.isAbstract(made.getDeclaringClass().getModifiers()))) return List.of();
    var choices = new ArrayList<List<Value>>();
    for (var type : made.getGenericParameterTypes()) choices.add(values(type, depth - 1));
    if (choices.size() != made.getParameterCount()) return List.of();
    var owner = made.getDeclaringClass().getCanonicalName();
    var head = made instanceof Constructor<?> ? "new " + owner : (self == null ? owner : self.source()) + "." + made.getName();
    var all = new ArrayList<Value>();
    for (var chosen : combined(choices, most)) {
      var words = new StringJoiner(", ", "(", ")");
      for (var one : chosen) words.add(one.source());
      all.add(new Value(self == null ? "" : self.before(), head + words, new Called(made, self, chosen)));
    }
    return all;
  }

  /** The first of each, then what differs from that in one place, then in two. */
  static List<List<Value>> combined(List<List<Value>> choices, int most) {
    var all = new LinkedHashSet<List<Value>>();
    var first = new ArrayList<Value>();
    for (var choice : choices) {
      if (choice.isEmpty()) return List.of();
      first.add(choice.get(0));
    }
    all.add(first);
    for (int one = 0; one < first.size(); one += 1)
      for (var value : choices.get(one)) all.add(with(first, one, value));
    for (int one = 0; one < first.size(); one += 1)
      for (int two = one + 1; two < first.size(); two += 1)
        for (var left : choices.get(one))
          for (var right : choices.get(two)) {
            if (all.size() >= most) return new ArrayList<>(all);
            all.add(with(with(first, one, left), two, right));
          }
    return all.stream().limit(most).toList();
  }

  static List<Value> with(List<Value> values, int at, Value value) {
    var next = new ArrayList<>(values);
    next.set(at, value);
    return next;
  }

  static Class<?> raw(Type type) {
    if (type instanceof Class<?> plain) return plain;
    if (type instanceof ParameterizedType generic) return raw(generic.getRawType());
    if (type instanceof WildcardType any) return raw(any.getUpperBounds()[0]);
    return Object.class;
  }

  static Type part(Type type, int at) {
    return type instanceof ParameterizedType generic && generic.getActualTypeArguments().length > at
      ? generic.getActualTypeArguments()[at] : Object.class;
  }

  static Value plain(Object object, String source) { return new Value(source, () -> object); }

  static final Value NULL = plain(null, "null");

  static List<Value> values(Type type, int depth) {
    var all = new ArrayList<Value>();
    var raw = raw(type);
    simple(raw, all);
    if (all.isEmpty()) collections(type, raw, depth, all);
    if (raw.isEnum() && raw.getCanonicalName() != null)
      for (var one : raw.getEnumConstants()) all.add(plain(one, raw.getCanonicalName() + "." + ((Enum<?>) one).name()));
    if (all.isEmpty() && depth > 0) made(type, raw, depth, all);
    if (!raw.isPrimitive()) all.add(Math.min(1, all.size()), typedNull(raw));
    return all;
  }

  /** With its type, so that of several methods of a name the right one is meant. */
  static Value typedNull(Class<?> raw) {
    return raw.getCanonicalName() == null ? NULL : plain(null, "(" + raw.getCanonicalName() + ") null");
  }

  static void simple(Class<?> raw, List<Value> all) {
    long[] numbers = {1, 0, 2, -1, 10, 100};
    if (raw == int.class || raw == Integer.class) for (var one : numbers) all.add(plain((int) one, "" + one));
    else if (raw == long.class || raw == Long.class) for (var one : numbers) all.add(plain(one, one + "L"));
    else if (raw == short.class || raw == Short.class) for (var one : numbers) all.add(plain((short) one, "(short) " + one));
    else if (raw == byte.class || raw == Byte.class) for (var one : numbers) all.add(plain((byte) one, "(byte) " + one));
    else if (raw == double.class || raw == Double.class) for (var one : new double[] {1.5, 0, -1}) all.add(plain(one, "" + one));
    else if (raw == float.class || raw == Float.class) for (var one : new float[] {1.5f, 0, -1}) all.add(plain(one, one + "f"));
    else if (raw == boolean.class || raw == Boolean.class) for (var one : new boolean[] {false, true}) all.add(plain(one, "" + one));
    else if (raw == char.class || raw == Character.class) for (var one : new char[] {'x', ' '}) all.add(plain(one, "'" + one + "'"));
    else if (raw == String.class || raw == CharSequence.class || raw == Object.class) {
      for (var one : new String[] {"x", "", "0", "a\tb\tc", "a,b,c", "a b"}) all.add(plain(one, quoted(one)));
      for (var one : WORDS) all.add(plain(one, quoted(one)));
    } else if (raw == java.time.Instant.class) all.add(plain(java.time.Instant.EPOCH, "java.time.Instant.EPOCH"));
    else if (raw == java.time.LocalDate.class) all.add(plain(java.time.LocalDate.EPOCH, "java.time.LocalDate.EPOCH"));
    else if (raw == java.time.Duration.class) all.add(plain(java.time.Duration.ZERO, "java.time.Duration.ZERO"));
    else if (raw == java.math.BigDecimal.class) {
      all.add(plain(java.math.BigDecimal.ONE, "java.math.BigDecimal.ONE"));
      all.add(plain(java.math.BigDecimal.ZERO, "java.math.BigDecimal.ZERO"));
    }
  }

  static void collections(Type type, Class<?> raw, int depth, List<Value> all) {
    if (raw.isArray() && raw.getComponentType().getCanonicalName() != null) {
      var item = raw.getComponentType();
      all.add(new Value("new " + item.getCanonicalName() + "[0]", () -> Array.newInstance(item, 0)));
    } else if (raw == Optional.class) {
      all.add(new Value("java.util.Optional.empty()", Optional::empty));
      for (var one : few(part(type, 0), depth)) all.add(new Value("java.util.Optional.ofNullable(" + one.source() + ")", () -> Optional.ofNullable(one.made().make())));
    } else if (raw.isAssignableFrom(ArrayList.class) && raw != Object.class) {
      all.add(new Value("new java.util.ArrayList<>()", ArrayList::new));
      for (var one : few(part(type, 0), depth))
        all.add(new Value("new java.util.ArrayList<>(java.util.Arrays.asList(" + one.source() + "))", () -> new ArrayList<>(Arrays.asList(one.made().make()))));
    } else if (raw.isAssignableFrom(HashMap.class) && raw != Object.class) {
      all.add(new Value("new java.util.HashMap<>()", HashMap::new));
      if (depth <= 0 || raw(part(type, 0)) != String.class) return;
      for (var key : WORDS.isEmpty() ? List.of("x") : WORDS)
        for (var one : few(part(type, 1), depth))
          all.add(new Value("new java.util.HashMap<>(java.util.Collections.singletonMap(" + quoted(key) + ", " + one.source() + "))",
            () -> new HashMap<>(Collections.singletonMap(key, one.made().make()))));
    } else if (raw.isAssignableFrom(HashSet.class) && raw != Object.class) all.add(new Value("new java.util.HashSet<>()", HashSet::new));
  }

  static List<Value> few(Type type, int depth) {
    if (depth <= 0) return List.of();
    return values(type, depth - 1).stream().limit(4).toList();
  }

  /** By constructors, by static methods that return one, by a lambda, or by a class that implements it. */
  static void made(Type type, Class<?> raw, int depth, List<Value> all) {
    var name = raw.getCanonicalName();
    if (name == null || raw.isPrimitive()) return;
    if (raw.isInterface()) {
      lambda(type, raw, depth, all);
      for (var one : CLASSES) {
        if (all.size() > 12) return;
        try {
          var other = Class.forName(one, false, IncidentSearch.class.getClassLoader());
          if (other != raw && raw.isAssignableFrom(other)) made(other, other, depth, all);
        } catch (Throwable cannotBeLoaded) { }
      }
      return;
    }
    for (var one : raw.getDeclaredConstructors()) all.addAll(invoked(one, null, depth, 24));
    for (var method : sorted(raw.getDeclaredMethods()))
      if (Modifier.isStatic(method.getModifiers()) && raw == method.getReturnType()) all.addAll(invoked(method, null, depth, 6));
  }

  static void lambda(Type type, Class<?> raw, int depth, List<Value> all) {
    var open = Arrays.stream(raw.getMethods()).filter((method) -> Modifier.isAbstract(method.getModifiers())).toList();
    if (open.size() != 1) return;
    var method = open.get(0);
    var names = new StringJoiner(", ", "(", ")");
    for (int index = 0; index < method.getParameterCount(); index += 1) names.add("given" + index);
    var results = method.getReturnType() == void.class ? List.of(plain(null, "{}")) : values(method.getGenericReturnType(), depth - 1).stream().limit(4).toList();
    for (var result : results)
      all.add(new Value(names + " -> " + result.source(), () -> Proxy.newProxyInstance(raw.getClassLoader(), new Class<?>[] {raw}, (self, called, values) ->
        called.getName().equals(method.getName()) ? result.made().make() : called.isDefault() ? InvocationHandler.invokeDefault(self, called, values) : null)));
  }

  static String quoted(String text) {
    var all = new StringBuilder("\"");
    for (char one : text.toCharArray()) {
      if (one == '"' || one == '\\') all.append('\\').append(one);
      else if (one == '\n') all.append("\\n");
      else if (one == '\t') all.append("\\t");
      else if (one < 32) all.append(' ');
      else all.append(one);
    }
    return all.append('"').toString();
  }
}
`;
