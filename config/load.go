package config

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"go.yaml.in/yaml/v3"
)

// MaxBytes is the size of the largest file that is read, in bytes.
const MaxBytes = 256 << 10

// Load reads the file at a path, with the variables of the environment. A file
// that cannot be used gives an *Error, one that cannot be read wraps the cause.
func Load(path string) (Config, error) {
	file, err := os.Open(path)
	if err != nil {
		return Config{}, unreadable(path, err)
	}
	defer file.Close()
	raw, err := io.ReadAll(io.LimitReader(file, MaxBytes+1))
	if err != nil {
		return Config{}, unreadable(path, err)
	}
	c, err := Parse(raw, os.LookupEnv)
	var refused *Error
	if errors.As(err, &refused) {
		refused.Path = path
	}
	return c, err
}

func unreadable(path string, err error) error {
	var cause *os.PathError
	if errors.As(err, &cause) {
		err = cause.Err
	}
	return fmt.Errorf("read configuration %s: %w; name a file that exists and may be read, or start without one for the defaults", path, err)
}

// Parse reads the text of a configuration over the defaults, and validates it.
// Each ${NAME} in a value becomes what getenv says of NAME; without a getenv no
// variable is set. The error is an *Error with every problem of the text; there
// is no Config then.
func Parse(raw []byte, getenv func(string) (string, bool)) (Config, error) {
	if len(raw) > MaxBytes {
		return Config{}, asError([]Problem{{Msg: fmt.Sprintf("is larger than %d bytes: a configuration names other files, it does not hold them", MaxBytes)}})
	}
	if getenv == nil {
		getenv = func(string) (string, bool) { return "", false }
	}
	root, err := document(raw)
	if err != nil {
		return Config{}, asError([]Problem{syntaxProblem(err)})
	}
	c := Default()
	d := newDecoder(&c, getenv)
	d.section(root, "")
	for _, p := range c.problems() {
		d.addInvalid(p)
	}
	if err := asError(d.problems); err != nil {
		return Config{}, err
	}
	return c, nil
}

// document reads the one YAML document of a text; an empty text is an empty
// section.
func document(raw []byte) (*yaml.Node, error) {
	decoder := yaml.NewDecoder(bytes.NewReader(raw))
	var doc, next yaml.Node
	switch err := decoder.Decode(&doc); {
	case errors.Is(err, io.EOF):
		return &yaml.Node{Kind: yaml.MappingNode}, nil
	case err != nil:
		return nil, err
	}
	switch err := decoder.Decode(&next); {
	case err == nil:
		return nil, fmt.Errorf("yaml: line %d: a second document begins: keep one, without ---", next.Line)
	case !errors.Is(err, io.EOF):
		return nil, err
	}
	return doc.Content[0], nil
}

// syntaxProblem takes the line out of an error of the YAML library.
func syntaxProblem(err error) Problem {
	p := Problem{Msg: strings.TrimPrefix(err.Error(), "yaml: ")}
	var line int
	if n, _ := fmt.Sscanf(p.Msg, "line %d:", &line); n == 1 {
		_, p.Msg, _ = strings.Cut(p.Msg, ": ")
		p.Line = line
	}
	return p
}
