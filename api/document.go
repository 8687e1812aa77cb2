package api

import (
	"bytes"
	"net/http"
	"reflect"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/bursarhq/bursar/spend"
)

// document is an OpenAPI 3.1 document, in the order in which people read it.
type document struct {
	OpenAPI    string                          `yaml:"openapi"`
	Info       map[string]string               `yaml:"info"`
	Security   []map[string][]string           `yaml:"security"`
	Paths      map[string]map[string]operation `yaml:"paths"`
	Components map[string]any                  `yaml:"components"`
}

type operation struct {
	Summary     string                 `yaml:"summary"`
	Description string                 `yaml:"description,omitempty"`
	OperationID string                 `yaml:"operationId"`
	Security    *[]map[string][]string `yaml:"security,omitempty"` // empty: no credential
	Parameters  []map[string]any       `yaml:"parameters,omitempty"`
	RequestBody map[string]any         `yaml:"requestBody,omitempty"`
	Responses   map[string]any         `yaml:"responses"`
}

const jsonMedia = "application/json"

// Document writes the OpenAPI document of the API from the table of routes and
// the types of their bodies. The server serves it at /api/v1/openapi.yaml.
func Document() ([]byte, error) {
	s := schemas{map[string]any{}, map[string]reflect.Type{}}
	d := document{
		OpenAPI: "3.1.0",
		Info: map[string]string{
			"title": "Bursar", "version": "1",
			"description": "Amounts and quantities are decimal texts at full precision. Every error has the shape of Fault.",
		},
		Security: []map[string][]string{{"token": {}}, {"session": {}}},
		Paths:    map[string]map[string]operation{},
	}
	for _, r := range routes() {
		method, path, _ := strings.Cut(r.pattern, " ")
		if !strings.HasPrefix(path, "/api/v1/") {
			continue
		}
		path = strings.ReplaceAll(path, "...}", "}")
		if d.Paths[path] == nil {
			d.Paths[path] = map[string]operation{}
		}
		d.Paths[path][strings.ToLower(method)] = s.operation(&r, method, path)
	}
	d.Components = map[string]any{
		"schemas": s.named,
		"securitySchemes": map[string]any{
			"token":   map[string]string{"type": "http", "scheme": "bearer"},
			"session": map[string]string{"type": "apiKey", "in": "cookie", "name": "bursar_session"},
		},
	}
	var out bytes.Buffer
	e := yaml.NewEncoder(&out)
	e.SetIndent(2)
	if err := e.Encode(d); err != nil {
		return nil, spend.Errorf(spend.KindInternal, "write the API document", "%w", err)
	}
	return out.Bytes(), e.Close()
}

func (s schemas) operation(r *route, method, path string) operation {
	o := operation{Summary: r.summary, OperationID: operationID(method, path), Responses: map[string]any{}}
	if r.action == public {
		o.Security = &[]map[string][]string{}
	} else {
		o.Description = "Needs the right " + string(r.action) + "."
	}
	for _, p := range r.params {
		o.Parameters = append(o.Parameters, map[string]any{
			"name": p.name, "in": p.in, "description": p.what, "required": p.in == "path", "schema": map[string]any{"type": "string"},
		})
	}
	if r.in != nil {
		o.RequestBody = map[string]any{"required": true, "content": s.content(r.in)}
		if r.file {
			o.RequestBody["content"] = s.form(r.in)
		}
	}
	success := map[string]any{"description": http.StatusText(r.status)}
	switch {
	case r.out != nil:
		success["content"] = s.content(r.out)
	case path == "/api/v1/live":
		success["content"] = map[string]any{"text/event-stream": map[string]any{"schema": map[string]any{"type": "string"}}}
	}
	o.Responses[strconv.Itoa(r.status)] = success
	o.Responses["default"] = map[string]any{"description": "An error.", "content": s.content(Fault{})}
	return o
}

// form is a body of two parts: the order, then the file.
func (s schemas) form(order any) map[string]any {
	return map[string]any{"multipart/form-data": map[string]any{"schema": map[string]any{
		"type": "object", "required": []string{"order", "file"}, "properties": map[string]any{
			"order": s.of(reflect.TypeOf(order)), "file": map[string]any{"type": "string", "format": "binary"},
		},
	}}}
}

func (s schemas) content(example any) map[string]any {
	return map[string]any{jsonMedia: map[string]any{"schema": s.of(reflect.TypeOf(example))}}
}

// operationID is "get_quarantine_digest" for GET /api/v1/quarantine/{digest}.
func operationID(method, path string) string {
	words := strings.FieldsFunc(strings.TrimPrefix(path, "/api/v1/"), func(r rune) bool { return strings.ContainsRune("/{}.", r) })
	return strings.ToLower(method) + "_" + strings.Join(words, "_")
}
