package config

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// read sets the field behind a pointer. It returns what was wanted when the text
// is something else, otherwise "".
func read(at any, text string) (want string) {
	switch field := at.(type) {
	case *string:
		*field = text
		return badText(text)
	case *Secret:
		*field = Secret(text)
		return badText(text)
	case *bool:
		*field = text == "true"
		if text != "true" && text != "false" {
			return "true or false"
		}
	case *int:
		n, err := strconv.Atoi(text)
		*field = n
		if err != nil {
			return "a whole number"
		}
	case *time.Duration:
		d, err := ParseDuration(text)
		*field = d
		if err != nil {
			return "a duration like 90s, 12h or 400d"
		}
	default:
		return fmt.Sprintf("nothing: the type %T cannot be set", at)
	}
	return ""
}

func badText(text string) (want string) {
	if !utf8.ValidString(text) || strings.ContainsFunc(text, unicode.IsControl) {
		return "text on one line, without control characters"
	}
	return ""
}

// write gives the text that read takes.
func write(at any) string {
	switch field := at.(type) {
	case *string:
		return *field
	case *Secret:
		return field.String()
	case *bool:
		return strconv.FormatBool(*field)
	case *int:
		return strconv.Itoa(*field)
	case *time.Duration:
		return formatDuration(*field)
	}
	return ""
}

const day = 24 * time.Hour

// ParseDuration reads durations as Go writes them, with whole days before the
// rest: "400d", "1d12h", "90s". A day has 24 hours.
func ParseDuration(text string) (time.Duration, error) {
	before, after, found := strings.Cut(text, "d")
	if !found {
		return time.ParseDuration(text)
	}
	days, err := strconv.ParseUint(before, 10, 64)
	if err != nil || days > uint64(math.MaxInt64/day) {
		return 0, fmt.Errorf("%q is no number of days", before)
	}
	rest := time.Duration(0)
	if after != "" {
		rest, err = time.ParseDuration(after)
	}
	whole := time.Duration(days) * day
	if err != nil || rest < 0 || rest > math.MaxInt64-whole || strings.HasPrefix(after, "+") {
		return 0, fmt.Errorf("%q is no duration", after)
	}
	return whole + rest, nil
}

// formatDuration is the inverse, without parts that are zero: "400d", "1m".
func formatDuration(d time.Duration) string {
	if d == 0 {
		return "0"
	}
	text := ""
	if days := d / day; days > 0 {
		text, d = fmt.Sprintf("%dd", days), d%day
	}
	if d == 0 {
		return text
	}
	rest := d.String()
	if strings.HasSuffix(rest, "m0s") {
		rest = strings.TrimSuffix(rest, "0s")
	}
	if strings.HasSuffix(rest, "h0m") {
		rest = strings.TrimSuffix(rest, "0m")
	}
	return text + rest
}
