package courier

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"strconv"
	"strings"

	"github.com/bursarhq/bursar/document"
	"github.com/bursarhq/bursar/notify"
)

// MaxBytes is the size of the largest file of channels.
const MaxBytes = 1 << 20

// file is the shape of a file of channels.
type file struct {
	Schema   string           `yaml:"courier"` // bursar/1
	Mail     *writtenMail     `yaml:"mail"`
	Channels []writtenChannel `yaml:"channels"`
}

type writtenChannel struct {
	Name    string   `yaml:"name"`
	Kind    Kind     `yaml:"kind"`
	For     []string `yaml:"for"`
	URL     string   `yaml:"url"`
	URLEnv  string   `yaml:"url_env"`
	URLFile string   `yaml:"url_file"`
	KeyEnv  string   `yaml:"key_env"`
	KeyFile string   `yaml:"key_file"`
	To      []string `yaml:"to"`
}

type writtenMail struct {
	Server       string `yaml:"server"` // host:port
	From         string `yaml:"from"`
	Security     string `yaml:"security"` // starttls, tls or none; starttls when empty
	User         string `yaml:"user"`
	PasswordEnv  string `yaml:"password_env"`
	PasswordFile string `yaml:"password_file"`
}

// Environment is where secrets come from.
type Environment struct {
	Get  func(name string) (string, bool)
	Read func(path string) ([]byte, error)
}

// System is the environment of the process.
func System() Environment { return Environment{os.LookupEnv, os.ReadFile} }

// secret reads what a variable or a file holds, "" when neither is named.
func (e Environment) secret(env, path string) (string, error) {
	switch {
	case env != "" && path != "":
		return "", errors.New("name a variable or a file, not both")
	case path != "":
		raw, err := e.Read(path)
		if err != nil {
			return "", errors.New("the file cannot be read")
		}
		return strings.TrimSpace(string(raw)), nil
	case env != "":
		value, _ := e.Get(env)
		if value == "" {
			return "", errors.New("the variable " + env + " is not set")
		}
		return value, nil
	}
	return "", nil
}

// Read reads a file of channels (YAML, unknown keys refused). All mistakes come at
// once, in an error of kind invalid that repeats no secret.
func Read(r io.Reader, from Environment) (*Book, error) {
	raw, err := io.ReadAll(io.LimitReader(r, MaxBytes+1))
	if err != nil || len(raw) > MaxBytes {
		return nil, refused("the file cannot be read, or is larger than 1 MiB")
	}
	var f file
	if err := document.Decode(raw, &f); err != nil {
		return nil, refused(err.Error())
	}
	top, err := document.Root(raw)
	if err != nil {
		return nil, refused(err.Error())
	}
	at := func(what string, path ...string) string {
		return fmt.Sprintf("line %d: %s", document.Line(top, path...), what)
	}
	var found document.Problems
	found.Add(f.Schema != "bursar/1", at("courier", "courier"), "is %.40q, want bursar/1", f.Schema)
	found.Add(len(f.Channels) > Channels, at("channels", "channels"), "more than 1000")
	b := &Book{post: newPoster()}
	if f.Mail != nil {
		b.mail = f.Mail.read(at("mail", "mail"), from, &found)
	}
	seen := map[string]bool{}
	for i := range f.Channels {
		at := at("channel "+cmp.Or(f.Channels[i].Name, "(none)"), "channels", strconv.Itoa(i))
		c := f.Channels[i].read(at, from, &found)
		c.check(at, &found, f.Mail != nil)
		found.Add(seen[c.Name], at, "is there twice")
		seen[c.Name] = true
		b.channels = append(b.channels, c)
	}
	if err := found.Err(refused); err != nil {
		return nil, err
	}
	return b, nil
}

func (w *writtenChannel) read(at string, from Environment, found *document.Problems) Channel {
	c := Channel{Name: w.Name, Kind: w.Kind, For: w.For, To: w.To}
	address, err := from.secret(w.URLEnv, w.URLFile)
	found.Add(err != nil, at+".url", "%v", err)
	found.Add(address != "" && w.URL != "", at+".url", "is said twice")
	if address += w.URL; address != "" && err == nil {
		c.URL, err = url.Parse(address)
		if err != nil {
			c.URL = nil // what the parser says repeats the address
		}
	}
	keys, err := from.secret(w.KeyEnv, w.KeyFile)
	found.Add(err != nil, at+".key", "%v", err)
	for word := range strings.FieldsSeq(keys) { // two, while one is replaced
		key, err := notify.ParseKey(word)
		found.Add(err != nil, at+".key", "%v", err)
		c.Keys = append(c.Keys, key)
	}
	for _, address := range c.To {
		found.Add(!isAddress(address), at+".to", "an address is none like name@example.com")
	}
	return c
}
