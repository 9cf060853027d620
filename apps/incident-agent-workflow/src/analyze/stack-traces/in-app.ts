/** Our own code, as opposed to libraries and the runtime. */

const LIBRARY_PATHS =
  /(?:^|\/)(?:node_modules|site-packages|dist-packages|vendor|bower_components|\.yarn|\.pnpm|\.cargo\/(?:registry|git)|\.m2|\.pub-cache|\.nuget|gems|rubygems|pkg\/mod|libsanitizer|sysdeps|nptl|csu)\/|\/usr\/(?:lib|lib64|include|local\/lib|local\/go|src\/glibc|src\/debug)\/|\/lib\/(?:python|ruby)\/?\d|^\/rustc\/|\/rustlib\/|^(?:<|\[|\(eval)|^(?:node:|internal\/|webpack\/|native$|unknown location$|evalmachine)|^(?:ext|deno|bun|dart|org-dartlang-sdk):|\.so(?:\.\d+)*$/;
const LIBRARY_PACKAGES =
  /^(?:java|javax|jdk|sun|com\.sun|jakarta|kotlin|kotlinx|scala|groovy|junit|org\.(?:springframework|apache|hibernate|eclipse|jboss|junit|hamcrest|mockito|postgresql|slf4j|codehaus|gradle|testng)|com\.(?:zaxxer|mysql|mongodb|fasterxml|google\.(?:common|inject|protobuf)|intellij|netflix)|io\.(?:netty|micrometer|grpc|ktor|reactivex|lettuce|vertx|quarkus|undertow)|reactor|ch\.qos|okhttp3|retrofit2|redis\.clients|oracle)\./;
const PROXIES =
  /\$\$(?:Lambda|FastClass|Enhancer|SpringCGLIB|EnhancerBySpring)|(?:^|\.)\$Proxy\d|^com\.sun\.proxy|_(?:Subclass|ClientProxy)(?:\.|$)|CGLIB\$|ByteBuddy\$/;
const GO_RUNTIME =
  /^(?:runtime|net|os|io|sync|syscall|reflect|encoding|database\/sql|internal|testing|context|bufio|fmt|strconv|time|crypto)[./]/;
const DOTNET_LIBRARIES =
  /^(?:System|Microsoft|Newtonsoft|Npgsql|MySql|MongoDB|StackExchange|Serilog|NLog|AutoMapper|MediatR|Polly|Grpc|Dapper|Xunit|NUnit|Castle|Moq|Azure|Amazon)\.|^lambda_method/;
const RUST_LIBRARIES =
  /^[<&]*(?:dyn )?(?:std|core|alloc|tokio|futures\w*|hyper|axum|actix\w*|tower\w*|anyhow|backtrace|rayon|rust_begin_unwind|rust_panic|__rustc?|<unknown>|__libc|_start|start_thread|clone|main$|test)(?:::|$|\w*$)/;
const NATIVE_RUNTIME =
  /^(?:raise|abort|gsignal|_start|start_thread|clone3?|_?_assert\w*|__(?:libc|interceptor|cxa|GI|gnu|pthread|asan|sanitizer|ubsan|restore_rt|kernel|sig|clone|start|memcpy|memset|str)\w*|_?_?GI_\w+|operator (?:new|delete)|(?:malloc|free|calloc|realloc|memcpy|memmove|memset|str\w+)$|std::|__gnu_cxx::|void std::|_IO_\w+|_Unwind_\w+)/;

/** By the path alone; either kind of slash. */
export function isOwnPath(path: string): boolean {
  return path !== '' && !LIBRARY_PATHS.test(path.replaceAll('\\', '/'));
}

/** `com.example.Items.find` of Java and Kotlin. */
export function isOwnClass(qualifiedName: string): boolean {
  return !LIBRARY_PACKAGES.test(qualifiedName) && !PROXIES.test(qualifiedName);
}

/** A class that was made at run time: its frames only hand on. */
export function isProxy(qualifiedName: string): boolean {
  return PROXIES.test(qualifiedName);
}

/** By path and by function, since a module of the standard library shows as `/usr/local/go/src/…` or as `runtime.…`. */
export function isOwnGo(path: string, qualifiedName: string): boolean {
  return isOwnPath(path) && !GO_RUNTIME.test(qualifiedName) && qualifiedName !== 'panic';
}

/** `Shop.Items.Find(String id)` of .NET. */
export function isOwnDotnet(qualifiedName: string): boolean {
  return !DOTNET_LIBRARIES.test(qualifiedName);
}

export function isOwnRust(path: string, qualifiedName: string): boolean {
  return isOwnPath(path) && !RUST_LIBRARIES.test(qualifiedName);
}

export function isOwnNative(path: string, qualifiedName: string): boolean {
  return isOwnPath(path) && !NATIVE_RUNTIME.test(qualifiedName);
}
