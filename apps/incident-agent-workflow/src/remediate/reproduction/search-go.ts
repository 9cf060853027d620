/**
 * The same search as search-java.ts for Go: a test of the package itself calls functions of the stack trace by
 * reflection with values that their types allow, each of which knows the source text that makes it.
 */
import { type CompiledOrder, plainLiteral } from './compiled-order.ts';

/** The text of a `_test.go` file; `owner` of a call is a type of the package, with `*` where the receiver is a pointer. */
export function goSearch(order: CompiledOrder, packageName: string): string {
  const functions = order.calls.map(({ owner, name }) => {
    const expression = owner === null ? name : owner.startsWith('*') ? `(${owner}).${name}` : `${owner}.${name}`;
    return `incidentFunction{${plainLiteral(owner === null ? name : expression)}, reflect.ValueOf(${expression})}`;
  });
  return PROGRAM.replace(
    '//ORDER//',
    () => `const incidentPackage = ${plainLiteral(packageName)}
const incidentMessage, incidentFile = ${plainLiteral(order.message)}, ${plainLiteral(`${order.file}:${order.line}`)}
const incidentWanted, incidentMilliseconds = ${order.wanted}, ${order.milliseconds}
const incidentWantsFailure = ${order.goal === 'fails'}
var incidentWords, incidentSeeds = ${listOf(order.words)}, ${listOf(order.seeds)}
var incidentFunctions = []incidentFunction{${functions.join(', ')}}`,
  ).replace('package PACKAGE', `package ${packageName}`);
}

function listOf(values: readonly string[]): string {
  return `[]string{${values.map(plainLiteral).join(', ')}}`;
}

