/** How Java is compiled and tested with what is installed: by Maven where its plugins are there, else by javac and JUnit. */
import type { TreeFile } from '../../remediation-ports.ts';

const NAME = 'incident-build.sh';
const SCRIPT = String.raw`#!/bin/sh
# Compiles what is here with what is installed and fetches nothing: search | run <class> | test [<class>].
# A single class is run three times, each told by how it ended.
set -e
three_times() {
  for time in 1 2 3; do
    code=0
    "$@" || code=$?
    printf '\nended with %s\n' "$code"
  done
  exit 0
}
if [ "$1" = test ] && [ -f pom.xml ] && [ -d "$MAVEN_REPOSITORY/org/apache/maven/plugins/maven-surefire-plugin" ]; then
  if [ -n "$2" ]; then three_times mvn -q -o -B test "-Dtest=$2"; fi
  exec mvn -q -o -B test
fi
libraries="$(find lib libs target/dependency $MAVEN_REPOSITORY -name '*.jar' ! -name '*-sources.jar' 2>/dev/null | sort -r | head -1000 | tr '\n' ':')"
# As Debian's package junit5 leaves it.
tools="$(ls /usr/share/java/*.jar 2>/dev/null | grep -E '/(junit-(jupiter|platform|vintage)[a-z-]*|junit4|hamcrest|opentest4j|apiguardian-api|picocli|univocity-parsers)\.jar$' | grep -v standalone | tr '\n' ':')"
# Short runs: what starts fast is better than what gets fast.
java="java -XX:TieredStopAtLevel=1 -XX:+UseSerialGC"
javac="javac -J-XX:TieredStopAtLevel=1 -J-XX:+UseSerialGC"
main=.
if [ -d src/main/java ]; then main=src/main/java; fi
mkdir -p /tmp/classes /tmp/test-classes
find "$main" -name '*.java' ! -path '*/test/*' ! -name IncidentSearch.java > /tmp/sources
$javac -g -nowarn -encoding UTF-8 -cp "$libraries" -d /tmp/classes @/tmp/sources
if [ -d src/main/resources ]; then cp -r src/main/resources/. /tmp/classes; fi
if [ "$1" = search ]; then
  $javac -nowarn -encoding UTF-8 -d /tmp/test-classes IncidentSearch.java
  exec $java -cp "/tmp/test-classes:/tmp/classes:$libraries" IncidentSearch
fi
if [ "$1" = run ]; then three_times $java -cp "/tmp/classes:$libraries" "$2"; fi
find src/test/java -name '*.java' > /tmp/tests
$javac -g -nowarn -encoding UTF-8 -cp "/tmp/classes:$libraries:$tools" -d /tmp/test-classes @/tmp/tests
console="$java -cp /tmp/test-classes:/tmp/classes:$libraries:$tools org.junit.platform.console.ConsoleLauncher --details=summary --disable-banner"
if [ -n "$2" ]; then three_times $console "--select-class=$2"; fi
exec $console --scan-classpath=/tmp/test-classes
`;

/** `folder`: of the service, '' for the top; commands are started there. */
export function javaBuild(folder: string): TreeFile {
  return { path: folder === '' ? NAME : `${folder}/${NAME}`, mode: 'file', content: Buffer.from(SCRIPT) };
}

export function javaCommand(
  ...words: readonly ['search'] | readonly ['run', string] | readonly ['test', string?]
): string {
  return ['sh', NAME, ...words].join(' ');
}
