package protocol

import "strings"

// field is a value that a reader wants to hear of.
type field uint8

// take is how much of a value is wanted.
type take uint8

const (
	takeNothing take = iota
	takeMark         // that it is there, its kind, its place and its size
	takeText         // a string, number or literal with its contents
	takeRaw          // the whole value, whatever is inside
)

// What is kept of one value; a longer one is told without its contents.
const (
	maxText = 256
	maxRaw  = 64 << 10 // a message of a hundred samplings tells usage of 30 KiB
)

// node is one step of a path to a wanted value: a member of an object by its
// name, or all elements of a list under the name element.
type node struct {
	name string
	is   field
	take take
	kids []node
}

const element = "[]"

// kid finds the node of a member or of the elements, nil when nobody wants it.
func (n *node) kid(name []byte) *node {
	if n == nil {
		return nil
	}
	for i := range n.kids {
		if k := &n.kids[i]; len(k.name) == len(name) && k.name == string(name) {
			return k
		}
	}
	return nil
}

// tellOdd tells the members whose names differ from this one in their letters alone.
func (n *node) tellOdd(name []byte, tell func(*node)) {
	for i := range n.kids {
		if k := &n.kids[i]; strings.EqualFold(k.name, string(name)) {
			tell(k)
		}
	}
}

func (n *node) elements() *node {
	if n == nil || len(n.kids) == 0 || n.kids[0].name != element {
		return nil
	}
	return &n.kids[0]
}

// value is one wanted value. Its places count bytes from the start of the
// document; its text is good until the next one.
type value struct {
	is         field
	kind       byte   // one of { [ " t f n, and the character 0 for a number
	long       bool   // the text is longer than what is kept of it, and not told
	first      bool   // the first member of the outermost object
	text       []byte // contents as written: of a string what is between the quotes
	depth      int    // 1 for a member of the outermost object
	start, end int
	before     int // where the value before it in the outermost object ended, or the brace
}

// size is the number of bytes between the quotes of a string, else 0.
func (v *value) size() int {
	if v.kind != '"' {
		return 0
	}
	return v.end - v.start - 2
}
