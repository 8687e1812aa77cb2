package config

import (
	"net"
	"net/url"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Validate returns an *Error with everything that is out of its limits, or nil.
// It looks up no name of a host, and no file but those of time zones.
func (c Config) Validate() error { return asError(c.problems()) }

// problems never quote a text: it may have come from the environment.
func (c Config) problems() []Problem {
	var out []Problem
	check := func(path, want string) {
		if want != "" {
			out = append(out, Problem{Field: path, Msg: "want " + want})
		}
	}
	for _, s := range settings(&c) {
		check(s.path, s.outside())
	}
	check("listen", wantAddress(c.Listen))
	for _, port := range [][2]string{{"telemetry.grpc", c.Telemetry.GRPC}, {"telemetry.http", c.Telemetry.HTTP}} {
		if port[1] != "" {
			check(port[0], wantAddress(port[1]))
		}
	}
	check("data", wantData(c.Data))
	for i, host := range c.Hosts {
		check(itemPath("hosts", i), wantHost(host))
	}
	check("public_url", wantURL(c.PublicURL))
	check("tls.certificate", wantFile(c.TLS.Certificate, string(c.TLS.Key)))
	check("tls.key", wantFile(string(c.TLS.Key), c.TLS.Certificate))
	check("backup.folder", wantOutside(c.Backup.Folder, c.Data))
	if len(c.Gateway.Tags) > maxEvidence {
		check("gateway.tags", "at most 13 names: a call has room for so many beside the 16 tags of its client")
	}
	for i, tag := range c.Gateway.Tags {
		check(itemPath("gateway.tags", i), wantEvidence(tag))
	}
	zoned := map[string]bool{}
	for i, text := range c.Vendors.Zones {
		check(itemPath("vendors.zones", i), wantZone(text, zoned))
	}
	check("lake.memory", wantMemory(c.Lake.Memory))
	check("limits.events_per_batch", wantAtMost(c.Limits.EventsPerBatch, c.Ingest.Queue, "ingest.queue: a larger batch is never accepted"))
	if bound := c.Privacy.Retention.Journal; bound > 0 {
		check("journal.retention", wantAtMost(c.Journal.Retention, bound, "privacy.retention.journal"))
	}
	return out
}

// outside says what the limits in the tag want, "" when the value is within.
func (s setting) outside() (want string) {
	switch field := s.at.(type) {
	case *string:
		if words := strings.Fields(s.tag.Get("one")); len(words) > 0 && !slices.Contains(words, *field) {
			return s.limits()
		}
	case *int:
		if beyond(*field, s.tag) {
			return s.limits()
		}
	case *time.Duration:
		if beyond(*field, s.tag) {
			return s.limits()
		}
	}
	return ""
}

// beyond compares a value with min and max, which every number has.
func beyond[T int | time.Duration](value T, tag reflect.StructTag) bool {
	var least, most T
	mustRead(&least, tag.Get("min"))
	mustRead(&most, tag.Get("max"))
	return value < least || value > most
}

// limits says in words what the tag allows, "" for anything.
func (s setting) limits() string {
	if words := strings.Fields(s.tag.Get("one")); len(words) > 0 {
		last := len(words) - 1
		return strings.Join(words[:last], ", ") + " or " + words[last]
	}
	if most, ok := s.tag.Lookup("max"); ok {
		return s.tag.Get("min") + " to " + most
	}
	return ""
}

func wantAddress(listen string) string {
	host, port, err := net.SplitHostPort(listen)
	if err == nil {
		_, err = strconv.ParseUint(port, 10, 16)
	}
	if err != nil || host != "" && wantHost(host) != "" {
		return "an address and a port up to 65535, like 127.0.0.1:4141 or [::1]:4141"
	}
	return ""
}

func wantData(folder string) string {
	if folder == "" {
		return "the name of a folder"
	}
	return ""
}

var (
	hostName = regexp.MustCompile(`^[A-Za-z0-9_]([A-Za-z0-9_-]*[A-Za-z0-9])?(\.[A-Za-z0-9_]([A-Za-z0-9_-]*[A-Za-z0-9])?)*$`)
	memory   = regexp.MustCompile(`^[0-9]*[1-9][0-9]*(KB|MB|GB|TB|KiB|MiB|GiB|TiB)$`)
)

func wantHost(host string) string {
	if net.ParseIP(host) != nil || len(host) <= 253 && hostName.MatchString(host) {
		return ""
	}
	return "a name or an address alone, like bursar.example.com, without scheme and port"
}

// wantURL checks an address that links begin with; none is one too.
func wantURL(text string) string {
	if text == "" {
		return ""
	}
	u, err := url.Parse(text)
	if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" || u.User != nil || u.RawQuery != "" || u.Fragment != "" {
		return "an address like https://bursar.example.com, without a user, a query or a fragment"
	}
	return ""
}

// wantFile checks one file of a pair.
func wantFile(name, other string) string {
	switch {
	case strings.Contains(name, "-----BEGIN"):
		return "the name of a file, not what it holds"
	case name == "" && other != "":
		return "the name of a file: certificate and key are set together, or neither"
	}
	return ""
}

// wantOutside compares names alone.
func wantOutside(folder, data string) string {
	within, err := filepath.Rel(data, folder)
	if folder == "" || err != nil || within == ".." || strings.HasPrefix(within, "../") {
		return ""
	}
	return "a folder outside of data"
}

func wantMemory(size string) string {
	if memory.MatchString(size) {
		return ""
	}
	return "a whole number with its unit, like 4GB"
}

func wantAtMost[T int | time.Duration](value, bound T, name string) string {
	if value <= bound {
		return ""
	}
	return "at most " + write(&bound) + ", the value of " + name
}

// maxEvidence is how many names the gateway keeps of a request: a line takes 32 tags, those
// of the client among them.
const maxEvidence = 13

// wantEvidence wants the name of a part of a request.
func wantEvidence(name string) string {
	from, key, _ := strings.Cut(name, ".")
	if slices.Contains([]string{"header", "baggage", "metadata"}, from) && key != "" && !slices.Contains([]string{"authorization", "cookie", "x-api-key", "api-key", "x-goog-api-key", "x-bursar-key"}, strings.ToLower(key)) {
		return ""
	}
	return "header.NAME, baggage.NAME or metadata.NAME, and no field that holds a key"
}

// wantZone wants a seller and its time zone; sellers are those that have one already.
func wantZone(text string, sellers map[string]bool) string {
	seller, name, _ := strings.Cut(text, "=")
	_, err := time.LoadLocation(name)
	switch {
	case err != nil || seller == "" || name == "" || name == "Local":
		return "a seller and an IANA name, like azure=Europe/Vienna"
	case sellers[seller]:
		return "one zone for each seller"
	}
	sellers[seller] = true
	return ""
}
