package protocol

import "strings"

// Tools are those that the vendor runs itself: each of their calls may cost, and
// feeds another prompt that the request does not show.
type Tools struct {
	Count    int   // of tools and servers
	Uses     int64 // calls that the request allows at most, when Bounded
	Bounded  bool  // all of them have a limit
	Searches bool  // one searches the web
	Files    bool  // one searches files
	Others   bool  // one does something else, billed by time or unknown
}

// part classifies one part of the prompt by its type. What is encrypted is no
// shorter than what it says; results hold their text.
func (r *requestReader) part(v *value) {
	switch string(v.text) {
	case "text", "message", "thinking", "redacted_thinking", "tool_use", "tool_result", "server_tool_use",
		"web_search_tool_result", "search_result", "mcp_tool_use", "mcp_tool_result", "advisor_tool_result",
		"tool_search_tool_result", "tool_reference", "code_execution_tool_result", "bash_code_execution_tool_result",
		"text_editor_code_execution_tool_result", "fallback": // of messages
	case "input_text", "output_text", "refusal", "reasoning", "summary_text", "reasoning_text", "compaction",
		"function_call", "function_call_output", "custom_tool_call", "custom_tool_call_output",
		"local_shell_call", "local_shell_call_output", "shell_call", "shell_call_output", "apply_patch_call", "apply_patch_call_output",
		"web_search_call", "file_search_call", "tool_search_call", "tool_search_output", "computer_call", "computer_call_output",
		"mcp_list_tools", "mcp_call", "mcp_approval_request", "mcp_approval_response", "input_audio": // of responses and chat
	case "image_url", "image", "input_image", "computer_screenshot", "image_generation_call":
		r.Prompt.Images++
	case "tool_addition", "additional_tools":
		r.Prompt.Elsewhere = true
		r.unknownTools()
	default: // documents, files by name, items of the vendor's own store, and what is unknown
		r.Prompt.Elsewhere = true
	}
}

// image takes the bytes of an image out of the text of the prompt. The object
// around an address is told too and has no size.
func (r *requestReader) image(v *value) {
	if v.kind != '"' {
		return
	}
	r.shown++
	r.bytes += v.size()
}

// listed is the tool that is being read.
type listed struct {
	runs bool // by the vendor
	uses int64
}

// tool reads what is said of tools.
func (r *requestReader) tool(v *value) {
	t := &r.Tools
	switch v.is {
	case inTool:
		r.listed.runs = r.vendorRuns(string(v.text)) || r.listed.runs
	case inUses:
		r.listed.uses = r.count("tools.max_uses", v)
	case inToolEnd:
		if r.listed.runs {
			r.add(r.listed.uses)
		}
		r.listed = listed{}
	case inMaxCalls:
		r.calls = r.count("max_tool_calls", v)
	case inSearch:
		if v.kind == '{' {
			t.Searches = true
			r.add(1)
		}
	case inServer:
		r.unknownTools()
	}
}

// unknownTools counts tools that are not seen: they may do anything.
func (r *requestReader) unknownTools() {
	r.Tools.Others = true
	r.add(0)
}

// add counts a tool with the most calls it allows, 0 for no limit.
func (r *requestReader) add(uses int64) {
	r.Tools.Count++
	r.Tools.Uses += uses
	if uses == 0 {
		r.unlimited++
	}
}

// vendorRuns tells the tools that the vendor runs from those that the client runs.
func (r *requestReader) vendorRuns(name string) bool {
	for _, prefix := range [...]string{"bash_", "text_editor_", "computer_", "memory_"} {
		if strings.HasPrefix(name, prefix) {
			return false
		}
	}
	t := &r.Tools
	switch {
	case name == "function", name == "custom", name == "namespace", name == "local_shell", name == "apply_patch", name == "computer":
		return false
	case strings.HasPrefix(name, "web_search"):
		t.Searches = true
	case strings.HasPrefix(name, "web_fetch"), strings.HasPrefix(name, "tool_search"): // billed by their tokens alone
	case name == "file_search":
		t.Files = true
	default:
		t.Others = true
	}
	return true
}

// boundTools says whether the calls of all tools are limited: each by itself, as
// in messages, or all together, as in responses.
func (r *requestReader) boundTools() {
	switch {
	case r.Operation == Responses:
		r.Tools.Bounded, r.Tools.Uses = r.calls > 0, r.calls
	default:
		r.Tools.Bounded = r.unlimited == 0
	}
	r.Tools.Bounded = r.Tools.Bounded || r.Tools.Count == 0
}
