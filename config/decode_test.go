package config_test

import (
	"strings"
	"testing"

	"github.com/bursarhq/bursar/config"
)

func TestRefused(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ text, want string }{
		{"a: [", "line 1: did not find expected node content"},
		{"data: x\n\tlog: y\n", "line 2: "},
		{"data: a\n---\ndata: b\n", "line 2: a second document begins"},
		{"- data\n", "line 1: want settings below: listen, data"},
		{"lake: 4GB\n", "line 1: lake: want settings below: memory, threads"},
		{"data: a\nlake:\n  threads: 1\ndata: b\n", "line 4: data: is set twice, in line 1"},
		{"lake.memory: 4GB\n", "line 1: lake.memory: is unknown"},
		{"Data: x\n", "line 1: Data: is unknown"},
		{"? [a]\n: b\n", `"": is unknown`},
		{"\"a\\nb\": 1\n", `line 1: "a\nb": is unknown`},
		{"data:\n", "line 1: data: has no value"},
		{"data: [a]\n", "line 1: data: want one value"},
		{"data: !!str x\n", "line 1: data: tags like !!str are not read"},
		{"lake: !x {threads: 1}\n", "line 1: lake: tags like"},
		{"data: \"a\\u0000b\"\n", "line 1: data: want text on one line"},
		{"hosts: a.example.com\n", "line 1: hosts: want a list"},
		{"hosts: [[a]]\n", "line 1: hosts[0]: want one value"},
		{"metrics: {enabled: yes}\n", "line 1: metrics.enabled: want true or false, not yes"},
		{"limits: {body_bytes: 1e6}\n", "want a whole number, not 1e6"},
		{"limits: {body_bytes: 99999999999999999999}\n", "want a whole number"},
		{"rules: &a x\ndata: *a\n", "line 2: data: aliases are not read"},
		{"lake: &a {threads: 1}\nlog:\n  <<: *a\n", `line 3: log."<<": is unknown`},
		{"data: *nobody\n", "unknown anchor"},
	} {
		got := refusal(t, c.text, nil)
		if !strings.Contains(got, c.want) {
			t.Errorf("%q:\n got %s\nwant %s", c.text, got, c.want)
		}
	}
}

// TestBombs are files that grow when they are read carelessly.
func TestBombs(t *testing.T) {
	t.Parallel()
	laughs := "a: &a [x,x,x,x,x,x,x,x,x,x]\n"
	for name := 'b'; name < 'm'; name++ {
		before := string(name - 1)
		laughs += string(name) + ": &" + string(name) + " [" + strings.Repeat("*"+before+",", 9) + "*" + before + "]\n"
	}
	for name, text := range map[string]string{
		"laughs":       laughs + "hosts: *l\n",
		"itself":       "hosts: &a [*a]\n",
		"deep lists":   "hosts: " + strings.Repeat("[", 100_000),
		"deep blocks":  strings.Repeat("- ", 100_000),
		"closed lists": "hosts: " + strings.Repeat("[", 9_000) + strings.Repeat("]", 9_000),
		"size":         strings.Repeat("#\n", config.MaxBytes),
	} {
		if got := refusal(t, text, nil); got == "" {
			t.Errorf("%s: refused without a problem", name)
		}
	}
}

func TestEnvironment(t *testing.T) {
	t.Parallel()
	getenv := environment("HOME_OF", "/srv", "N", "7", "EMPTY", "", "SLY", "x\ndata: y", "YAML", "[a, b]", "TWICE", "${N}$$")
	for _, c := range []struct{ value, want string }{
		{"${HOME_OF}/bursar-${N}", "/srv/bursar-7"},
		{"x${EMPTY}y", "xy"},
		{"a$$b", "a$b"},
		{"$${N}", "${N}"},
		{"$$$${N}", "$${N}"},
		{"$$${N}", "$7"},
		{"${YAML}", "[a, b]"},
		{"'${TWICE}'", "${N}$$"},
	} {
		got, err := config.Parse([]byte("data: "+c.value+"\n"), getenv)
		if err != nil || got.Data != c.want {
			t.Errorf("%s: got %q and error %v, want %q", c.value, got.Data, err, c.want)
		}
	}
	got, err := config.Parse([]byte("lake: {threads: \"${N}\"}\nhosts: ['h${N}.example.com']\ntls: {certificate: c, key: '${HOME_OF}'}\n"), getenv)
	if err != nil || got.Lake.Threads != 7 || got.Hosts[0] != "h7.example.com" || string(got.TLS.Key) != "/srv" {
		t.Errorf("got %+v and error %v", got, err)
	}
	for _, c := range []struct{ text, want string }{
		{"\ndata: ${A}${B}", "line 2: data: the environment variable A is not set: set it, or write the value here\n" +
			"line 2: data: the environment variable B is not set: set it, or write the value here"},
		{"data: $HOME_OF", "line 1: data: $ is no variable: write ${NAME} for a variable of the environment, $$ for a dollar sign"},
		{"data: ${", "line 1: data: ${ is no variable"},
		{"data: ${}", "line 1: data: ${} is no variable"},
		{"data: ${N:-8}", "line 1: data: ${N:-8} is no variable"},
		{"data: ${EMPTY}", "line 1: data: want the name of a folder"},
		{"data: ${SLY}", "line 1: data: want text on one line, without control characters, not ${SLY}"},
		{"${N}: 1", "line 1: ${N}: is unknown"},
	} {
		if got := refusal(t, c.text, getenv); !strings.HasPrefix(got, c.want) {
			t.Errorf("%q:\n got %s\nwant %s", c.text, got, c.want)
		}
	}
}

// TestVariablesStayHidden puts the same secret into every kind of setting.
func TestVariablesStayHidden(t *testing.T) {
	t.Parallel()
	const held = "hunter2://x"
	got := refusal(t, `
listen: ${S}
hosts: ["${S}"]
limits: {streams: "${S}"}
lake: {memory: "${S}", checkpoint_idle: "${S}"}
metrics: {enabled: "${S}"}
log: {level: "${S}"}
tls: {key: "${S}"}
`, environment("S", held))
	if n := strings.Count(got, "\n") + 1; n != 8 {
		t.Errorf("%d problems, want 8:\n%s", n, got)
	}
	if strings.Contains(got, "hunter2") {
		t.Errorf("the variable shows:\n%s", got)
	}
}
