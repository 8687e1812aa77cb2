package history

import (
	"strings"

	"github.com/bursarhq/bursar/spend"
)

// sqlLexer walks the statements of a dump. It knows what keeps a semicolon from ending
// one: texts, names in quotes, comments and the bodies of functions.
type sqlLexer struct {
	s *stream
}

func invalid(format string, args ...any) *spend.Error {
	return spend.Errorf(spend.KindInvalid, "read history", format, args...)
}

func letter(b byte) bool {
	return b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z' || b == '_'
}

// word takes a letter and the letters and digits behind it, and nothing where there is none.
func (l *sqlLexer) word(c *cell) {
	b, ok := l.s.peek()
	for first := true; ok && (letter(b) || !first && b >= '0' && b <= '9'); first = false {
		l.s.next()
		c.keepByte(b)
		b, ok = l.s.peek()
	}
}

// end passes a statement with its semicolon, and keeps it, as far as it is asked for.
func (l *sqlLexer) end(c *cell) error {
	for {
		b, ok := l.s.peek()
		switch {
		case !ok:
			return l.s.failed()
		case b == ';':
			l.s.next()
			return nil
		}
		if err := l.token(c); err != nil {
			return err
		}
	}
}

// upTo passes a statement up to a word outside of quotes, and takes the word. False says
// that the statement ended before.
func (l *sqlLexer) upTo(word string, c *cell) (bool, error) {
	for {
		b, ok := l.s.peek()
		switch {
		case !ok:
			return false, l.s.failed()
		case b == ';':
			l.s.next()
			return false, nil
		case !letter(b):
			if err := l.token(c); err != nil {
				return false, err
			}
			continue
		}
		var found cell
		l.word(&found)
		if strings.EqualFold(string(found.text), word) {
			return true, nil
		}
		c.keep(found.text)
	}
}

// token passes one token that is no semicolon.
func (l *sqlLexer) token(c *cell) error {
	b, _ := l.s.peek()
	switch {
	case b == '\'':
		return l.quoted(c, '\'', false)
	case b == '"':
		c.keepByte('"')
		defer c.keepByte('"')
		return l.quoted(c, '"', false)
	case b == '$':
		return l.dollar()
	case b == '-':
		l.s.next()
		if b, _ := l.s.peek(); b == '-' {
			l.s.endLine()
			return nil
		}
		c.keepByte('-')
		return nil
	case letter(b):
		var word cell
		l.word(&word)
		if next, _ := l.s.peek(); next == '\'' && strings.EqualFold(string(word.text), "e") {
			return l.quoted(c, '\'', true)
		}
		c.keep(word.text)
		return nil
	}
	l.s.next()
	c.keepByte(b)
	return nil
}

// quoted takes a text or a name in quotes. A quote inside of it is doubled, or escaped
// where backslashes escape.
func (l *sqlLexer) quoted(c *cell, quote byte, backslash bool) error {
	l.s.next()
	stops := string(quote)
	if backslash {
		stops += `\`
	}
	for {
		if !l.s.until(stops, c.keep) {
			return l.s.torn("inside of a text in quotes")
		}
		if b, _ := l.s.next(); b == '\\' {
			escaped, _ := l.s.next()
			c.keepByte(unescaped(escaped))
			continue
		}
		if b, ok := l.s.peek(); !ok || b != quote {
			return nil
		}
		l.s.next()
		c.keepByte(quote)
	}
}

// dollar passes a text between two equal marks, $$ or $name$.
func (l *sqlLexer) dollar() error {
	var mark cell
	l.s.next()
	l.word(&mark)
	if b, _ := l.s.peek(); b != '$' {
		return nil // a parameter, $1
	}
	for l.s.next(); ; {
		if !l.s.until("$", nil) {
			return l.s.torn("inside of the body of a function")
		}
		var seen cell
		l.s.next()
		l.word(&seen)
		if b, _ := l.s.peek(); b == '$' && string(seen.text) == string(mark.text) {
			l.s.next()
			return nil
		}
	}
}

// value takes one value of a tuple with what separates it from the next, and says
// whether it is the last.
func (l *sqlLexer) value(c *cell) (last bool, err error) {
	l.s.blank()
	b, ok := l.s.peek()
	var word cell
	switch {
	case !ok:
		return false, l.s.torn("inside of a tuple")
	case b == '\'':
		err = l.quoted(c, '\'', false)
	case letter(b):
		l.word(&word)
		if next, _ := l.s.peek(); next == '\'' && strings.EqualFold(string(word.text), "e") {
			err = l.quoted(c, '\'', true)
		} else if strings.EqualFold(string(word.text), "null") {
			c.null()
		} else {
			c.keep(word.text)
		}
	default:
		l.s.until(",):' \t\r\n", c.keep)
	}
	if err != nil {
		return false, err
	}
	return l.separator()
}

// separator passes a cast and takes the comma or the bracket behind a value.
func (l *sqlLexer) separator() (last bool, err error) {
	for depth := 0; ; {
		b, ok := l.s.peek()
		switch {
		case !ok:
			return false, l.s.torn("inside of a tuple")
		case b == '\'':
			if err := l.quoted(nil, '\'', false); err != nil {
				return false, err
			}
			continue
		case b == '(':
			depth++
		case b == ')' && depth > 0:
			depth--
		case (b == ',' || b == ')') && depth == 0:
			l.s.next()
			return b == ')', nil
		}
		l.s.next()
	}
}

// splitHead reads «"schema"."table" (a, "b") rest». A column's type behind its name is
// passed over.
func splitHead(text string) (table string, columns []string, rest string) {
	before, list, found := strings.Cut(text, "(")
	if !found {
		table, rest, _ = strings.Cut(strings.TrimSpace(text), " ")
		return bare(table), nil, rest
	}
	table, rest, _ = strings.Cut(strings.TrimSpace(before), " ")
	depth, start, quoted := 0, 0, false
	for i := range len(list) {
		switch b := list[i]; {
		case b == '"':
			quoted = !quoted
		case quoted:
		case b == '(':
			depth++
		case b == ')' && depth > 0:
			depth--
		case b == ',' && depth == 0, b == ')':
			if name := columnName(list[start:i]); name != "" {
				columns = append(columns, name)
			}
			if start = i + 1; b == ')' {
				return bare(table), columns, rest + list[start:]
			}
		}
	}
	return bare(table), columns, rest
}

// columnName is the first word of a column's definition, "" for a constraint.
func columnName(text string) string {
	name, _, _ := strings.Cut(strings.TrimSpace(text), " ")
	switch strings.ToUpper(name) {
	case "CONSTRAINT", "PRIMARY", "UNIQUE", "CHECK", "FOREIGN", "EXCLUDE", "LIKE":
		return ""
	}
	return strings.Trim(name, `"`)
}

// bare takes schema and quotes off the name of a table.
func bare(name string) string {
	return strings.Trim(name[strings.LastIndexByte(name, '.')+1:], `"`)
}
