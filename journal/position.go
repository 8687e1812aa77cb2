package journal

import "fmt"

// Position is a place between two records: everything before it is meant, so
// the position of a record is the place right after it. Positions grow and are
// compared with < and ==; zero is the place before the first record. A consumer
// keeps the uint64 and hands it back. The upper 32 bits number the segment, the
// lower ones are the byte in it.
type Position uint64

func place(segment, offset uint32) Position { return Position(segment)<<32 | Position(offset) }

// Segment is the number of the segment file, from 1.
func (p Position) Segment() uint32 { return uint32(p >> 32) }

// Offset is the byte in the segment file.
func (p Position) Offset() uint32 { return uint32(p) }

// String gives "segment:byte".
func (p Position) String() string { return fmt.Sprintf("%d:%d", p.Segment(), p.Offset()) }