const PROGRAM = String.raw`package PACKAGE

import (
	"encoding/json"
	"fmt"
	"reflect"
	"regexp"
	"runtime/debug"
	"strconv"
	"strings"
	"testing"
	"time"
)

type incidentFunction struct {
	name string
	call reflect.Value
}

//ORDER//

// Made anew for each call: what a call changes must not reach the next one.
type incidentValue struct {
	source string
	make   func() reflect.Value
}

func TestIncidentSearch(t *testing.T) {
	wanted := map[string]bool{}
	for _, seed := range incidentSeeds {
		wanted[seed] = true
	}
	found, tried := []string{}, 0
	for _, function := range incidentFunctions {
		end := time.Now().Add(incidentMilliseconds * time.Millisecond / time.Duration(len(incidentFunctions)))
		already := len(found)
		kind := function.call.Type()
		choices := [][]incidentValue{}
		for index := 0; index < kind.NumIn(); index++ {
			choices = append(choices, incidentValues(kind.In(index), 3))
		}
		for _, values := range incidentCombined(choices, 1500) {
			source := incidentSource(function.name, values)
			if time.Now().After(end) || len(found)-already >= incidentWanted {
				break
			}
			if len(wanted) > 0 && !wanted[source] {
				continue
			}
			tried++
			if incidentTry(function.call, values) == incidentWantsFailure {
				found = append(found, source)
			}
		}
	}
	note := ""
	if len(found) == 0 {
		note = fmt.Sprintf("%d calls with made-up values did not end as in the incident", tried)
	}
	answer, _ := json.Marshal(map[string]interface{}{"found": found, "note": note})
	fmt.Printf("\nincident-answer %s\n", answer)
}

func incidentSource(name string, values []incidentValue) string {
	words := []string{}
	for _, value := range values {
		words = append(words, value.source)
	}
	return name + "(" + strings.Join(words, ", ") + ")"
}

// Whether it failed as in the incident, or, asked for calls that return, whether it did not.
func incidentTry(call reflect.Value, values []incidentValue) bool {
	outcome := make(chan bool, 1)
	go func() {
		defer func() {
			failure := recover()
			if failure == nil {
				outcome <- false
				return
			}
			isSeen := incidentMasked(fmt.Sprint(failure)) == incidentMasked(incidentMessage) && incidentIsThere(string(debug.Stack()))
			outcome <- isSeen || !incidentWantsFailure
		}()
		given := []reflect.Value{}
		for _, value := range values {
			given = append(given, value.make())
		}
		if call.Type().IsVariadic() {
			call.CallSlice(given)
		} else {
			call.Call(given)
		}
	}()
	select {
	case is := <-outcome:
		return is
	case <-time.After(500 * time.Millisecond):
		return !incidentWantsFailure
	}
}

// The frames below the panic, the innermost first.
func incidentIsThere(stack string) bool {
	_, below, _ := strings.Cut(stack, "\npanic(")
	lines := strings.Split(below, "\n")
	for index, line := range lines {
		if index < 16 && strings.Contains(line, "/"+incidentFile+" ") {
			return true
		}
	}
	return false
}

var incidentNumbers = regexp.MustCompile("\"[^\"\n]*\"|'[^'\n]*'|[0-9]+([.][0-9]+)?")

func incidentMasked(text string) string {
	first, _, _ := strings.Cut(strings.TrimPrefix(text, "runtime error: "), "\n")
	return incidentNumbers.ReplaceAllString(strings.TrimSpace(first), "~")
}

// The first of each, then what differs from that in one place, then in two.
func incidentCombined(choices [][]incidentValue, most int) [][]incidentValue {
	first := []incidentValue{}
	for _, choice := range choices {
		if len(choice) == 0 {
			return nil
		}
		first = append(first, choice[0])
	}
	all := [][]incidentValue{first}
	with := func(values []incidentValue, at int, value incidentValue) []incidentValue {
		next := append([]incidentValue{}, values...)
		next[at] = value
		return next
	}
	for one := range first {
		for _, value := range choices[one][1:] {
			all = append(all, with(first, one, value))
		}
	}
	for one := range first {
		for two := one + 1; two < len(first); two++ {
			for _, left := range choices[one][1:] {
				for _, right := range choices[two][1:] {
					all = append(all, with(with(first, one, left), two, right))
				}
			}
		}
	}
	if len(all) > most {
		all = all[:most]
	}
	return all
}

func incidentPlain(kind reflect.Type, object interface{}, source string) incidentValue {
	value := reflect.ValueOf(object).Convert(kind)
	return incidentValue{incidentTyped(kind, source), func() reflect.Value { return value }}
}

// Of a type of its own name a constant is converted.
func incidentTyped(kind reflect.Type, source string) string {
	if kind.PkgPath() == "" {
		return source
	}
	return incidentName(kind) + "(" + source + ")"
}

// As the package itself writes it.
func incidentName(kind reflect.Type) string {
	return strings.ReplaceAll(kind.String(), incidentPackage+".", "")
}

// Types of other packages would have to be imported by whoever writes the call down.
func incidentIsForeign(kind reflect.Type) bool {
	name := strings.ReplaceAll(kind.String(), incidentPackage+".", "")
	return strings.Contains(name, ".") || strings.Contains(name, "struct {") && name != "struct {}"
}

func incidentZero(kind reflect.Type, source string) incidentValue {
	return incidentValue{source, func() reflect.Value { return reflect.Zero(kind) }}
}

func incidentValues(kind reflect.Type, depth int) []incidentValue {
	all := []incidentValue{}
	switch kind.Kind() {
	case reflect.Bool:
		all = append(all, incidentPlain(kind, false, "false"), incidentPlain(kind, true, "true"))
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		for _, number := range []int64{1, 0, 2, -1, 10, 100} {
			all = append(all, incidentPlain(kind, number, strconv.FormatInt(number, 10)))
		}
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		for _, number := range []uint64{1, 0, 10} {
			all = append(all, incidentPlain(kind, number, strconv.FormatUint(number, 10)))
		}
	case reflect.Float32, reflect.Float64:
		for _, number := range []float64{1.5, 0, -1} {
			all = append(all, incidentPlain(kind, number, strconv.FormatFloat(number, 'f', -1, 64)))
		}
	case reflect.String:
		for _, text := range append([]string{"x", "", "0", "a,b", "a b"}, incidentWords...) {
			all = append(all, incidentPlain(kind, text, strconv.Quote(text)))
		}
	case reflect.Ptr:
		all = append(all, incidentPointers(kind, depth)...)
		all = append(all, incidentZero(kind, "nil"))
	case reflect.Slice:
		all = append(all, incidentZero(kind, "nil"))
		all = append(all, incidentSlices(kind, depth)...)
	case reflect.Map:
		all = append(all, incidentMaps(kind, depth)...)
	case reflect.Struct:
		all = append(all, incidentStructs(kind, depth)...)
	case reflect.Interface, reflect.Func, reflect.Chan:
		all = append(all, incidentZero(kind, "nil"))
	}
	return all
}

func incidentPointers(kind reflect.Type, depth int) []incidentValue {
	all := []incidentValue{}
	if kind.Elem().Kind() != reflect.Struct || depth <= 0 {
		return all
	}
	for _, inner := range incidentValues(kind.Elem(), depth-1) {
		inner := inner
		all = append(all, incidentValue{"&" + inner.source, func() reflect.Value {
			pointer := reflect.New(kind.Elem())
			pointer.Elem().Set(inner.make())
			return pointer
		}})
	}
	return all
}

func incidentSlices(kind reflect.Type, depth int) []incidentValue {
	all := []incidentValue{}
	if depth <= 0 || incidentIsForeign(kind) {
		return all
	}
	all = append(all, incidentValue{incidentName(kind) + "{}", func() reflect.Value { return reflect.MakeSlice(kind, 0, 0) }})
	for _, inner := range incidentValues(kind.Elem(), depth-1) {
		inner := inner
		all = append(all, incidentValue{incidentName(kind) + "{" + inner.source + "}", func() reflect.Value {
			return reflect.Append(reflect.MakeSlice(kind, 0, 1), inner.make())
		}})
	}
	return all
}

func incidentMaps(kind reflect.Type, depth int) []incidentValue {
	all := []incidentValue{incidentZero(kind, "nil")}
	if depth <= 0 || incidentIsForeign(kind) {
		return all
	}
	all = append(all, incidentValue{incidentName(kind) + "{}", func() reflect.Value { return reflect.MakeMap(kind) }})
	for _, key := range incidentValues(kind.Key(), 0) {
		for _, inner := range incidentValues(kind.Elem(), depth-1) {
			key, inner := key, inner
			if len(all) > 24 {
				return all
			}
			all = append(all, incidentValue{incidentName(kind) + "{" + key.source + ": " + inner.source + "}", func() reflect.Value {
				made := reflect.MakeMap(kind)
				made.SetMapIndex(key.make(), inner.make())
				return made
			}})
		}
	}
	return all
}

// Empty, and with one field set.
func incidentStructs(kind reflect.Type, depth int) []incidentValue {
	if incidentIsForeign(kind) {
		return []incidentValue{}
	}
	all := []incidentValue{incidentZero(kind, incidentName(kind)+"{}")}
	for index := 0; index < kind.NumField() && depth > 0; index++ {
		index, field := index, kind.Field(index)
		for _, inner := range incidentValues(field.Type, depth-1) {
			inner := inner
			if inner.source == "nil" || field.PkgPath != "" {
				continue
			}
			all = append(all, incidentValue{incidentName(kind) + "{" + field.Name + ": " + inner.source + "}", func() reflect.Value {
				made := reflect.New(kind).Elem()
				made.Field(index).Set(inner.make())
				return made
			}})
		}
	}
	return all
}
`;
