/** Our own code, as opposed to libraries and the runtime. */

const LIBRARY_PATHS =
  /(?:^|\/)(?:node_modules|site-packages|dist-packages|vendor|bower_components|\.yarn|\.pnpm|\.cargo\/registry|\.m2|gems|pkg\/mod)\/|\/usr\/(?:lib|local\/lib|local\/go)\/|\/lib\/python\d|^(?:<|\[)|^(?:node:|internal\/|webpack\/|native$|evalmachine)|^(?:ext|deno|bun):/;
const LIBRARY_PACKAGES =
  /^(?:java|javax|jdk|sun|com\.sun|jakarta|kotlin|kotlinx|scala|groovy|org\.(?:springframework|apache|hibernate|eclipse|jboss|junit|postgresql|slf4j|codehaus)|com\.(?:zaxxer|mysql|mongodb|fasterxml|google\.common)|io\.(?:netty|micrometer|grpc|ktor|reactivex)|reactor|ch\.qos|okhttp3|redis\.clients|oracle)\./;
const GO_RUNTIME =
  /^(?:runtime|net|os|io|sync|syscall|reflect|encoding|database\/sql|internal|testing|context|bufio|fmt|strconv|time|crypto)[./]/;

/** By the path alone; forward slashes. */
export function isOwnPath(path: string): boolean {
  return path !== '' && !LIBRARY_PATHS.test(path.replaceAll('\\', '/'));
}

/** `com.example.Items.find` of Java and Kotlin. */
export function isOwnClass(qualifiedName: string): boolean {
  return (
    !LIBRARY_PACKAGES.test(qualifiedName) &&
    !/\$\$(?:Lambda|FastClass|Enhancer)|^(?:\$Proxy|com\.sun\.proxy)/.test(qualifiedName)
  );
}

/** By path and by function, since a module of the standard library shows as `/usr/local/go/src/…` or as `runtime.…`. */
export function isOwnGo(path: string, qualifiedName: string): boolean {
  return isOwnPath(path) && !GO_RUNTIME.test(qualifiedName) && qualifiedName !== 'panic';
}
