package wire

import (
	"bytes"
	"encoding/json"
)

// fields are the fields of one object, by name. One that is not there is nil.
type fields interface {
	get(name string) json.RawMessage
}

// members are the fields of an object in the order of its text, of which they are parts.
// With a map of copies the usage of an answer takes twice as long to read, which every call
// that passes a gateway waits for.
type members []member

type member struct {
	name  []byte
	value json.RawMessage
}

// get gives the last of those that have the name.
func (m members) get(name string) json.RawMessage {
	for i := len(m) - 1; i >= 0; i-- {
		if string(m[i].name) == name {
			return m[i].value
		}
	}
	return nil
}

const space = " \t\r\n"

// split takes an object apart. Its text is valid, and begins with the brace.
func split(text []byte) members {
	all := make(members, 0, 8)
	for text = after(text, 1); text[0] != '}'; {
		size := extent(text)
		name := unquote(text[:size])
		text = after(text, size)
		size = extent(text)
		all = append(all, member{name, text[:size]})
		text = after(text, size)
	}
	return all
}

// after is what follows some bytes and what stands between members.
func after(text []byte, size int) []byte { return bytes.TrimLeft(text[size:], space+",:") }

// extent is the length of the value with which a part of an object begins.
func extent(text []byte) int {
	switch text[0] {
	case '"':
		return quoted(text)
	case '{', '[':
		return nested(text)
	}
	return bytes.IndexAny(text, space+",}]")
}

// quoted is the length of a string with its quotes.
func quoted(text []byte) int {
	at := 1
	for ; text[at] != '"'; at++ {
		if text[at] == '\\' {
			at++
		}
	}
	return at + 1
}

// nested is the length of an object or a list.
func nested(text []byte) int {
	depth, at := 0, 0
	for {
		switch text[at] {
		case '"':
			at += quoted(text[at:]) - 1
		case '{', '[':
			depth++
		case '}', ']':
			depth--
		}
		if at++; depth == 0 {
			return at
		}
	}
}

func unquote(name []byte) []byte {
	if bytes.IndexByte(name, '\\') < 0 {
		return name[1 : len(name)-1]
	}
	var s string
	_ = json.Unmarshal(name, &s) // it is valid
	return []byte(s)
}
