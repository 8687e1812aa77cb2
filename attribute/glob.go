package attribute

import (
	"errors"
	"strings"
	"unicode/utf8"
)

// glob is a pattern of text: * stands for any text, also with slashes, ? for one
// character, [a-z] for one of some and [^a-z] for one of the others; \ takes the
// meaning from what follows.
type glob []token

// token is one sign of a glob. A letter is the class of itself.
type token struct {
	star   bool
	except bool      // all but the ranges
	ranges [][2]rune // both ends included
}

var errClass = errors.New("a [ is not closed, holds nothing, or runs backwards; write \\[ for the sign itself")

func parseGlob(text string) (g glob, err error) {
	for text != "" {
		var t token
		if t, text, err = nextToken(text); err != nil {
			return nil, err
		}
		if !t.star || len(g) == 0 || !g[len(g)-1].star { // two stars are one
			g = append(g, t)
		}
	}
	return g, nil
}

func nextToken(text string) (t token, rest string, err error) {
	switch text[0] {
	case '*':
		return token{star: true}, text[1:], nil
	case '?':
		return token{except: true}, text[1:], nil
	case '[':
		return class(text[1:])
	}
	c, rest, err := letter(text)
	return token{ranges: [][2]rune{{c, c}}}, rest, err
}

// class reads what stands behind a [.
func class(text string) (t token, rest string, err error) {
	if rest, t.except = strings.CutPrefix(text, "^"); rest == "" {
		return t, "", errClass
	}
	for !strings.HasPrefix(rest, "]") {
		var from, to rune
		if from, rest, err = letter(rest); err != nil {
			return t, "", errClass
		}
		to = from
		if after, isRange := strings.CutPrefix(rest, "-"); isRange {
			if to, rest, err = letter(after); err != nil {
				return t, "", errClass
			}
		}
		if t.ranges = append(t.ranges, [2]rune{from, to}); to < from {
			return t, "", errClass
		}
	}
	if len(t.ranges) == 0 {
		return t, "", errClass
	}
	return t, rest[1:], nil
}

// letter reads a character, which a \ may stand before.
func letter(text string) (c rune, rest string, err error) {
	text = strings.TrimPrefix(text, `\`)
	if text == "" {
		return 0, "", errors.New(`it ends with a \, or where a character is expected`)
	}
	c, size := utf8.DecodeRuneInString(text)
	return c, text[size:], nil
}

func (t *token) takes(c rune) bool {
	for _, r := range t.ranges {
		if r[0] <= c && c <= r[1] {
			return !t.except
		}
	}
	return t.except
}

// literal gives the text that alone matches, false when there are others.
func (g glob) literal() (string, bool) {
	var b strings.Builder
	for i := range g {
		if g[i].star || g[i].except || len(g[i].ranges) != 1 || g[i].ranges[0][0] != g[i].ranges[0][1] {
			return "", false
		}
		b.WriteRune(g[i].ranges[0][0])
	}
	return b.String(), true
}

// match goes back to the last star alone: what an earlier one could give, that one
// can too.
func (g glob) match(s string) bool {
	at, star, again := 0, -1, ""
	for s != "" {
		c, size := utf8.DecodeRuneInString(s)
		switch {
		case at < len(g) && g[at].star:
			star, again = at, s
			at++
			continue
		case at < len(g) && g[at].takes(c):
			at, s = at+1, s[size:]
			continue
		case star < 0:
			return false
		}
		_, size = utf8.DecodeRuneInString(again)
		again = again[size:]
		at, s = star+1, again
	}
	return at == len(g) || at == len(g)-1 && g[at].star
}
