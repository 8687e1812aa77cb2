package api

import (
	"encoding"
	"encoding/json"
	"path"
	"reflect"
	"strings"
	"time"

	"github.com/bursarhq/bursar/auth"
	"github.com/bursarhq/bursar/exchange"
	"github.com/bursarhq/bursar/lake"
	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/notify"
	"github.com/bursarhq/bursar/outcome"
	"github.com/bursarhq/bursar/register"
	"github.com/bursarhq/bursar/spend"
)

// schemas are the JSON schemas of the document.
type schemas struct {
	named map[string]any          // by name
	types map[string]reflect.Type // whose they are
}

// of gives the schema of a type: in place, or as a reference for a struct.
func (s schemas) of(t reflect.Type) map[string]any {
	if known := special(t); known != nil {
		return known
	}
	switch t.Kind() {
	case reflect.Pointer:
		return map[string]any{"oneOf": []any{s.of(t.Elem()), map[string]any{"type": "null"}}}
	case reflect.Slice, reflect.Array:
		return map[string]any{"type": "array", "items": s.of(t.Elem())}
	case reflect.Map:
		return map[string]any{"type": "object", "additionalProperties": s.of(t.Elem())}
	case reflect.Struct:
		return s.reference(t)
	case reflect.Bool:
		return map[string]any{"type": "boolean"}
	case reflect.String:
		return map[string]any{"type": "string"}
	case reflect.Interface:
		return map[string]any{}
	}
	return map[string]any{"type": "integer"}
}

// special gives the schema of a type that writes itself, nil for the others.
func special(t reflect.Type) map[string]any {
	text := map[string]any{"type": "string"}
	switch t {
	case reflect.TypeFor[time.Time]():
		text["format"] = "date-time"
		return text
	case reflect.TypeFor[money.Amount]():
		text["format"] = "decimal"
		return text
	case reflect.TypeFor[money.Null]():
		return map[string]any{"type": []string{"string", "null"}, "format": "decimal"}
	case reflect.TypeFor[spend.Usage]():
		return map[string]any{"type": "object", "additionalProperties": special(reflect.TypeFor[money.Amount]())}
	}
	if words := vocabulary()[t]; words != nil {
		text["enum"] = words
		return text
	}
	if t.Implements(reflect.TypeFor[encoding.TextMarshaler]()) || t.Implements(reflect.TypeFor[json.Marshaler]()) {
		return text
	}
	return nil
}

// vocabulary holds the closed sets of words.
func vocabulary() map[reflect.Type][]string {
	return map[reflect.Type][]string{
		reflect.TypeFor[spend.Measure]():         words(spend.Measures()),
		reflect.TypeFor[spend.Book]():            words([]spend.Book{spend.Metered, spend.Reported, spend.Invoiced, spend.Allocated}),
		reflect.TypeFor[spend.Axis]():            words([]spend.Axis{spend.ByUse, spend.ByPeriod}),
		reflect.TypeFor[spend.Grain]():           words(spend.Grains()),
		reflect.TypeFor[lake.RecordKind]():       words([]lake.RecordKind{lake.UsageRecord, lake.OpenRecord, lake.OutcomeRecord}),
		reflect.TypeFor[lake.ResolutionResult](): words([]lake.ResolutionResult{"", lake.RetryBooked, lake.RetryDuplicate, lake.RetryRefused}),
		reflect.TypeFor[outcome.State]():         words(append([]outcome.State{""}, outcome.States()...)),
		reflect.TypeFor[Condition]():             words([]Condition{Healthy, Attention, Broken}),
		reflect.TypeFor[Finality]():              words([]Finality{Ongoing, Provisional, Final, Restated}),
		reflect.TypeFor[exchange.Basis]():        words([]exchange.Basis{exchange.DayRate, exchange.InvoiceRate}),
		reflect.TypeFor[register.Kind]():         words(register.Kinds()),
		reflect.TypeFor[notify.State]():          words([]notify.State{notify.Waiting, notify.Delivered, notify.GivenUp}),
		reflect.TypeFor[register.Status]():       words(register.Statuses()),
		reflect.TypeFor[register.Act]():          words(register.Acts()),
		reflect.TypeFor[auth.Kind]():             words(auth.Kinds()),
		reflect.TypeFor[auth.Role]():             words(auth.Roles()),
		reflect.TypeFor[auth.Reach]():            words([]auth.Reach{auth.OwnScope, auth.Everywhere}),
		reflect.TypeFor[Rhythm]():                words([]Rhythm{Talking, Silent, Rare}),
		reflect.TypeFor[Completeness]():          words([]Completeness{Complete, Short, Beyond, Uncertain}),
	}
}

func words[T ~string](all []T) []string {
	out := make([]string, len(all))
	for i, w := range all {
		out[i] = string(w)
	}
	return out
}

// reference keeps the schema of a struct under its name and refers to it. Of two structs
// with one name, the second has that of its package before it: ReconcileRow.
func (s schemas) reference(t reflect.Type) map[string]any {
	name := schemaName(t)
	if first, taken := s.types[name]; taken && first != t {
		name = packageOf(t) + name
	}
	if s.types[name] == nil {
		s.types[name] = t // a struct that holds itself ends here
		properties, required := map[string]any{}, []string{}
		for _, f := range members(t) {
			key, options, _ := strings.Cut(f.Tag.Get("json"), ",")
			properties[key] = s.of(f.Type)
			if !strings.HasPrefix(options, "omit") {
				required = append(required, key)
			}
		}
		s.named[name] = map[string]any{"type": "object", "properties": properties, "required": required}
	}
	return map[string]any{"$ref": "#/components/schemas/" + name}
}

// members lists the fields of a struct that JSON has, those of an embedded one among
// them. Its Go name hides none of them, as it does in [reflect.VisibleFields].
func members(t reflect.Type) (all []reflect.StructField) {
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	for f := range t.Fields() {
		switch key, _, _ := strings.Cut(f.Tag.Get("json"), ","); {
		case f.Anonymous && key == "":
			all = append(all, members(f.Type)...)
		case key != "-" && key != "":
			all = append(all, f)
		}
	}
	return all
}

// packageOf is the name of the package of a type, "Reconcile".
func packageOf(t reflect.Type) string {
	name := path.Base(t.PkgPath())
	return strings.ToUpper(name[:1]) + name[1:]
}

// schemaName is the type's own, "PageOfToken" for Page[Token].
func schemaName(t reflect.Type) string {
	name, of, generic := strings.Cut(t.Name(), "[")
	if !generic {
		return name
	}
	of = strings.TrimSuffix(of, "]")
	return name + "Of" + of[strings.LastIndex(of, ".")+1:]
}
