package agentlog

import "slices"

// Programs lists the coding agents whose logs can be read.
func Programs() []Program {
	return []Program{ClaudeCode(), Codex(), Gemini(), Copilot()}
}

// Named gives the program of a name.
func Named(name string) (Program, bool) {
	all := Programs()
	i := slices.IndexFunc(all, func(p Program) bool { return p.Name == name })
	if i < 0 {
		return Program{}, false
	}
	return all[i], true
}
