package protocol

// The fields of an answer or of one frame of its stream.
const (
	outType field = iota + 1
	outID
	outModel
	outTier
	outStatus
	outStop
	outReason
	outUsage
	outAside
	outChoice
	outText
	outBegun
	outError
	outErrorType
	outErrorCode
	outItem
	outItemType
	outAction
)

// errorFields are those of an error, whoever tells it.
var errorFields = node{name: "error", is: outError, take: takeMark, kids: []node{
	{name: "type", is: outErrorType, take: takeText},
	{name: "code", is: outErrorCode, take: takeText},
}}

// frame is what one document told: a frame of a stream, or a whole answer.
type frame struct {
	kind    [40]byte // its type
	kindLen int
	id      string
	model   string
	tier    string
	status  string
	stop    string
	reason  string

	choices int
	text    int64
	begun   bool

	failed    bool
	errorType string
	errorCode string

	usage      []byte
	usageKind  byte
	usageLong  bool
	usageAt    place // of a member usage at the top with its comma
	usageFirst bool
	aside      []byte // usage beside the place of the API, in an object of the vendor's own

	item  item
	items []byte // the calls of tools, as JSON
}

// typed says that the frame has a type.
func (f *frame) typed(name string) bool { return string(f.kind[:f.kindLen]) == name }
